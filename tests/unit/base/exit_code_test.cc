// SPDX-License-Identifier: Apache-2.0
#include "base/exit_code.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace dbxes {

TEST_CASE("every kind of error has its exit code") {
  const std::pair<ErrorKind, ExitCode> rows[] = {
      {ErrorKind::kUsage, ExitCode::kConfiguration},
      {ErrorKind::kConfig, ExitCode::kConfiguration},
      {ErrorKind::kAuth, ExitCode::kAuthorization},
      {ErrorKind::kPermission, ExitCode::kAuthorization},
      {ErrorKind::kNotFound, ExitCode::kConfiguration},
      {ErrorKind::kRateLimited, ExitCode::kUnavailable},
      {ErrorKind::kTemporary, ExitCode::kUnavailable},
      {ErrorKind::kCursorReset, ExitCode::kFailed},
      {ErrorKind::kRootChanged, ExitCode::kFailed},
      {ErrorKind::kIndexReplaced, ExitCode::kFullSyncNeeded},
      {ErrorKind::kRejectedDocument, ExitCode::kDocumentsFailed},
      {ErrorKind::kDocumentsFailed, ExitCode::kDocumentsFailed},
      {ErrorKind::kFullSyncNeeded, ExitCode::kFullSyncNeeded},
      {ErrorKind::kSafetyStop, ExitCode::kSafetyStop},
      {ErrorKind::kLocked, ExitCode::kLocked},
      {ErrorKind::kKeptElsewhere, ExitCode::kLocked},
      {ErrorKind::kInterrupted, ExitCode::kInterrupted},
      {ErrorKind::kCanceled, ExitCode::kCanceled},
      {ErrorKind::kInternal, ExitCode::kFailed},
  };
  REQUIRE(std::size(rows) == static_cast<std::size_t>(ErrorKind::kInternal) + 1);
  std::set<ErrorKind> seen;
  for (const auto& [kind, code] : rows) {
    const std::string shown(ToString(kind));
    CAPTURE(shown);
    CHECK(seen.insert(kind).second);
    CHECK(ExitCodeFor(Error{kind}) == code);
  }
}

TEST_CASE("the signal decides between interrupted and terminated") {
  Error error{ErrorKind::kInterrupted};
  error.signal = SIGINT;
  CHECK(ExitCodeFor(error) == ExitCode::kInterrupted);
  error.signal = SIGTERM;
  CHECK(ExitCodeFor(error) == ExitCode::kTerminated);
  error.signal = SIGALRM;
  CHECK(ExitCodeFor(error) == ExitCode::kTimeLimit);
  CHECK(static_cast<int>(ExitCode::kInterrupted) == 128 + SIGINT);
  CHECK(static_cast<int>(ExitCode::kTerminated) == 128 + SIGTERM);
}

TEST_CASE("every exit code of a run is in the table once") {
  std::set<std::string_view> outcomes;
  std::set<ExitCode> codes;
  for (const ExitCodeRow& row : kExitCodes) {
    CHECK(codes.insert(row.code).second);
    CHECK(outcomes.insert(row.outcome).second);
    CHECK(OutcomeName(row.code) == row.outcome);
    CHECK(row.help.size() > 20);
    CHECK(row.help.back() == '.');
  }
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::kInternal); ++kind) {
    CHECK(codes.count(ExitCodeFor(Error{static_cast<ErrorKind>(kind)})) == 1);
  }
  CHECK(codes.count(ExitCode::kOk) == 1);
}

}  // namespace dbxes
