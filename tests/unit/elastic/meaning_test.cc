// SPDX-License-Identifier: Apache-2.0
#include "elastic/meaning.h"

#include <doctest/doctest.h>

#include "elastic/error_reader.h"

namespace dbxes::elastic {

TEST_CASE("a status and a type make a kind of error") {
  struct Row {
    int status;
    const char* type;
    ErrorKind kind;
  };
  const Row rows[] = {
      {408, "", ErrorKind::kTemporary},
      {421, "", ErrorKind::kTemporary},
      {425, "", ErrorKind::kTemporary},
      {429, "es_rejected_execution_exception", ErrorKind::kTemporary},
      {500, "", ErrorKind::kTemporary},
      {503, "", ErrorKind::kTemporary},
      {403, "cluster_block_exception", ErrorKind::kTemporary},
      {409, "version_conflict_engine_exception", ErrorKind::kTemporary},
      {401, "security_exception", ErrorKind::kAuth},
      {403, "security_exception", ErrorKind::kPermission},
      {404, "index_not_found_exception", ErrorKind::kNotFound},
      {400, "illegal_argument_exception", ErrorKind::kConfig},
      {413, "", ErrorKind::kConfig},
      {301, "", ErrorKind::kConfig},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(row.type);
    CHECK(ToString(KindOf(row.status, row.type)) == ToString(row.kind));
  }
}

TEST_CASE("a type alone has the status that it usually comes with") {
  CHECK(StatusOf("index_not_found_exception") == 404);
  CHECK(StatusOf("security_exception") == 403);
  CHECK(StatusOf("index_closed_exception") == 400);
  CHECK(StatusOf("circuit_breaking_exception") == 429);
  CHECK(StatusOf("no_shard_available_action_exception") == 503);
}

TEST_CASE("errors of a server pass with time if they are those of overload or a restart") {
  for (const int status : {408, 421, 425, 429, 502, 503, 504}) CHECK(PassesWithTime(status));
  for (const int status : {500, 501, 505, 507}) CHECK_FALSE(PassesWithTime(status));
  CHECK(IsOverload(429));
  CHECK_FALSE(IsOverload(503));
  CHECK(IsTooLarge(413));
  CHECK_FALSE(IsTooLarge(400));
  CHECK(IsMalformed(400));
}

TEST_CASE("errors about an index are recognized by their type") {
  CHECK(IsMissingIndex(MakeElasticError(404, "index_not_found_exception", "no such index [d]")));
  CHECK_FALSE(IsMissingIndex(MakeElasticError(404, "", "")));
  CHECK(IsMissingDocument(MakeElasticError(404, "document_missing_exception", "[1]: missing")));
  CHECK_FALSE(IsMissingDocument(MakeElasticError(404, "index_not_found_exception", "d")));
  CHECK(IsExistingIndex(MakeElasticError(400, "resource_already_exists_exception", "d")));
  CHECK_FALSE(IsExistingIndex(MakeElasticError(400, "illegal_argument_exception", "d")));
  CHECK(RejectsIndexSettings(
      MakeElasticError(400, "illegal_argument_exception",
                       "Settings [index.number_of_shards] are not available when running in "
                       "serverless mode")));
  CHECK_FALSE(
      RejectsIndexSettings(MakeElasticError(400, "illegal_argument_exception", "unknown setting")));
}

TEST_CASE("what a person has done to the index stops a run, what passes is tried again") {
  struct Row {
    int status;
    const char* type;
    const char* reason;
    ItemError meaning;
  };
  // As Elasticsearch 9.5.3 answers items of a bulk request.
  const Row rows[] = {
      {400, "index_closed_exception", "closed", ItemError::kFatal},
      {403, "cluster_block_exception", "index [docs] blocked by: [FORBIDDEN/8/index write (api)];",
       ItemError::kFatal},
      {403, "cluster_block_exception",
       "index [docs] blocked by: [FORBIDDEN/5/index read-only (api)];", ItemError::kFatal},
      {429, "cluster_block_exception",
       "index [docs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];",
       ItemError::kRetry},
      {400, "routing_missing_exception", "routing is required for [docs]/[id:a]",
       ItemError::kFatal},
      {400, "illegal_argument_exception", "no write index is defined for alias [al].",
       ItemError::kFatal},
      {400, "illegal_argument_exception", "pipeline with id [nope] does not exist",
       ItemError::kFatal},
      {400, "document_parsing_exception", "alias [x]", ItemError::kRejected},
      {400, "strict_dynamic_mapping_exception", "mapping set to strict", ItemError::kRejected},
  };
  for (const Row& row : rows) {
    CAPTURE(row.reason);
    CHECK(MeaningOfItem(row.status, row.type, row.reason) == row.meaning);
  }
}

TEST_CASE("what may pass with time may be for the size of the request") {
  CHECK(MayBeForSize({ErrorKind::kTemporary, "the connection was reset"}));
  for (const int status : {408, 502, 503, 504}) CHECK(MayBeForSize(ReadElasticError(status, "")));
  for (const int status : {400, 403, 413, 429, 500}) {
    CHECK_FALSE(MayBeForSize(ReadElasticError(status, "")));
  }
  CHECK_FALSE(MayBeForSize({ErrorKind::kConfig, "an untrusted certificate"}));
}

TEST_CASE("a page of a proxy may be about what a document contains") {
  const auto refuses = [](int status, const char* body) {
    return IsRefusedByProxy(ReadElasticError(status, body));
  };
  constexpr const char* kPage = "<html><title>no</title>";
  for (const int status : {400, 403, 405, 406, 418, 422, 451, 499}) CHECK(refuses(status, kPage));
  for (const int status : {302, 401, 404, 407, 408, 413, 421, 425, 429, 500, 503}) {
    CHECK_FALSE(refuses(status, kPage));
  }
  CHECK_FALSE(refuses(403, R"({"error":{"type":"security_exception","reason":"x"}})"));
}

TEST_CASE("only a cluster itself says that it makes no API keys") {
  CHECK(LacksApiKeys(ReadElasticError(
      400, R"({"error":"no handler found for uri [/_security/api_key] and method [POST]"})")));
  CHECK(LacksApiKeys(ReadElasticError(
      400,
      R"({"error":{"type":"feature_not_enabled_exception","reason":"api keys are not enabled",)"
      R"("disabled.feature":"api_keys"},"status":400})")));
  CHECK_FALSE(LacksApiKeys(ReadElasticError(404, "<html><title>Not Found</title></html>")));
  CHECK_FALSE(LacksApiKeys(ReadElasticError(404, R"({"message":"no handler found for uri [/]"})")));
  CHECK_FALSE(LacksApiKeys(ReadElasticError(
      400, R"({"error":{"type":"illegal_argument_exception","reason":"Validation Failed"}})")));
  CHECK_FALSE(LacksApiKeys(ReadElasticError(403, R"({"error":{"type":"security_exception"}})")));
  CHECK_FALSE(LacksApiKeys({ErrorKind::kConfig, "certificate has expired"}));
}

TEST_CASE("the limit of a page is read from the answer that refuses it") {
  CHECK(ExceededResultWindow(MakeElasticError(
            400, "illegal_argument_exception",
            "Result window is too large, from + size must be less than or equal to: [100] but was "
            "[5000]. See the scroll api for a more efficient way to request large data sets. This "
            "limit can be set by changing the [index.max_result_window] index level setting.")) ==
        100);
  CHECK(ExceededResultWindow(MakeElasticError(
            400, "illegal_argument_exception",
            "Batch size is too large, size must be less than or equal to: [7] but was [5000]. "
            "Scroll batch sizes cost as much memory as result windows so they are controlled by "
            "the [index.max_result_window] index level setting.")) == 7);
  CHECK_FALSE(ExceededResultWindow(MakeElasticError(
      400, "illegal_argument_exception",
      "Must be less than or equal to: [2] but was [3]. This limit can be set by changing the "
      "[index.max_docvalue_fields_search] index level setting.")));
}

}  // namespace dbxes::elastic
