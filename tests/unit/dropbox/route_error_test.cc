// SPDX-License-Identifier: Apache-2.0
#include "dropbox/route_error.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::dropbox {
namespace {

Error Make(ErrorKind kind, int status, std::string tag = "") {
  Error error{kind, "why"};
  error.http_status = status;
  error.tag = std::move(tag);
  return error;
}

}  // namespace

TEST_CASE("the tags that callers distinguish") {
  CHECK(IsPathNotFound(Make(ErrorKind::kNotFound, 409, "path/not_found")));
  CHECK_FALSE(IsPathNotFound(Make(ErrorKind::kNotFound, 409, "path/not_folder")));
  CHECK(IsPathNotFolder(Make(ErrorKind::kConfig, 409, "path/not_folder")));
  CHECK(IsEndpointError(Make(ErrorKind::kInternal, 409)));
  CHECK_FALSE(IsEndpointError(Make(ErrorKind::kInternal, 400)));
  CHECK(IsInvalidGrant(Make(ErrorKind::kAuth, 400, "invalid_grant")));
  CHECK_FALSE(IsInvalidGrant(Make(ErrorKind::kAuth, 400, "invalid_client")));
  CHECK(IsInvalidClient(Make(ErrorKind::kAuth, 400, "invalid_client: Invalid client_id")));
  CHECK_FALSE(IsInvalidClient(Make(ErrorKind::kAuth, 400, "invalid_grant")));
  const Error scope = Make(ErrorKind::kPermission, 401, "missing_scope/sharing.read");
  CHECK(LacksScope(scope));
  CHECK(MissingScope(scope) == "sharing.read");
  CHECK_FALSE(LacksScope(Make(ErrorKind::kPermission, 403)));
  CHECK(MissingScope(Make(ErrorKind::kPermission, 403)) == "");
}

TEST_CASE("what concerns one list, and what ends a run") {
  Error error = Make(ErrorKind::kTemporary, 503);
  CHECK_FALSE(ConcernsOneList(error));
  for (const Concern concern : {Concern::kList, Concern::kDocument}) {
    error.concern = concern;
    CHECK(ConcernsOneList(error));
  }
}

}  // namespace dbxes::dropbox
