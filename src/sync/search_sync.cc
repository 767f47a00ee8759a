// SPDX-License-Identifier: Apache-2.0
// What a run does for advanced sync rules: it searches before a full listing and when changes ask
// for it, and looks again for what an earlier run asked search about too early.
#include <algorithm>

#include "sync/sync_run.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kLookedUpAtOnce = 1000;
constexpr std::size_t kReadAtOnce = 16;

}  // namespace

Result<void> SyncRun::OpenSearch(Pass& pass) {
  if (rules_.advanced.empty()) return {};
  // Files received one by one lie in no folder.
  const bool whole = config_.dropbox.include_received_files;
  const bool listing = pass.seen.has_value();
  pass.search.emplace(loop_, dropbox_, rules_.advanced, whole ? "" : config_.dropbox.path,
                      index_is_new_ ? nullptr : stored_.get(), state_.late, listing,
                      [this](const std::string& message) { reporter_.Warn(message); });
  if (!listing) return {};
  reporter_.Phase("searching Dropbox");
  TRY(pass.search->SearchAll());
  reporter_.Phase("listing Dropbox");
  return {};
}

Result<void> SyncRun::CatchUpWithSearch(Pass& pass) {
  if (!pass.search || !state_.late.Waits()) return {};
  SearchFilter& search = *pass.search;
  const bool due = state_.late.IsDue(environment_.clock.WallMicros() / 1'000'000);
  // What this run has just asked about search cannot know better already.
  const bool look = due && !search.HasNotedLate();
  if (look && !search.HasSearched()) {
    reporter_.Phase("searching for late changes");
    TRY(search.SearchUnder(state_.late.folder));
  }
  TRY(WriteMissing(pass, search.FoundLate(state_.late)));
  if (look) state_.late.Looked();
  return pass.checkpointer.Save();
}

Result<void> SyncRun::WriteMissing(Pass& pass, std::vector<std::string> ids) {
  std::vector<report::FailedDocument> missing;
  for (std::size_t begin = 0; begin < ids.size(); begin += kLookedUpAtOnce) {
    const std::size_t end = std::min(ids.size(), begin + kLookedUpAtOnce);
    const std::vector<std::string_view> some(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                             ids.begin() + static_cast<std::ptrdiff_t>(end));
    TRY_ASSIGN(auto stored, WithContext(stored_->Start(some).Await(), "comparing with the index"));
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!stored[i].found) missing.push_back({ids[begin + i], "", "", 0, ""});
    }
  }
  if (missing.empty()) return {};
  TRY_ASSIGN(auto root, FindRoot());
  TRY(pass.checkpointer.Reserve(missing.size()));
  DocumentStage documents = MakeDocumentStage(pass);
  for (std::size_t begin = 0; begin < missing.size(); begin += kReadAtOnce) {
    std::vector<const report::FailedDocument*> some;
    for (std::size_t i = begin; i < std::min(missing.size(), begin + kReadAtOnce); ++i) {
      some.push_back(&missing[i]);
    }
    TRY(RetrySome(some, root, pass, documents));
  }
  return sink_->Drain();
}

Result<std::uint64_t> SyncRun::DropUnwanted(Pass& pass, std::vector<dropbox::ReceivedFile>& files) {
  if (!pass.search) return 0;
  auto dropped = pass.search->DropUnwanted(files);
  if (dropped) counters_.excluded += *dropped;
  return dropped;
}

}  // namespace dbxes::sync
