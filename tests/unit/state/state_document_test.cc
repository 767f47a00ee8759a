// SPDX-License-Identifier: Apache-2.0
#include "state/state_document.h"

#include <doctest/doctest.h>

namespace dbxes::state {
namespace {

Result<StateDocument> Read(const std::string& text) {
  const auto json = ParseJson(text, "source");
  REQUIRE(json);
  return ReadDocument(*json, "dbx-es-docs");
}

}  // namespace

TEST_CASE("a state document is read as it was written") {
  StateDocument document;
  document.holder = {
      "abc", "server", 12, "2026-08-05T10:00:00Z", "2026-08-05T10:00:15Z", Milliseconds(60'000)};
  document.epoch = 7;
  document.nonce = "n";
  document.after_kill = true;
  document.parts[".json"] = {{}, "a text with \"quotes\" and \xC3\xA4"};
  document.parts[".seen"] = {{{"chunk-abc-0", 1u << 20}, {"chunk-abc-1", 5}}, "\xFF\x00\x01"};
  document.garbage = {"chunk-old-1"};
  const auto read = Read(Serialize(document, "docs"));
  REQUIRE(read);
  CHECK(read->holder.owner == "abc");
  CHECK(read->holder.Describe() == "pid 12 on host server, since 2026-08-05T10:00:00Z");
  CHECK(read->holder.seen == "2026-08-05T10:00:15Z");
  CHECK(read->holder.lease == Milliseconds(60'000));
  CHECK(read->epoch == 7);
  CHECK(read->nonce == "n");
  CHECK(read->after_kill);
  CHECK(read->parts.at(".json").tail == document.parts[".json"].tail);
  CHECK(read->parts.at(".seen").tail == document.parts[".seen"].tail);
  CHECK(read->parts.at(".seen").bytes() == (1u << 20) + 5 + document.parts[".seen"].tail.size());
  CHECK(read->garbage == document.garbage);
  CHECK(Serialize(*read, "docs") == Serialize(document, "docs"));
}

TEST_CASE("a state that nobody holds names no process") {
  const std::string text = Serialize({}, "docs");
  CHECK(text.find("pid") == std::string::npos);
  CHECK(Read(text)->holder.IsNobody());
  CHECK_FALSE(Read(text)->after_kill);
}

TEST_CASE("what is no state is damage, never an empty state") {
  for (
      const char* text :
      {R"({})",
       R"({"format":1})",
       R"({"format":"1","parts":[]})",
       R"({"format":1,"parts":{}})",
       R"({"format":1,"parts":[5]})",
       R"({"format":1,"parts":[{"text":"no name"}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"","bytes":1}]}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"a","bytes":0}]}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":5}]})",
       R"({"format":1,"parts":[{"name":".json","base64":"%%"}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"a","bytes":1}]}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"../_bulk","bytes":1}]}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"chunk-a","bytes":1048577}]}]})",
       R"({"format":1,"parts":[{"name":".json","chunks":[{"id":"chunk-a","bytes":1},{"id":"chunk-a","bytes":1}]}]})",
       R"({"format":1,"parts":[{"name":".a","chunks":[{"id":"chunk-a","bytes":1}]},{"name":".b","chunks":[{"id":"chunk-a","bytes":1}]}]})",
       R"({"format":1,"parts":[{"name":".json","text":"a"},{"name":".json","text":"b"}]})",
       R"({"format":1,"parts":[],"epoch":4611686018427387905})",
       R"({"format":1,"parts":[],"garbage":["state"]})",
       R"({"format":1,"parts":[],"garbage":[5]})",
       R"({"format":1,"parts":[],"garbage":5})"}) {
    CAPTURE(text);
    const auto read = Read(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kConfig);
    CHECK(read.error().message.find("dbx-es-docs") != std::string::npos);
  }
}

TEST_CASE("nobody can make a run wait longer than a day, or fill a screen") {
  const std::string name(10'000, 'n');
  const auto read = Read(R"({"format":1,"parts":[],"owner":"x","pid":18446744073709551615,)"
                         R"("lease_ms":18446744073709551615,"host":")" +
                         name + R"(","since":")" + name + R"(","seen":")" + name + "\"}");
  REQUIRE(read);
  CHECK(read->holder.lease == Milliseconds(24 * 3'600'000));
  CHECK(read->holder.pid == 2'147'483'647);
  CHECK(read->holder.host == name.substr(0, 252) + "...");
  CHECK(read->holder.seen == read->holder.host);
  CHECK(read->holder.Describe().size() < 600);
  const auto forged = Read(R"({"format":1,"parts":[],"owner":"x","host":"a\ndbx-es: done"})");
  CHECK(forged->holder.host == "a dbx-es: done");
}

}  // namespace dbxes::state
