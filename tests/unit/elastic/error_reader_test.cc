// SPDX-License-Identifier: Apache-2.0
#include "elastic/error_reader.h"

#include <doctest/doctest.h>

#include <string>

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
     ErrorKind::kTemporary, "cluster_block_exception", "blocks writing"},
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
     ErrorKind::kConfig, "", "an HTML page, as a proxy sends it: 413 Request Entity Too Large"},
    {413, "<html><title>never closed", ErrorKind::kConfig, "", "an HTML page"},
    {429,
     R"({"error":{"type":"es_rejected_execution_exception","reason":"rejected"},"status":429})",
     ErrorKind::kTemporary, "es_rejected_execution_exception", "rejected"},
    {500, "", ErrorKind::kTemporary, "", "Elasticsearch answers 500"},
    {502, "<html><head><title>502 Bad Gateway</title></head></html>", ErrorKind::kTemporary, "",
     "502 Bad Gateway"},
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

}  // namespace dbxes::elastic
