// SPDX-License-Identifier: Apache-2.0
// What the final error of a route means: one table by route, status and tag. What a status means on
// every route is in api_error.h. Pure.
#pragma once

#include <string_view>

#include "base/error.h"

namespace dbxes::dropbox {

// One row: an error of `route` with this status and tag is of `kind`.
struct RouteError {
  std::string_view route;  // "files/list_folder"
  int status;
  std::string_view tag;  // "path/not_found"; "path/" for all that begin so; "" for every tag
  ErrorKind kind;
};

// `error` with the kind of the first row that fits; unchanged where none does.
Error ClassifyRouteError(std::string_view route, Error error);

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
// Whether an error concerns one list of members or links alone, so that the run continues without.
bool ConcernsOneList(const Error& error);

// A tag of our own: Dropbox sends HTTP 400 with plain text for a cursor that is none of its own.
inline constexpr std::string_view kMalformedCursor = "malformed_cursor";
// Followed by the name of the scope.
inline constexpr std::string_view kMissingScope = "missing_scope/";
// In answers about a file (sharing/list_file_members/batch: SharingFileAccessError).
inline constexpr std::string_view kUnknownFile = "access_error/invalid_file";

}  // namespace dbxes::dropbox
