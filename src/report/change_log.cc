// SPDX-License-Identifier: Apache-2.0
#include "report/change_log.h"

#include <utility>

#include "base/hash.h"

namespace dbxes::report {

void ChangeLog::Add(const Change& change) {
  const bool deleted = change.action == ChangeAction::kDeleted;
  if (deleted && excluded_.Contains(Hash64(change.id))) {
    Change explained = change;
    explained.reason = "excluded by sync rules";
    return reporter_.Changed(explained);
  }
  reporter_.Changed(change);
  if (!change.no_text.empty()) AddWithoutText(change.id, change.path, change.no_text);
}

void ChangeLog::Postpone(std::shared_ptr<const Change> deletion) {
  postponed_.push_back(std::move(deletion));
}

void ChangeLog::AddPostponed() {
  for (const auto& deletion : std::exchange(postponed_, {})) Add(*deletion);
}

void ChangeLog::AddExcluded(std::string_view id, std::string_view path, std::string reason) {
  excluded_.Insert(Hash64(id));
  Change change;
  change.action = ChangeAction::kExcluded;
  change.id = id;
  change.path = path;
  change.reason = std::move(reason);
  reporter_.Changed(change);
}

void ChangeLog::AddWithoutText(std::string_view id, std::string_view path,
                               std::string_view reason) {
  Change change;
  change.action = ChangeAction::kWithoutText;
  change.id = id;
  change.path = path;
  change.reason = reason;
  reporter_.Changed(change);
}

}  // namespace dbxes::report
