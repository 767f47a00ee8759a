// SPDX-License-Identifier: Apache-2.0
#include "dropbox/route_error.h"

#include <algorithm>

namespace dbxes::dropbox {
namespace {

constexpr std::string_view kPathNotFound = "path/not_found";
constexpr std::string_view kPathNotFolder = "path/not_folder";

// The first row that fits counts.
constexpr RouteError kRouteErrors[] = {
    // LookupError, ListFolderError: the folder is dropbox.path, which a person wrote.
    {"files/list_folder", 409, kPathNotFound, ErrorKind::kNotFound},
    {"files/list_folder", 409, "path/", ErrorKind::kConfig},
    // ListFolderContinueError: reset, the folder is gone, or "other", which has been seen to hide a
    // reset. In each case only a fresh listing shows what is there.
    {"files/list_folder/continue", 409, "", ErrorKind::kCursorReset},
    {"files/list_folder/continue", 400, kMalformedCursor, ErrorKind::kCursorReset},
    {"files/get_metadata", 409, kPathNotFound, ErrorKind::kNotFound},
    // SearchError: the query and the path come from the rules file.
    {"files/search_v2", 409, kPathNotFound, ErrorKind::kNotFound},
    {"files/search_v2", 409, "", ErrorKind::kConfig},
    {"files/search_v2", 400, "", ErrorKind::kConfig},
    // A cursor of a search lives for a while only.
    {"files/search/continue_v2", 409, "", ErrorKind::kTemporary},
    // SharedLinkError: the link is gone or closed.
    {"sharing/get_shared_link_metadata", 409, "", ErrorKind::kRejectedDocument},
    // DownloadError, ExportError and GetSharedLinkFileError that hold for one file and stay.
    {"files/download", 409, kPathNotFound, ErrorKind::kNotFound},
    {"files/download", 409, "path/restricted_content", ErrorKind::kRejectedDocument},
    {"files/download", 409, "path/unsupported_content_type", ErrorKind::kRejectedDocument},
    {"files/download", 409, "path/locked", ErrorKind::kRejectedDocument},
    {"files/download", 409, "path/not_file", ErrorKind::kRejectedDocument},
    {"files/download", 409, "unsupported_file", ErrorKind::kRejectedDocument},
    {"files/export", 409, kPathNotFound, ErrorKind::kNotFound},
    {"files/export", 409, "path/restricted_content", ErrorKind::kRejectedDocument},
    {"files/export", 409, "path/unsupported_content_type", ErrorKind::kRejectedDocument},
    {"files/export", 409, "path/locked", ErrorKind::kRejectedDocument},
    {"files/export", 409, "path/not_file", ErrorKind::kRejectedDocument},
    {"files/export", 409, "non_exportable", ErrorKind::kRejectedDocument},
    {"files/export", 409, "invalid_export_format", ErrorKind::kRejectedDocument},
    {"sharing/get_shared_link_file", 409, "shared_link_not_found", ErrorKind::kNotFound},
    {"sharing/get_shared_link_file", 409, "shared_link_access_denied",
     ErrorKind::kRejectedDocument},
    {"sharing/get_shared_link_file", 409, "unsupported_link_type", ErrorKind::kRejectedDocument},
    {"sharing/get_shared_link_file", 409, "shared_link_is_directory", ErrorKind::kRejectedDocument},
};

bool TagFits(std::string_view row, std::string_view tag) {
  const bool prefix = row.empty() || row.back() == '/';
  return prefix ? tag.starts_with(row) : tag == row;
}

}  // namespace

Error ClassifyRouteError(std::string_view route, Error error) {
  const auto* row =
      std::find_if(std::begin(kRouteErrors), std::end(kRouteErrors), [&](const RouteError& row) {
        return row.route == route && row.status == error.http_status && TagFits(row.tag, error.tag);
      });
  if (row != std::end(kRouteErrors)) error.kind = row->kind;
  return error;
}

bool IsPathNotFound(const Error& error) { return error.tag == kPathNotFound; }
bool IsPathNotFolder(const Error& error) { return error.tag == kPathNotFolder; }
bool IsEndpointError(const Error& error) { return error.http_status == 409; }
bool IsInvalidGrant(const Error& error) { return error.tag == "invalid_grant"; }
// Dropbox sends text after the tag: "invalid_client: Invalid client_id or client_secret".
bool IsInvalidClient(const Error& error) { return error.tag.starts_with("invalid_client"); }

bool LacksScope(const Error& error) { return error.tag.starts_with(kMissingScope); }

std::string_view MissingScope(const Error& error) {
  if (!LacksScope(error)) return {};
  std::string_view tag = error.tag;
  tag.remove_prefix(kMissingScope.size());
  return tag;
}

bool ConcernsOneList(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kTemporary:
      return true;
    case ErrorKind::kInternal:
    case ErrorKind::kNotFound:
      return error.http_status != 0;
    case ErrorKind::kPermission:
      // HTTP 401 is a scope that the token lacks; 403 concerns one folder or file.
      return error.http_status == 403;
    default:
      return false;
  }
}

}  // namespace dbxes::dropbox
