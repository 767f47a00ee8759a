// SPDX-License-Identifier: Apache-2.0
// What can go wrong, sorted by what it means to the caller and to the exit code.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dbxes {

enum class ErrorKind {
  kUsage,             // the command line is wrong
  kConfig,            // a setting, a file of ours or the target is wrong; the user must fix it
  kAuth,              // a credential is missing, wrong, revoked or expired
  kPermission,        // the credential is good but lacks a scope or a privilege
  kNotFound,          // the thing asked for is not there
  kRateLimited,       // the service demands a longer wait than we accept
  kTemporary,         // broken connections, 5xx: trying again later may help
  kCursorReset,       // Dropbox reset the cursor; only a full sync helps
  kRootChanged,       // the account's root namespace is another one now
  kIndexReplaced,     // the index is not the one that the last run left; only a full sync helps
  kRejectedDocument,  // one document was rejected; the others are fine
  kDocumentsFailed,   // the run ended, but some documents are recorded as failed
  kFullSyncNeeded,    // settings that shaped the index have changed
  kSafetyStop,        // continuing would delete more than the administrator allowed
  kLocked,            // another run holds the target
  kKeptElsewhere,     // another state keeps the index
  kInterrupted,       // SIGINT or SIGTERM
  kCanceled,          // somebody canceled the run in Kibana
  kInternal,          // a defect, or the file system failed under us
};

// Whose trouble an error is: it decides whether the run continues without the thing.
enum class Concern {
  kRun,       // everything: account, service, change feed
  kDocument,  // one file; the others are fine
  kList,      // one list of members, links or received files
};

// Machine name of a kind ("cursor_reset"), as in logs and in --json.
std::string_view ToString(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message = {};     // one sentence: what, where and what to do
  int http_status = 0;          // 0: no HTTP answer was involved
  std::string request_id = {};  // X-Dropbox-Request-Id, if there was one
  std::string tag = {};         // Dropbox's `.tag`s joined by "/", or Elasticsearch's error type
  int signal = 0;               // kInterrupted: the signal's number
  std::string url = {};         // of the request, without its query; "" if there was none
  Concern concern = Concern::kRun;

  // The message with the request id, as one line for users.
  std::string ToLine() const;
};

// `error` with "context: " before its message: "list folder: ...".
Error WithContext(Error error, std::string_view context);

}  // namespace dbxes
