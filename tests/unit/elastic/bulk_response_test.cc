// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_response.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace dbxes::elastic {
namespace {

using Kind = BulkAction::Kind;
constexpr Kind kCreate = BulkAction::kCreate;
constexpr Kind kIndex = BulkAction::kIndex;
constexpr Kind kUpdate = BulkAction::kUpdate;
constexpr Kind kDelete = BulkAction::kDelete;

Result<std::vector<BulkOutcome>> Read(std::string body, const std::vector<Kind>& kinds) {
  std::vector<BulkOutcome> outcomes;
  auto read = ReadBulkResponse(std::move(body), kinds, outcomes);
  if (!read) return Fail(read.error());
  return outcomes;
}

struct Row {
  Kind action;
  int status;
  const char* type;
  const char* reason;
  BulkOutcome::Kind expected;
};

const Row kRows[] = {
    {kIndex, 201, "", "", BulkOutcome::kCreated},
    {kIndex, 200, "", "", BulkOutcome::kUpdated},
    {kUpdate, 201, "", "", BulkOutcome::kCreated},
    {kUpdate, 200, "", "", BulkOutcome::kUpdated},
    {kDelete, 200, "", "", BulkOutcome::kDeleted},
    {kDelete, 404, "", "", BulkOutcome::kAbsent},
    {kIndex, 404, "", "", BulkOutcome::kRejected},
    // For now.
    {kIndex, 429, "es_rejected_execution_exception", "rejected execution of coordinating operation",
     BulkOutcome::kRetry},
    {kIndex, 429, "circuit_breaking_exception", "[parent] Data too large", BulkOutcome::kRetry},
    {kIndex, 429, "cluster_block_exception",
     "index [docs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
     "index has read-only-allow-delete block];",
     BulkOutcome::kRetry},
    {kIndex, 403, "cluster_block_exception",
     "index [docs] blocked by: [FORBIDDEN/8/index write (api)];", BulkOutcome::kFatal},
    {kDelete, 403, "cluster_block_exception", "blocked by: [FORBIDDEN/5/index read-only (api)];",
     BulkOutcome::kFatal},
    {kIndex, 503, "unavailable_shards_exception", "primary shard is not active Timeout: [1m]",
     BulkOutcome::kRetry},
    {kIndex, 503, "process_cluster_event_timeout_exception", "failed to process cluster event",
     BulkOutcome::kRetry},
    {kIndex, 502, "", "", BulkOutcome::kRetry},
    {kIndex, 504, "timeout_exception", "", BulkOutcome::kRetry},
    // Somebody else was faster.
    {kUpdate, 409, "version_conflict_engine_exception", "version conflict, required seqNo [3]",
     BulkOutcome::kConflict},
    {kCreate, 409, "version_conflict_engine_exception", "version conflict, current version [2]",
     BulkOutcome::kConflict},
    {kDelete, 409, "version_conflict_engine_exception", "but no document was found",
     BulkOutcome::kConflict},
    {kUpdate, 404, "document_missing_exception", "[id:a]: document missing",
     BulkOutcome::kConflict},
    // Rejected.
    {kIndex, 400, "mapper_parsing_exception", "failed to parse field [size] of type [long]",
     BulkOutcome::kRejected},
    {kIndex, 400, "document_parsing_exception", "[1:9] failed to parse field [size]",
     BulkOutcome::kRejected},
    {kIndex, 400, "strict_dynamic_mapping_exception", "introduction of [x] is not allowed",
     BulkOutcome::kRejected},
    {kIndex, 400, "illegal_argument_exception", "Limit of total fields [1000] has been exceeded",
     BulkOutcome::kRejected},
    {kIndex, 400, "illegal_argument_exception", "Document contains at least one immense term",
     BulkOutcome::kRejected},
    {kIndex, 413, "", "", BulkOutcome::kRejected},
    {kIndex, 500, "exception", "a processor failed", BulkOutcome::kRejected},
    // Not the document's fault.
    {kIndex, 403, "security_exception", "action [indices:data/write/bulk[s]] is unauthorized",
     BulkOutcome::kFatal},
    {kIndex, 403, "", "", BulkOutcome::kFatal},
    {kIndex, 401, "", "", BulkOutcome::kFatal},
    {kIndex, 404, "index_not_found_exception", "no such index [docs]", BulkOutcome::kFatal},
    {kDelete, 404, "index_not_found_exception", "no such index [docs]", BulkOutcome::kFatal},
    {kIndex, 400, "index_closed_exception", "closed", BulkOutcome::kFatal},
    {kIndex, 400, "illegal_argument_exception", "pipeline with id [p] does not exist",
     BulkOutcome::kFatal},
    {kIndex, 400, "illegal_argument_exception", "no write index is defined for alias [docs]",
     BulkOutcome::kFatal},
};

}  // namespace

TEST_CASE("what the status and error of an item mean") {
  for (const Row& row : kRows) {
    CAPTURE(row.status);
    CAPTURE(row.type);
    CAPTURE(row.reason);
    BulkOutcome item;
    item.status = row.status;
    item.type = row.type;
    item.reason = row.reason;
    CHECK(ClassifyBulkItem(row.action, item) == row.expected);
  }
}

