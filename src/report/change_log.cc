// SPDX-License-Identifier: Apache-2.0
#include "report/change_log.h"

#include <utility>

#include "base/hash.h"

namespace dbxes::report {

void ChangeLog::Add(const Change& change) {
  const auto excluded =
      change.action == ChangeAction::kDeleted ? excluded_.find(Hash64(change.id)) : excluded_.end();
  if (excluded != excluded_.end()) {
    Change explained = change;
    explained.reason = "excluded: " + *excluded->second;
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
  excluded_[Hash64(id)] = &*reasons_.insert(reason).first;
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
