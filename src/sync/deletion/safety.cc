// SPDX-License-Identifier: Apache-2.0
#include "sync/deletion/safety.h"
#include "report/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <string>

namespace dbxes::sync {
namespace {

constexpr std::uint64_t kAlwaysAllowed = 100;
constexpr std::uint64_t kShare = 5;  // one fifth of the index
// Whatever shows that documents are gone: half of the index, but a few of a tiny one.
std::uint64_t HalfOf(std::uint64_t index_count) {
  return std::max(FeedDeletions::kAlwaysAllowed, index_count / 2);
}

// The limit of a set value, less what this run has deleted before.
std::uint64_t LeftOf(const config::MaxDelete& setting, std::uint64_t limit, std::uint64_t already) {
  if (setting.automatic || setting.unlimited) return limit;
  return limit - std::min(limit, already);
}

// "a", "a or b", "a, b or c".
std::string Alternatives(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

void NameExclusions(const rules::RuleSet& rules, DeletionPlan& plan) {
  std::vector<std::string_view> settings;
  if (!rules.patterns.include.empty()) settings.emplace_back("sync.include");
  if (!rules.patterns.exclude.empty()) settings.emplace_back("sync.exclude");
  if (!rules.Empty()) settings.emplace_back("the sync rules");
  if (!settings.empty()) plan.excluded_by = "are excluded by " + Alternatives(settings);
  if (rules.patterns.folders.size() > 1) {
    const std::string others = settings.empty() ? "" : " or excluded by " + Alternatives(settings);
    plan.excluded_by = "are outside of dropbox.path" + others;
    settings.insert(settings.begin(), "dropbox.path");
  }
  if (!settings.empty()) plan.correction = "correct " + Alternatives(settings);
}

std::uint64_t DeletionLimit(const config::MaxDelete& setting, const DeletionPlan& plan) {
  if (setting.unlimited) return std::numeric_limits<std::uint64_t>::max();
  if (!setting.automatic) return setting.count;
  // Nothing at all where there was something: an emptied folder looks the same as a broken one.
  if (plan.listed == 0) return 0;
  return std::min(std::max(kAlwaysAllowed, plan.index_count / kShare), HalfOf(plan.index_count));
}

Result<void> CheckDeletions(const config::MaxDelete& setting, const DeletionPlan& plan) {
  const std::uint64_t limit = DeletionLimit(setting, plan);
  if (plan.to_delete <= LeftOf(setting, limit, plan.already)) return {};
  const std::string without =
      plan.excluded == 0 ? ""
                         : fmt::format(", less the {} that {},",
                                       report::CountOf(plan.excluded, "entry"), plan.excluded_by);
  return Fail(ErrorKind::kSafetyStop,
              fmt::format("{}{} lacks {} of the {} in the index, more than sync.max_delete "
                          "allows ({}); {} deleted. If that is right, run: dbx-es {} "
                          "--max-delete {}{}",
                          plan.what, without, report::WithThousands(plan.to_delete),
                          report::CountOf(plan.index_count, "document"), limit,
                          plan.already == 0
                              ? "nothing was"
                              : fmt::format("after {} that Dropbox reported, nothing more was",
                                            plan.already),
                          plan.command, plan.to_delete,
                          plan.excluded == 0 ? "" : fmt::format("; if not, {}", plan.correction)));
}

Result<void> CheckFeedDeletions(const config::MaxDelete& setting, const FeedDeletions& deletions,
                                std::string_view command,
                                const std::function<Result<std::uint64_t>()>& count_index) {
  if (setting.unlimited) return {};
  std::uint64_t limit = setting.automatic ? FeedDeletions::kAlwaysAllowed : setting.count;
  if (setting.automatic && deletions.count > limit) {
    TRY_ASSIGN(const std::uint64_t all, count_index());
    limit = HalfOf(all);
  }
  if (deletions.count <= limit) return {};
  return Fail(
      ErrorKind::kSafetyStop,
      fmt::format("the changes in Dropbox would delete {}, more than sync.max_delete "
                  "allows ({}); nothing was deleted, and the deletions wait. Among them: {}. If "
                  "that is right, run: dbx-es {} --max-delete {}; if not, restore the files in "
                  "Dropbox",
                  report::CountOf(deletions.count, "document"), limit,
                  fmt::join(deletions.paths, ", "), command, deletions.count));
}

}  // namespace dbxes::sync