TEST_CASE("what a pipeline dropped is no update, and an update without a change is none either") {
  const auto outcomes = Read(
      R"({"errors":false,"items":[{"index":{"result":"noop","status":200}},)"
      R"({"index":{"result":"noop","status":200}},{"update":{"result":"noop","status":200}},)"
      R"({"create":{"result":"created","status":201}},{"index":{"result":"updated","status":200}}]})",
      {kCreate, kIndex, kUpdate, kCreate, kIndex});
  REQUIRE(outcomes);
  CHECK((*outcomes)[0].kind == BulkOutcome::kDropped);
  CHECK((*outcomes)[1].kind == BulkOutcome::kDropped);
  CHECK((*outcomes)[2].kind == BulkOutcome::kUnchanged);
  CHECK((*outcomes)[3].kind == BulkOutcome::kCreated);
  CHECK((*outcomes)[4].kind == BulkOutcome::kUpdated);
  // Only what may be created anew has another name.
  CHECK_FALSE(Read(R"({"items":[{"create":{"status":201}}]})", {kIndex}));
}

TEST_CASE("a filtered answer is read") {
  const auto outcomes =
      Read(R"({"errors":true,"items":[{"index":{"status":201}},{"update":{"status":200}},)"
           R"({"delete":{"status":404}},{"index":{"error":{"type":"mapper_parsing_exception",)"
           R"("reason":"failed to \"parse\""},"status":400}}]})",
           {kIndex, kUpdate, kDelete, kIndex});
  REQUIRE(outcomes);
  CHECK((*outcomes)[0].kind == BulkOutcome::kCreated);
  CHECK((*outcomes)[1].kind == BulkOutcome::kUpdated);
  CHECK((*outcomes)[2].kind == BulkOutcome::kAbsent);
  CHECK((*outcomes)[3].kind == BulkOutcome::kRejected);
  CHECK((*outcomes)[3].status == 400);
  CHECK((*outcomes)[3].type == "mapper_parsing_exception");
  CHECK((*outcomes)[3].reason == "failed to \"parse\"");
}

TEST_CASE("an answer without a filter is read as well") {
  const auto outcomes = Read(
      R"({"took":3,"ingest_took":1,"errors":false,"items":[{"index":{"_index":"docs","_id":"a",)"
      R"("_version":2,"result":"updated","_shards":{"total":2,"status":7,"items":[{"a":1}]},)"
      R"("_seq_no":-1,"_primary_term":1,"status":200,"error":{"root_cause":[{"type":"no"}],)"
      R"("type":"t","reason":"r","caused_by":{"type":"inner","reason":"inner"}}}}],)"
      R"("extra":[[{"items":[]}]],"more":{"x":{"y":1.5}},"none":null})",
      {kIndex});
  REQUIRE(outcomes);
  CHECK((*outcomes)[0].status == 200);
  CHECK((*outcomes)[0].type == "t");
  CHECK((*outcomes)[0].reason == "r");
}

TEST_CASE("outcomes of an earlier answer are overwritten") {
  std::vector<BulkOutcome> outcomes(5);
  outcomes[0].type = "old";
  REQUIRE(ReadBulkResponse(R"({"errors":false,"items":[{"index":{"status":200}}]})", {kIndex},
                           outcomes));
  CHECK(outcomes.size() == 1);
  CHECK(outcomes[0].type.empty());
  CHECK(outcomes[0].kind == BulkOutcome::kUpdated);
}

TEST_CASE("an answer that cannot be this request's is an error") {
  const char* bodies[] = {
      "",
      " ",
      "null",
      "[]",
      "{}",
      "<html></html>",
      R"({"errors":false})",
      R"({"errors":false,"items":[]})",
      R"({"errors":false,"items":{}})",
      R"({"errors":false,"items":null})",
      R"({"errors":false,"items":[{"index":{"status":200}}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{"index":{"status":200}},{"index":{"status":200}}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{"delete":{"status":200}}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{"index":{}}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{"index":{"status":"200"}}]})",
      R"({"errors":false,"items":[{"index":{"status":200}},1]})",
      R"({"errors":false,"items":[{"index":{"status":200}},{"index":{"status":200}}]} trailing)",
      R"({"error":{"type":"x","reason":"y"},"status":400})",
  };
  for (const char* body : bodies) {
    CAPTURE(body);
    const auto outcomes = Read(body, {kIndex, kIndex});
    REQUIRE_FALSE(outcomes);
    CHECK(outcomes.error().kind == ErrorKind::kTemporary);
    CHECK_FALSE(outcomes.error().message.empty());
  }
}

TEST_CASE("an answer cut at any byte is an error") {
  const std::string whole =
      R"({"errors":true,"items":[{"index":{"status":200}},{"index":{"status":400,"error":)"
      R"({"type":"t","reason":"r\u00e9\n"}}}]})";
  REQUIRE(Read(whole, {kIndex, kIndex}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(Read(whole.substr(0, length), {kIndex, kIndex}));
  }
}

TEST_CASE("a reason is one line") {
  const auto outcomes = Read(
      R"({"items":[{"index":{"status":400,"error":{"type":"t","reason":"a ('\n'):\n at [Source]"}}}]})",
      {kIndex});
  REQUIRE(outcomes);
  CHECK((*outcomes)[0].reason == "a (' '): at [Source]");
}

TEST_CASE("a long reason is cut between characters") {
  std::string reason;
  for (int i = 0; i < 400; ++i) reason += "\xc3\xa9";
  const auto outcomes = Read(
      R"({"items":[{"index":{"status":400,"error":{"type":"t","reason":"x)" + reason + R"("}}}]})",
      {kIndex});
  REQUIRE(outcomes);
  const std::string& cut = (*outcomes)[0].reason;
  CHECK(cut.size() < 510);
  CHECK(cut.substr(cut.size() - 3) == "...");
  CHECK(static_cast<unsigned char>(cut[cut.size() - 4]) == 0xa9);
}

TEST_CASE("nesting does not overflow the stack") {
  const std::string bomb(1'000'000, '[');
  CHECK_FALSE(Read(bomb, {kIndex}));
}

}  // namespace dbxes::elastic
