// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/safety.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace dbxes::sync {
namespace {

constexpr std::uint64_t kAlwaysAllowed = 100;
constexpr std::uint64_t kShare = 5;  // one fifth of the index

}  // namespace

std::uint64_t DeletionLimit(const config::MaxDelete& setting, const DeletionPlan& plan) {
  if (setting.unlimited) return std::numeric_limits<std::uint64_t>::max();
  if (!setting.automatic) return setting.count;
  // Nothing at all where there was something: an emptied folder looks the same as a broken one.
  if (plan.listed == 0) return 0;
  return std::max(kAlwaysAllowed, plan.index_count / kShare);
}

Result<void> CheckDeletions(const config::MaxDelete& setting, const DeletionPlan& plan) {
  const std::uint64_t limit = DeletionLimit(setting, plan);
  if (plan.to_delete <= limit) return {};
  const std::string without =
      plan.excluded == 0
          ? ""
          : fmt::format(", less the {} entries that sync rules exclude,", plan.excluded);
  return Fail(
      ErrorKind::kSafetyStop,
      fmt::format("{}{} lacks {} of the {} documents in the index, more than sync.max_delete "
                  "allows ({}); nothing was deleted. If that is right, run: dbx-es {} "
                  "--max-delete {}{}",
                  plan.what, without, plan.to_delete, plan.index_count, limit, plan.command,
                  plan.to_delete, plan.excluded == 0 ? "" : "; if not, fix the rules"));
}

}  // namespace dbxes::sync
