// SPDX-License-Identifier: Apache-2.0
// Names for what callers distinguish in an error of a route. What a status or a tag means is in
// consequences.h. Pure.
#pragma once

#include <string_view>

#include "base/error.h"
#include "dropbox/consequences.h"

namespace dbxes::dropbox {

// Names for tags that a caller distinguishes.
bool IsPathNotFound(const Error& error);
bool IsPathNotFolder(const Error& error);
// An error that a route defines for itself (HTTP 409), about its own path, file or folder.
bool IsEndpointError(const Error& error);
// The refresh token or the code is unknown to Dropbox, expired or revoked (RFC 6749, 5.2).
bool IsInvalidGrant(const Error& error);
// The app key is unknown, or the secret is not the app's (RFC 6749, 5.2).
bool IsInvalidClient(const Error& error);
// Whether the token lacks a scope that the route needs, and which one ("" where it lacks none).
bool LacksScope(const Error& error);
std::string_view MissingScope(const Error& error);
// Whether an error concerns one list of members or links alone, or one file of which these are
// asked, so that the run continues without.
bool ConcernsOneList(const Error& error);

// In answers about a file (sharing/list_file_members/batch: SharingFileAccessError).
inline constexpr std::string_view kUnknownFile = "access_error/invalid_file";

}  // namespace dbxes::dropbox
