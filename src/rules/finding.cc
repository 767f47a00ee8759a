// SPDX-License-Identifier: Apache-2.0
#include "rules/finding.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dbxes::rules {

void Findings::Add(Finding finding) {
  ++(finding.severity == Finding::Severity::kError ? errors_ : warnings_);
  if (kept_.size() < kMostKept) kept_.push_back(std::move(finding));
}

const std::vector<Finding>& Findings::Sorted() {
  std::stable_sort(kept_.begin(), kept_.end(), [](const Finding& left, const Finding& right) {
    return std::tie(left.place.line, left.place.column) <
           std::tie(right.place.line, right.place.column);
  });
  return kept_;
}

}  // namespace dbxes::rules
