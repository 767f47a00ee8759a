// SPDX-License-Identifier: Apache-2.0
#include "sync/change_stage.h"

#include <algorithm>
#include <string>

#include "base/hash.h"

namespace dbxes {

ChangeStage::ChangeStage(PendingDeletions& pending, SeenIds* seen, SyncSequence& sequence)
    : pending_(pending), seen_(seen), sequence_(sequence) {}

void ChangeStage::NoteDeleted(const Entry& entry) {
  pending_.Add({std::string(entry.path_lower), sequence_.Next(), true, {}});
}

void ChangeStage::NotePlaced(const Entry& entry) {
  const bool is_folder = entry.kind == EntryKind::kFolder;
  Change change{&entry, sequence_.Next(), seen_ == nullptr};
  bool replaces = true;
  if (seen_ != nullptr) {
    replaces = seen_->Note(entry.id, entry.path_lower, is_folder) == SeenIds::Place::kOccupied;
    change.forced = replaces || pending_.Covers(entry.path_lower);
  }
  // Whatever was there is gone; a file takes away what was beneath, a folder keeps it.
  if (replaces) {
    pending_.Add({std::string(entry.path_lower), change.seq, !is_folder, std::string(entry.id)});
  }
  changes_.push_back(change);
}

const std::vector<Change>& ChangeStage::Note(const Page& page) {
  changes_.clear();
  for (const Entry& entry : page.entries) {
    switch (entry.kind) {
      case EntryKind::kFile:
      case EntryKind::kFolder:
        NotePlaced(entry);
        break;
      case EntryKind::kDeleted:
        NoteDeleted(entry);
        break;
      case EntryKind::kUnknown:
        ++unknown_;
        break;
    }
  }
  KeepLastOfEachId();
  return changes_;
}

void ChangeStage::KeepLastOfEachId() {
  ids_.Clear();
  bool repeated = false;
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    const std::uint64_t hash = Hash64(change->entry->id);
    if (ids_.Contains(hash)) {
      change->entry = nullptr;
      repeated = true;
    } else {
      ids_.Insert(hash);
    }
  }
  if (!repeated) return;
  changes_.erase(std::remove_if(changes_.begin(), changes_.end(),
                                [](const Change& change) { return change.entry == nullptr; }),
                 changes_.end());
}

}  // namespace dbxes
