// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/seen_ids.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "base/hash.h"

namespace dbxes {
namespace {

struct Record {
  std::uint64_t id_hash;  // 0 for the mark of a folder
  PathTable::Word word;   // 0 for what has no place
};
static_assert(sizeof(Record) == 16);

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

SeenIds::SeenIds(FileSystem& files, std::string path) : file_(files, std::move(path)) {}

Result<void> SeenIds::Open(const SideFileExtent& extent) {
  table_.Clear();
  folder_replaced_ = false;
  return file_.Open(extent, sizeof(Record), ForEachRecord([this](const Record& record) {
                      if (record.word != 0) Put(record.word);
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

SeenIds::Place SeenIds::Note(std::string_view id, std::string_view path, bool is_folder) {
  if (path.empty()) {
    Append(Hash64(id), 0);
    return Place::kFree;
  }
  // Folders above are marked from the inside out, until one that is known: its own are, too, unless
  // a file has taken the place of one. A file among them is one no more: when the listing repeats
  // it, it takes away what is beneath by then.
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const PathTable::Word mark = PathTable::MakeFolderMark(path.substr(0, slash));
    const PathTable::Word before = Put(mark);
    if (before == 0 || PathTable::IsFile(before)) Append(0, mark);
    if (before != 0 && !folder_replaced_) break;
  }
  const PathTable::Word word = PathTable::MakeWord(path, id, is_folder);
  const PathTable::Word before = Put(word);
  if (before == word) return Place::kRepeated;
  Append(Hash64(id), word);
  if (before == 0 || (is_folder && PathTable::IsFolderMark(before))) return Place::kFree;
  return Place::kOccupied;
}

Result<std::vector<std::uint64_t>> SeenIds::LoadSorted() {
  table_.Clear();
  std::vector<std::uint64_t> hashes;
  hashes.reserve(file_.extent().bytes / sizeof(Record));
  auto read = file_.Read(sizeof(Record), ForEachRecord([&](const Record& record) {
                           if (record.id_hash != 0) hashes.push_back(record.id_hash);
                         }));
  if (!read) return Fail(read.error());
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

}  // namespace dbxes
