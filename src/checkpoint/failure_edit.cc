// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_edit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/tree_path.h"
#include "checkpoint/failures_file.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFileMode = 0600;

bool Fits(const std::string& name, const FailureRecord& record) {
  return name == record.failure.id || LiesIn(record.failure.path, name);
}

Result<void> CheckNames(const std::vector<std::string>& names,
                        const std::vector<FailureRecord>& records) {
  for (const std::string& name : names) {
    const bool known = std::any_of(records.begin(), records.end(),
                                   [&](const FailureRecord& record) { return Fits(name, record); });
    if (known) continue;
    return Fail(ErrorKind::kNotFound,
                fmt::format("no failed document is {0}, or at or below {0}; dbx-es failures lists "
                            "them",
                            name));
  }
  return {};
}

void Decide(FailureAction action, const std::string& now, FailureRecord& record) {
  record.next.clear();
  record.accepted = action == FailureAction::kAccept ? now : "";
}

}  // namespace

Result<std::vector<FailureRecord>> ReadFailures(DurableFiles& files, const Clock& clock,
                                                const std::string& path) {
  FailuresFile file(files, clock, path);
  TRY(file.Load());
  return file.earlier();
}

Result<std::uint64_t> EditFailures(DurableFiles& files, const Clock& clock, const std::string& path,
                                   const std::vector<std::string>& names, FailureAction action) {
  TRY_ASSIGN(auto records, ReadFailures(files, clock, path));
  TRY(CheckNames(names, records));
  const std::string now = FormatUtc(clock.WallMicros());
  std::uint64_t decided = 0;
  std::string text;
  for (FailureRecord& record : records) {
    const bool wanted =
        names.empty() || std::any_of(names.begin(), names.end(),
                                     [&](const std::string& name) { return Fits(name, record); });
    // A refused file is no failure that could be accepted.
    if (wanted && (action == FailureAction::kRetry || IsFailure(record.failure))) {
      Decide(action, now, record);
      ++decided;
    }
    text += FailureLineOf(record, record.time);
  }
  if (decided > 0) TRY(files.ReplaceFile(path, text, kFileMode));
  return decided;
}

}  // namespace dbxes::checkpoint
