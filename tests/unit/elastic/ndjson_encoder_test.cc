// SPDX-License-Identifier: Apache-2.0
#include "elastic/ndjson_encoder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "base/json/json.h"

namespace dbxes::elastic {
namespace {

std::string Encoded(const BulkAction& action) {
  std::string out;
  AppendNdjson(action, out);
  return out;
}

}  // namespace

TEST_CASE("each kind of action has its lines") {
  CHECK(Encoded({BulkAction::kCreate, "id:a", "/a", R"({"x":1})"}) ==
        "{\"index\":{\"_id\":\"id:a\",\"version\":1,\"version_type\":\"external\"}}\n{\"x\":1}\n");
  const std::string condition = R"(,"if_seq_no":0,"if_primary_term":2}})";
  const DocumentVersion version{0, 2};
  CHECK(Encoded({BulkAction::kIndex, "id:a", "/a", R"({"x":1})", "", version}) ==
        R"({"index":{"_id":"id:a")" + condition + "\n{\"x\":1}\n");
  CHECK(Encoded({BulkAction::kUpdate, "id:a", "/a", R"({"x":1})", "", version}) ==
        R"({"update":{"_id":"id:a")" + condition + "\n{\"doc\":{\"x\":1}}\n");
  CHECK(Encoded({BulkAction::kDelete, "id:a", "/a", "", "", version}) ==
        R"({"delete":{"_id":"id:a")" + condition + "\n");
  CHECK(RecreationLine("id:\"a", 0) == "{\"create\":{\"_id\":\"id:\\\"a\"}}\n");
  CHECK(RecreationLine("a", 2) ==
        "{\"index\":{\"_id\":\"a\",\"version\":3,\"version_type\":\"external\"}}\n");
}

TEST_CASE("a source in two pieces is one line") {
  BulkAction action;
  action.id = "1";
  action.source = R"({"a":1)";
  action.tail = R"(,"b":2})";
  for (const auto kind : {BulkAction::kIndex, BulkAction::kUpdate}) {
    action.kind = kind;
    BulkAction whole = action;
    whole.source = R"({"a":1,"b":2})";
    whole.tail = {};
    std::string in_pieces;
    std::string in_one;
    AppendNdjson(action, in_pieces);
    AppendNdjson(whole, in_one);
    CHECK(in_pieces == in_one);
    CHECK(NdjsonSize(action) == NdjsonSize(whole));
  }
}

TEST_CASE("any id survives the action line") {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  const std::string ids[] = {"id:plain",
                             "\"",
                             "\\",
                             "a\"b\\c",
                             "\n\r\t\b\f",
                             all,
                             "grün \xf0\x9f\x93\x84",
                             std::string("nul\0byte", 8),
                             ""};
  for (const std::string& id : ids) {
    const std::string text = Encoded({BulkAction::kIndex, id, "", "{}"});
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    const auto json = ParseJson(text.substr(0, text.find('\n')), "line");
    REQUIRE(json);
    CHECK(*FindPath(*json, {"index", "_id"}) == id);
  }
}

TEST_CASE("the size is never underestimated") {
  const std::string id(50, '\x01');
  constexpr DocumentVersion kLongest{UINT64_MAX, UINT64_MAX};
  for (const auto kind :
       {BulkAction::kCreate, BulkAction::kIndex, BulkAction::kUpdate, BulkAction::kDelete}) {
    for (const std::string& each : {id, std::string("id:abc"), std::string()}) {
      const BulkAction action{kind, each,    "", kind == BulkAction::kDelete ? "" : R"({"a":"b"})",
                              "",   kLongest};
      CHECK(Encoded(action).size() <= NdjsonSize(action));
    }
  }
}

}  // namespace dbxes::elastic
