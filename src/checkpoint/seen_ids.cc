// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/seen_ids.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "base/hash.h"
#include "base/tree_path.h"

namespace dbxes::checkpoint {
namespace {

struct Record {
  std::uint64_t id_hash;  // 0 for the mark of a folder
  PathTable::Word word;   // 0 for an entry without a path, kExcluded for an exclusion by rules
};
static_assert(sizeof(Record) == 16);

// Not the word of a path: those have higher bits.
constexpr PathTable::Word kExcluded = 1;

// Calls `visit` for each record of a chunk of the file.
template <class Visit>
std::function<Result<void>(std::string_view)> ForEachRecord(Visit visit) {
  return [visit](std::string_view chunk) -> Result<void> {
    for (std::size_t at = 0; at + sizeof(Record) <= chunk.size(); at += sizeof(Record)) {
      Record record;
      std::memcpy(&record, chunk.data() + at, sizeof(record));
      visit(record);
    }
    return {};
  };
}

}  // namespace

SeenIds::SeenIds(DurableFiles& files, std::string path) : file_(files, std::move(path)) {}

Result<void> SeenIds::Open(const SideFileExtent& extent) {
  table_.Clear();
  folder_replaced_ = false;
  known_folder_.clear();
  return file_.Open(extent, sizeof(Record), ForEachRecord([this](const Record& record) {
                      if (record.word > kExcluded) Put(record.word);
                    }));
}

PathTable::Word SeenIds::Put(PathTable::Word word) {
  const PathTable::Word before = table_.Put(word);
  folder_replaced_ |= PathTable::IsFile(word) && before != 0 && !PathTable::IsFile(before);
  return before;
}

void SeenIds::Append(std::uint64_t id_hash, PathTable::Word word) {
  const Record record{id_hash, word};
  file_.Append({reinterpret_cast<const char*>(&record), sizeof(record)});
}

// Marks the folders above from the inside out, up to one that is known: the folders above that one
// are marked, too, unless a file has replaced one of them. A file among them becomes a folder: when
// the listing shows the file again, it replaces everything under it. Entries of one folder mostly
// follow each other; a file that replaces this folder, or one above, is an entry of another folder.
void SeenIds::MarkFolders(std::string_view path) {
  const std::string_view folder = FolderOf(path);
  if (folder == known_folder_) return;
  for (std::size_t slash = folder.size(); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const PathTable::Word mark = PathTable::MakeFolderMark(Hash64(path.substr(0, slash)));
    const PathTable::Word before = Put(mark);
    if (before == 0 || PathTable::IsFile(before)) Append(0, mark);
    if (before != 0 && !folder_replaced_) break;
  }
  known_folder_ = folder;
}

SeenIds::Key SeenIds::KeyOf(std::string_view id, std::string_view path) {
  return {Hash64(id), Hash64(path)};
}

SeenIds::Place SeenIds::Note(const Key& key, std::string_view path, bool is_folder) {
  if (path.empty()) {
    Append(key.id, 0);
    return Place::kFree;
  }
  MarkFolders(path);
  const PathTable::Word word = PathTable::MakeWord(key.path, key.id, is_folder);
  const PathTable::Word before = Put(word);
  // Also if it is repeated: it may have been excluded in between.
  Append(key.id, word);
  if (before == word) return Place::kRepeated;
  if (before == 0 || (is_folder && PathTable::IsFolderMark(before))) return Place::kFree;
  return Place::kOccupied;
}

void SeenIds::NoteExcluded(std::string_view id) { Append(Hash64(id), kExcluded); }

Result<std::vector<std::uint64_t>> SeenIds::LoadSorted() {
  table_.Clear();
  std::vector<std::uint64_t> hashes;
  std::vector<Exclusion> exclusions;
  hashes.reserve(file_.extent().bytes / sizeof(Record));
  TRY(file_.Read(sizeof(Record), ForEachRecord([&](const Record& record) {
                   if (record.word == kExcluded) {
                     exclusions.push_back({record.id_hash, hashes.size()});
                   } else if (record.id_hash != 0) {
                     hashes.push_back(record.id_hash);
                   }
                 })));
  RemoveExcluded(exclusions, hashes);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  excluded_.clear();
  for (const Exclusion& exclusion : exclusions) {
    const std::uint64_t hash = exclusion.id_hash;
    const bool counted = !excluded_.empty() && excluded_.back() == hash;
    if (!counted && !std::binary_search(hashes.begin(), hashes.end(), hash)) {
      excluded_.push_back(hash);
    }
  }
  return hashes;
}

// Removes from `hashes`, which are in the order of Note, those with a later exclusion. Sorts
// `exclusions`.
void SeenIds::RemoveExcluded(std::vector<Exclusion>& exclusions,
                             std::vector<std::uint64_t>& hashes) {
  has_withdrawn_ = false;
  if (exclusions.empty()) return;
  std::sort(exclusions.begin(), exclusions.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto later =
        std::lower_bound(exclusions.begin(), exclusions.end(), Exclusion{hashes[i], i + 1});
    const bool excluded = later != exclusions.end() && later->id_hash == hashes[i];
    if (!excluded) hashes[kept++] = hashes[i];
  }
  // Each exclusion follows a note of the same entry. More removed notes than that are earlier ones.
  has_withdrawn_ = hashes.size() - kept > exclusions.size();
  hashes.resize(kept);
}

}  // namespace dbxes::checkpoint
