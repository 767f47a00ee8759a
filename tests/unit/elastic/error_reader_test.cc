// SPDX-License-Identifier: Apache-2.0
#include "elastic/error_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dbxes::elastic {
namespace {

struct Row {
  int status;
  const char* body;
  ErrorKind kind;
  const char* tag;
  const char* says;  // a part of the sentence
};

const Row kRows[] = {
    {401,
     R"({"error":{"root_cause":[{"type":"security_exception","reason":"unable to authenticate"}],)"
     R"("type":"security_exception","reason":"unable to authenticate with provided credentials and )"
     R"(anonymous access is not allowed for this request"},"status":401})",
     ErrorKind::kAuth, "security_exception", "elasticsearch.api_key"},
    {403,
     R"({"error":{"type":"security_exception","reason":"action [indices:admin/create] is )"
     R"(unauthorized for API key id [abc] of user [u] on indices [docs], this action is granted by )"
     R"(the index privileges [create_index,manage,all]"},"status":403})",
     ErrorKind::kPermission, "security_exception",
     "the credential may not do indices:admin/create on docs; grant it one of the index privileges "
     "create_index, manage, all"},
    {403,
     R"({"error":{"type":"security_exception","reason":"action [indices:data/write/bulk[s]] is )"
     R"(unauthorized for user [u] with effective roles [r] on indices [docs], this action is )"
     R"(granted by the index privileges [write,all]"},"status":403})",
     ErrorKind::kPermission, "security_exception", "indices:data/write/bulk[s] on docs;"},
    {403,
     R"({"error":{"type":"security_exception","reason":"action [cluster:admin/ingest/pipeline/get] )"
     R"(is unauthorized for user [u] with effective roles [r], this action is granted by the )"
     R"(cluster privileges [read_pipeline,manage]"},"status":403})",
     ErrorKind::kPermission, "security_exception", "cluster privileges read_pipeline, manage"},
    {403,
     R"({"error":{"type":"security_exception","reason":"no permissions for )"
     R"([indices:data/write/index] and User [name=u, backend_roles=[]]"},"status":403})",
     ErrorKind::kPermission, "security_exception", "may not do indices:data/write/index"},
    {403,
     R"({"error":{"type":"security_exception","reason":"current license is non-compliant for [x]"}})",
     ErrorKind::kPermission, "security_exception", "current license is non-compliant"},
    {403, R"({"error":{"type":"security_exception","reason":"action [unclosed is unauthorized"}})",
     ErrorKind::kPermission, "security_exception", "action [unclosed is unauthorized"},
    {403, R"({"Message":"User: anonymous is not authorized to perform: es:ESHttpPost"})",
     ErrorKind::kPermission, "", "not authorized to perform: es:ESHttpPost"},
    {403,
     R"({"error":{"type":"cluster_block_exception","reason":"index [docs] blocked by: )"
     R"([FORBIDDEN/8/index write (api)];"},"status":403})",
     ErrorKind::kConfig, "cluster_block_exception",
     R"(index docs refuses writes, because index.blocks.write is set: PUT /docs/_settings )"
     R"({"index.blocks.write":null})"},
    {429,
     R"({"error":{"type":"cluster_block_exception","reason":"index [docs] blocked by: )"
     R"([TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark];"},"status":429})",
     ErrorKind::kTemporary, "cluster_block_exception", "a disk of the cluster is full"},
    {503,
     R"({"error":{"type":"cluster_block_exception","reason":"blocked by: )"
     R"([SERVICE_UNAVAILABLE/1/state not recovered / initialized];"},"status":503})",
     ErrorKind::kTemporary, "cluster_block_exception", "state not recovered"},
    {400,
     R"({"error":{"root_cause":[],"type":"index_closed_exception","reason":"closed","index_uuid":)"
     R"("E7O9","index":"docs"},"status":400})",
     ErrorKind::kConfig, "index_closed_exception",
     "index docs is closed: open it with POST /docs/_open"},
    {400,
     R"({"error":{"root_cause":[{"type":"illegal_argument_exception","reason":"Trying to retrieve )"
     R"(too many docvalue_fields."}],"type":"search_phase_execution_exception","reason":"all )"
     R"(shards failed","phase":"query","grouped":true,"failed_shards":[{"shard":0,"index":"docs",)"
     R"("reason":{"type":"illegal_argument_exception","reason":"Trying to retrieve too many )"
     R"(docvalue_fields. Must be less than or equal to: [2] but was [3]. This limit can be set by )"
     R"(changing the [index.max_docvalue_fields_search] index level setting."}}]},"status":400})",
     ErrorKind::kConfig, "illegal_argument_exception",
     R"(index level setting.; PUT /docs/_settings {"index.max_docvalue_fields_search":null})"},
    {400,
     R"({"error":{"root_cause":[{"type":"query_shard_exception","reason":"No mapping found for )"
     R"([zz] in order to sort on","index":"docs"}],"type":"search_phase_execution_exception",)"
     R"("reason":"all shards failed"},"status":400})",
     ErrorKind::kConfig, "query_shard_exception", "No mapping found for [zz]"},
    {503,
     R"({"error":{"root_cause":[],"type":"search_phase_execution_exception","reason":"all shards )"
     R"(failed","phase":"query","grouped":true,"failed_shards":[]},"status":503})",
     ErrorKind::kTemporary, "search_phase_execution_exception", "all shards failed"},
    {429,
     R"({"error":{"root_cause":[],"type":"search_phase_execution_exception","reason":"all shards )"
     R"(failed","failed_shards":[{"shard":0,"index":"docs","reason":{"type":)"
     R"("circuit_breaking_exception","reason":"[request] Data too large"}}]},"status":429})",
     ErrorKind::kTemporary, "circuit_breaking_exception",
     "lacks memory for the request (circuit breaker)"},
    {400,
     R"({"error":{"type":"routing_missing_exception","reason":"routing is required for )"
     R"([docs]/[id:a]","index":"docs"},"status":400})",
     ErrorKind::kConfig, "routing_missing_exception", "index docs requires routing"},
    {403, "<html><head><title>Request blocked</title></head></html>", ErrorKind::kPermission,
     "proxy_page", "as a proxy sends it: Request blocked"},
    {404,
     R"({"error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index )"
     R"([docs]","index":"docs"},"status":404})",
     ErrorKind::kNotFound, "index_not_found_exception", "no such index [docs]"},
    {404, R"({"ok":false,"message":"Unknown resource."})", ErrorKind::kNotFound, "",
     "404 Unknown resource."},
    {400,
     R"({"error":{"type":"x_content_parse_exception","reason":"[1:1] failed","caused_by":)"
     R"({"type":"a","reason":"middle","caused_by":{"type":"b","reason":"the bottom"}}},"status":400})",
     ErrorKind::kConfig, "x_content_parse_exception", "[1:1] failed (the bottom)"},
    {400,
     R"({"error":{"type":"t","reason":"says the bottom","caused_by":{"reason":"the bottom"}}})",
     ErrorKind::kConfig, "t", "t: says the bottom"},
    {405, R"({"error":"Incorrect HTTP method for uri [/] and method [GET]","status":405})",
     ErrorKind::kConfig, "", "Incorrect HTTP method"},
    {408, "", ErrorKind::kTemporary, "", "answers 408"},
    {409,
     R"({"error":{"type":"version_conflict_engine_exception","reason":"conflict"},"status":409})",
     ErrorKind::kTemporary, "version_conflict_engine_exception", "conflict"},
    {413, "<html>\r\n<head><title>413 Request Entity Too Large</title></head></html>",
     ErrorKind::kConfig, "proxy_page",
     "an HTML page, as a proxy sends it: 413 Request Entity Too Large"},
    {413, "<html><title>never closed", ErrorKind::kConfig, "proxy_page", "an HTML page"},
    {429,
     R"({"error":{"type":"es_rejected_execution_exception","reason":"rejected"},"status":429})",
     ErrorKind::kTemporary, "es_rejected_execution_exception", "rejected"},
    {500, "", ErrorKind::kTemporary, "", "Elasticsearch answers 500"},
    {502, "<html><head><title>502 Bad Gateway</title></head></html>", ErrorKind::kTemporary,
     "proxy_page", "502 Bad Gateway"},
    {503, "upstream connect error or\n disconnect/reset before headers", ErrorKind::kTemporary, "",
     "upstream connect error or disconnect/reset before headers"},
    {504, "{\"half\":", ErrorKind::kTemporary, "", "{\"half\":"},
    {400, "{}", ErrorKind::kConfig, "", "answers 400 {}"},
    {400, R"({"error":17})", ErrorKind::kConfig, "", R"({"error":17})"},
    {302, "", ErrorKind::kConfig, "", "elasticsearch.host must be the address"},
    {404, "  \n", ErrorKind::kNotFound, "", "answers 404"},
};

}  // namespace

