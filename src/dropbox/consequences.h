// SPDX-License-Identifier: Apache-2.0
// The table of consequences: what an answer of Dropbox means, by status, sender and tag; what that
// means on a route; whose trouble it is; and how often the request is sent again. Everything else
// that knows statuses and tags asks this table. The operations manual is printed from it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dbxes::dropbox {

// What a route is asked about. A failure concerns that thing first.
enum class Subject : std::uint8_t {
  kAny,       // of a row: every route
  kFeed,      // files/list_folder
  kFile,      // the content or the link of one file
  kEntry,     // the metadata of one file or folder
  kMembers,   // a list of members, links or shared folders
  kReceived,  // the list of received files
  kSearch,
  kAccount,
  kToken,  // /oauth2/token
};
Subject SubjectOf(std::string_view route);

// How often a request is sent again. A route that is asked about one file or one list is never
// asked more than dropbox.retry_count times more, whatever its answer allows; waits that Dropbox
// asks for, and new access tokens, do not count. sync.give_up_after ends everything.
enum class Again : std::uint8_t {
  kNever,
  kFewTimes,        // kFewRetries
  kUntilGivingUp,   // with growing delays, for sync.give_up_after
  kAfterNamedWait,  // the same, no request of the run before the wait is over
  kWithNewToken,    // with a new access token, at once the first time
};
// An answer that Dropbox itself did not write: an edge server or a proxy passes it, or does not.
inline constexpr int kFewRetries = 3;

// Tag of an answer that is neither JSON with an error nor a text of Dropbox's.
inline constexpr std::string_view kForeignTag = "not_from_dropbox";
// A tag of our own: Dropbox sends HTTP 400 with plain text for a cursor that is none of its own.
inline constexpr std::string_view kMalformedCursor = "malformed_cursor";
// Followed by the name of the scope.
inline constexpr std::string_view kMissingScope = "missing_scope/";
// A tag of our own: HTTP 400 with plain text for the path-root header of an app with an app folder.
inline constexpr std::string_view kAppFolder = "app_folder";

// Answers with a status from `first` to `last` (0: no answer, or a body that is not what the route
// promises) and a tag: "path/" for all that begin so, "" for every one.
struct Answers {
  int first = 0;
  int last = 0;
  std::string_view tag = {};
};

// A row of what an answer means on every route.
struct AnswerRow {
  Answers answers;
  ErrorKind kind;
  Again again;
  std::string_view help;  // "a server of Dropbox has a problem", for the manual
};
// A row of what the final error of a route means.
struct RouteRow {
  Subject subject;
  std::string_view route;  // "" for all routes of the subject
  Answers answers;
  std::optional<ErrorKind> kind;  // none: as the answer itself says
  Concern concern;
};

// The first row that fits counts. Each answer has one: the last row fits all.
std::span<const AnswerRow> AnswerRows();
const AnswerRow& RowOf(int status, std::string_view tag);
std::span<const RouteRow> RouteRows();

// `error` with the kind and the concern that it has on this route.
Error ClassifyRouteError(std::string_view route, Error error);

// For the manual: "/oauth2/token", "404 path/not_found", "sent again 3 times"; and what becomes of
// document, cursor and exit code.
std::string NameOf(Subject subject);
std::string NameOf(const Answers& answers);
std::string NameOf(Again again);
std::string OutcomeOf(const RouteRow& row);

}  // namespace dbxes::dropbox
