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
  CHECK(StatusOf("no_shard_available_action_exception") == 503);
}

TEST_CASE("errors of a server pass with time if they are those of overload or a restart") {
  for (const int status : {408, 429, 502, 503, 504}) CHECK(PassesWithTime(status));
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
  CHECK(IsExistingIndex(MakeElasticError(400, "resource_already_exists_exception", "d")));
  CHECK_FALSE(IsExistingIndex(MakeElasticError(400, "illegal_argument_exception", "d")));
  CHECK(RejectsIndexSettings(
      MakeElasticError(400, "illegal_argument_exception",
                       "Settings [index.number_of_shards] are not available when running in "
                       "serverless mode")));
  CHECK_FALSE(
      RejectsIndexSettings(MakeElasticError(400, "illegal_argument_exception", "unknown setting")));
}

}  // namespace dbxes::elastic
