// SPDX-License-Identifier: Apache-2.0
#include "dropbox/route_error.h"

namespace dbxes::dropbox {

bool IsPathNotFound(const Error& error) { return error.tag == "path/not_found"; }
bool IsPathNotFolder(const Error& error) { return error.tag == "path/not_folder"; }
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

bool ConcernsOneList(const Error& error) { return error.concern != Concern::kRun; }

}  // namespace dbxes::dropbox
