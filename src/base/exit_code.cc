// SPDX-License-Identifier: Apache-2.0
#include "base/exit_code.h"

#include <csignal>

namespace dbxes {

ExitCode ExitCodeFor(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kConfig:
    case ErrorKind::kNotFound:
      return ExitCode::kConfiguration;
    case ErrorKind::kAuth:
    case ErrorKind::kPermission:
      return ExitCode::kAuthorization;
    case ErrorKind::kRateLimited:
    case ErrorKind::kTemporary:
      return ExitCode::kUnavailable;
    case ErrorKind::kRejectedDocument:
    case ErrorKind::kDocumentsFailed:
      return ExitCode::kDocumentsFailed;
    case ErrorKind::kFullSyncNeeded:
    case ErrorKind::kIndexReplaced:
      return ExitCode::kFullSyncNeeded;
    case ErrorKind::kSafetyStop:
      return ExitCode::kSafetyStop;
    case ErrorKind::kLocked:
    case ErrorKind::kKeptElsewhere:
      return ExitCode::kLocked;
    case ErrorKind::kCanceled:
      return ExitCode::kCanceled;
    case ErrorKind::kInterrupted:
      if (error.signal == SIGALRM) return ExitCode::kTimeLimit;
      return error.signal == SIGTERM ? ExitCode::kTerminated : ExitCode::kInterrupted;
    case ErrorKind::kCursorReset:
    case ErrorKind::kRootChanged:
    case ErrorKind::kInternal:
      return ExitCode::kFailed;
  }
  return ExitCode::kFailed;
}

std::string_view OutcomeName(ExitCode code) {
  for (const ExitCodeRow& row : kExitCodes) {
    if (row.code == code) return row.outcome;
  }
  return "failed";
}

}  // namespace dbxes
