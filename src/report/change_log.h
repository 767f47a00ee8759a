// SPDX-License-Identifier: Apache-2.0
// The list of changes of a run, which -v and --changes show. Exists only where somebody wants it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "report/reporter.h"

namespace dbxes::report {

class ChangeLog {
 public:
  explicit ChangeLog(Reporter& reporter) : reporter_(reporter) {}

  // A change that took effect, or that a dry run would make.
  void Add(const Change& change);
  // A deletion that a dry run would make, unless a safety stop holds it back.
  void Postpone(std::shared_ptr<const Change> deletion);
  // The end of a dry run: lists what was postponed.
  void AddPostponed();
  // Sync rules leave out what has this id. Its document is deleted later, if there is one.
  void AddExcluded(std::string_view id, std::string_view path, std::string reason);
  // The document has no text, for this reason in the word of its counter, and is as it should be.
  void AddWithoutText(std::string_view id, std::string_view path, std::string_view reason);

 private:
  Reporter& reporter_;
  std::set<std::string> reasons_;  // why something is excluded; few
  std::unordered_map<std::uint64_t, const std::string*> excluded_;  // by Hash64 of the id
  std::vector<std::shared_ptr<const Change>> postponed_;
};

}  // namespace dbxes::report