TEST_CASE("what an answer that is no success means") {
  for (const Row& row : kRows) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    const Error error = ReadElasticError(row.status, row.body);
    CHECK(ToString(error.kind) == ToString(row.kind));
    CHECK(error.http_status == row.status);
    CHECK(error.tag == row.tag);
    CAPTURE(error.message);
    CHECK(error.message.find(row.says) != std::string::npos);
    CHECK(error.message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a sentence does not grow with the body") {
  std::string body;
  for (int i = 0; i < 2000; ++i) body += "\xc3\xa9";
  const Error error = ReadElasticError(500, "x" + body);
  CHECK(error.message.size() < 600);
  CHECK(error.message.substr(error.message.size() - 3) == "...");
  CHECK(static_cast<unsigned char>(error.message[error.message.size() - 4]) == 0xa9);
}

TEST_CASE("an error of one document names the index that the caller knows") {
  // As Elasticsearch 9.5.3 answers a multi-get.
  struct DocumentRow {
    const char* type;
    const char* reason;
    ErrorKind kind;
    const char* says;
  };
  const DocumentRow rows[] = {
      {"index_closed_exception", "closed", ErrorKind::kConfig, "POST /docs/_open"},
      {"illegal_argument_exception",
       "alias [al] has more than one index associated with it [a1, a2], can't execute a single "
       "index op",
       ErrorKind::kConfig, "\"al\" is an alias without one index to write to"},
      {"routing_missing_exception", "routing is required for [docs]/[x]", ErrorKind::kConfig,
       "index docs requires routing"},
      {"cluster_block_exception", "index [docs] blocked by: [FORBIDDEN/7/index read (api)];",
       ErrorKind::kConfig, "index.blocks.read"},
      {"circuit_breaking_exception", "[parent] Data too large", ErrorKind::kTemporary,
       "circuit breaker"},
      {"no_shard_available_action_exception", "", ErrorKind::kTemporary, "answers 503"},
  };
  for (const DocumentRow& row : rows) {
    const Error error = MakeDocumentError(row.type, row.reason, "docs");
    CAPTURE(error.message);
    CHECK(ToString(error.kind) == ToString(row.kind));
    CHECK(error.message.find(row.says) != std::string::npos);
  }
}

TEST_CASE("no text of a document is quoted") {
  const std::vector<std::string> reasons{
      "failed to parse field [size] of type [long] in document with id 'id:1'. Preview of field's "
      "value: 'swordfish'",
      "failed to parse field [size] of type [long] in document with id 'id:1'. Preview of field's "
      "value: 'swordfish' (For input string: \"swordfish\")",
      "For input string: \"swordfish\"",
      "failed to parse date field [swordfish] with format [strict_date_optional_time]",
      "Failed to parse value [swordfish] as only [true] or [false] are allowed.",
      "'swordfish' is not an IP string literal.",
      "Unrecognized token 'swordfish': was expecting (JSON String, Number, Array, Object or token "
      "'null', 'true' or 'false')\n at [Source: (byte[])\"swordfish\"; line: 1, column: 10]",
      "Unexpected end-of-input in VALUE_STRING at [Source: (String)\"swordfish\"; line: 1]",
      "Document contains at least one immense term in field=\"x\" (whose UTF8 encoding is longer "
      "than the max length 32766), all of which were skipped. The prefix of the first immense term "
      "is: '[swordfish]...'",
      "Numeric value (swordfish) out of range of long (-9223372036854775808 - 9223372036854775807)",
      "Value [swordfish] is out of range for a long",
      "unable to convert [swordfish] to integer",
      "unable to parse date [swordfish]",
      "Provided Grok expressions do not match field value: [swordfish]",
      "Unable to find match for dissect pattern: %{a} against source: swordfish",
      "Text 'swordfish' could not be parsed at index 0",
      "Invalid format: \"swordfish\" is malformed at \"fish\""};
  for (const std::string& reason : reasons) {
    CAPTURE(reason);
    const std::string line = OneLine(reason);
    CHECK(line.find("fish") == std::string::npos);
    CHECK(line.ends_with("(value not shown)"));
    CHECK(MakeElasticError(400, "document_parsing_exception", reason).message.find("fish") ==
          std::string::npos);
  }
  CHECK(OneLine(reasons.front()) ==
        "failed to parse field [size] of type [long] in document with id 'id:1'. Preview of "
        "field's value: (value not shown)");
  CHECK(ReadElasticError(400,
                         R"({"error":{"type":"document_parsing_exception","reason":"failed to )"
                         R"(parse field [size] of type [long]","caused_by":{"type":"x",)"
                         R"("reason":"For input string: \"swordfish\""}}})")
            .message.find("swordfish") == std::string::npos);
  CHECK(OneLine("index [docs] blocked") == "index [docs] blocked");
}

}  // namespace dbxes::elastic
