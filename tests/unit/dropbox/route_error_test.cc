// SPDX-License-Identifier: Apache-2.0
#include "dropbox/route_error.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace dbxes::dropbox {
namespace {

Error Make(ErrorKind kind, int status, std::string tag = "") {
  Error error{kind, "why"};
  error.http_status = status;
  error.tag = std::move(tag);
  return error;
}

ErrorKind Classify(std::string_view route, int status, const std::string& tag) {
  const Error error = ClassifyRouteError(route, Make(ErrorKind::kInternal, status, tag));
  CHECK(error.message == "why");
  CHECK(error.tag == tag);
  return error.kind;
}

}  // namespace

TEST_CASE("every error that a route defines has one meaning") {
  struct Row {
    std::string_view route;
    int status;
    const char* tag;
    ErrorKind kind;
  };
  using K = ErrorKind;
  const Row rows[] = {
      {"files/list_folder", 409, "path/not_found", K::kNotFound},
      {"files/list_folder", 409, "path/not_folder", K::kConfig},
      {"files/list_folder", 409, "path/restricted_content", K::kConfig},
      {"files/list_folder", 409, "path/new_to_us", K::kConfig},
      {"files/list_folder", 409, "other", K::kInternal},
      {"files/list_folder", 400, "", K::kInternal},
      {"files/list_folder/continue", 409, "reset", K::kCursorReset},
      {"files/list_folder/continue", 409, "path/not_found", K::kCursorReset},
      {"files/list_folder/continue", 409, "other", K::kCursorReset},
      {"files/list_folder/continue", 400, "malformed_cursor", K::kCursorReset},
      {"files/list_folder/continue", 400, "", K::kInternal},
      {"files/list_folder/continue", 403, "", K::kInternal},
      {"files/get_metadata", 409, "path/not_found", K::kNotFound},
      {"files/get_metadata", 409, "path/malformed_path", K::kInternal},
      {"files/search_v2", 409, "path/not_found", K::kNotFound},
      {"files/search_v2", 409, "path/not_folder", K::kConfig},
      {"files/search_v2", 409, "invalid_argument", K::kConfig},
      {"files/search_v2", 400, "", K::kConfig},
      {"files/search/continue_v2", 409, "reset", K::kTemporary},
      {"sharing/get_shared_link_metadata", 409, "shared_link_not_found", K::kRejectedDocument},
      {"sharing/get_shared_link_metadata", 409, "other", K::kRejectedDocument},
      {"files/download", 409, "path/not_found", K::kNotFound},
      {"files/download", 409, "path/restricted_content", K::kRejectedDocument},
      {"files/download", 409, "path/unsupported_content_type", K::kRejectedDocument},
      {"files/download", 409, "path/locked", K::kRejectedDocument},
      {"files/download", 409, "path/not_file", K::kRejectedDocument},
      {"files/download", 409, "unsupported_file", K::kRejectedDocument},
      {"files/download", 409, "other", K::kInternal},
      {"files/export", 409, "path/not_found", K::kNotFound},
      {"files/export", 409, "path/restricted_content", K::kRejectedDocument},
      {"files/export", 409, "path/unsupported_content_type", K::kRejectedDocument},
      {"files/export", 409, "path/locked", K::kRejectedDocument},
      {"files/export", 409, "path/not_file", K::kRejectedDocument},
      {"files/export", 409, "non_exportable", K::kRejectedDocument},
      {"files/export", 409, "invalid_export_format", K::kRejectedDocument},
      {"sharing/get_shared_link_file", 409, "shared_link_not_found", K::kNotFound},
      {"sharing/get_shared_link_file", 409, "shared_link_access_denied", K::kRejectedDocument},
      {"sharing/get_shared_link_file", 409, "unsupported_link_type", K::kRejectedDocument},
      {"sharing/get_shared_link_file", 409, "shared_link_is_directory", K::kRejectedDocument},
      {"sharing/list_folder_members", 409, "path/not_found", K::kInternal},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.route));
    CAPTURE(std::string(row.tag));
    CHECK(Classify(row.route, row.status, row.tag) == row.kind);
  }
}

TEST_CASE("an error that no row names keeps its kind") {
  for (const ErrorKind kind : {ErrorKind::kAuth, ErrorKind::kTemporary, ErrorKind::kRootChanged}) {
    CHECK(ClassifyRouteError("files/list_folder", Make(kind, 422, "invalid_root")).kind == kind);
  }
}

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
  for (const Error& error : {Make(ErrorKind::kTemporary, 0), Make(ErrorKind::kTemporary, 503),
                             Make(ErrorKind::kInternal, 409, "not_a_member"),
                             Make(ErrorKind::kNotFound, 409), Make(ErrorKind::kPermission, 403)}) {
    CHECK(ConcernsOneList(error));
  }
  for (const Error& error : {Make(ErrorKind::kPermission, 401, "missing_scope/sharing.read"),
                             Make(ErrorKind::kInternal, 0), Make(ErrorKind::kAuth, 401),
                             Make(ErrorKind::kRateLimited, 429), Make(ErrorKind::kRootChanged, 422),
                             Make(ErrorKind::kInterrupted, 0)}) {
    CHECK_FALSE(ConcernsOneList(error));
  }
}

}  // namespace dbxes::dropbox
