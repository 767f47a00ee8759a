// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/change_stage.h"

#include <algorithm>
#include <string>

#include "base/hash.h"

namespace dbxes::sync {
namespace {

// So far ahead the memory of an entry's place in the table is asked for: enough that it has come by
// then, and not so much that it is gone again.
constexpr std::size_t kKeysAhead = 32;

}  // namespace

ChangeStage::ChangeStage(checkpoint::PendingDeletions& pending, checkpoint::SeenIds* seen,
                         checkpoint::SyncSequence& sequence)
    : pending_(pending), seen_(seen), sequence_(sequence) {}

void ChangeStage::NoteDeleted(const delta::Entry& entry) {
  pending_.Add({std::string(entry.path_lower), sequence_.Next(), true, {}});
}

void ChangeStage::NotePlaced(const delta::Entry& entry, const checkpoint::SeenIds::Key& key) {
  const bool is_folder = entry.kind == delta::EntryKind::kFolder;
  delta::Change change{&entry, sequence_.Next(), seen_ == nullptr};
  bool replaces = true;
  if (seen_ != nullptr) {
    replaces =
        seen_->Note(key, entry.path_lower, is_folder) == checkpoint::SeenIds::Place::kOccupied;
    change.forced = replaces || pending_.Covers(entry.path_lower);
  }
  // Whatever was there is gone. A file removes what was under it, a folder keeps it.
  if (replaces) {
    pending_.Add({std::string(entry.path_lower), change.seq, !is_folder, std::string(entry.id)});
  }
  changes_.push_back(change);
}

void ChangeStage::MakeKeys(const delta::Page& page, std::size_t end) {
  end = std::min(end, page.entries.size());
  while (keys_.size() < end) {
    const delta::Entry& entry = page.entries[keys_.size()];
    keys_.push_back(checkpoint::SeenIds::KeyOf(entry.id, entry.path_lower));
    if (seen_ != nullptr) seen_->Expect(keys_.back());
  }
}

const std::vector<delta::Change>& ChangeStage::Note(const delta::Page& page) {
  changes_.clear();
  keys_.clear();
  for (std::size_t at = 0; at < page.entries.size(); ++at) {
    MakeKeys(page, at + kKeysAhead);
    const delta::Entry& entry = page.entries[at];
    switch (entry.kind) {
      case delta::EntryKind::kFile:
      case delta::EntryKind::kFolder:
        NotePlaced(entry, keys_[at]);
        break;
      case delta::EntryKind::kDeleted:
        NoteDeleted(entry);
        break;
      case delta::EntryKind::kUnknown:
        ++unknown_;
        // It exists, whatever it is: its document is not one that is gone.
        if (seen_ != nullptr && !entry.id.empty()) seen_->Note(entry.id, "", false);
        break;
    }
  }
  KeepLastOfEachId(page);
  return changes_;
}

void ChangeStage::KeepLastOfEachId(const delta::Page& page) {
  ids_.Clear();
  bool repeated = false;
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    const auto at = static_cast<std::size_t>(change->entry - page.entries.data());
    if (ids_.Insert(keys_[at].id)) continue;
    change->entry = nullptr;
    repeated = true;
  }
  if (!repeated) return;
  changes_.erase(
      std::remove_if(changes_.begin(), changes_.end(),
                     [](const delta::Change& change) { return change.entry == nullptr; }),
      changes_.end());
}

}  // namespace dbxes::sync
