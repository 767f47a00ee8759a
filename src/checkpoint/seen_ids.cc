// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/seen_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/hash.h"

namespace dbxes {
namespace {

struct Record {
  std::uint64_t id_hash;  // 0 for the mark of a folder
  PathTable::Word word;   // 0 for what has no place
};
static_assert(sizeof(Record) == 16);

constexpr std::size_t kChunk = 65536 * sizeof(Record);

// Calls `visit` for each record of the first `bytes` of the file.
template <class Visit>
Result<void> ForEachRecord(FileSystem& files, const std::string& path, std::uint64_t bytes,
                           Visit visit) {
  for (std::uint64_t offset = 0; offset < bytes; offset += kChunk) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, bytes - offset));
    auto chunk = files.ReadRange(path, offset, wanted);
    if (!chunk) return Fail(chunk.error());
    if (chunk->size() != wanted) {
      return Fail(ErrorKind::kInternal,
                  fmt::format("{} is shorter than its checkpoint says", path));
    }
    for (std::size_t at = 0; at + sizeof(Record) <= chunk->size(); at += sizeof(Record)) {
      Record record;
      std::memcpy(&record, chunk->data() + at, sizeof(record));
      visit(record);
    }
  }
  return {};
}

}  // namespace

SeenIds::SeenIds(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

Result<void> SeenIds::Open(std::uint64_t bytes) {
  table_.Clear();
  unwritten_.clear();
  auto file = files_.OpenAppend(path_, bytes);
  if (!file) return Fail(file.error());
  file_ = std::move(*file);
  bytes_ = bytes;
  return ForEachRecord(files_, path_, bytes, [&](const Record& record) {
    if (record.word != 0) table_.Put(record.word);
  });
}

void SeenIds::Append(std::uint64_t id_hash, PathTable::Word word) {
  const Record record{id_hash, word};
  unwritten_.append(reinterpret_cast<const char*>(&record), sizeof(record));
  bytes_ += sizeof(record);
}

SeenIds::Place SeenIds::Note(std::string_view id, std::string_view path, bool is_folder) {
  if (path.empty()) {
    Append(Hash64(id), 0);
    return Place::kFree;
  }
  // Folders above are marked from the inside out, until one that is known: its own are, too.
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const PathTable::Word mark = PathTable::MakeWord(path.substr(0, slash), {});
    if (table_.Put(mark) != 0) break;
    Append(0, mark);
  }
  const PathTable::Word word = PathTable::MakeWord(path, id);
  const PathTable::Word before = table_.Put(word);
  if (before == word) return Place::kRepeated;
  Append(Hash64(id), word);
  if (before == 0 || (is_folder && PathTable::IsFolderMark(before))) return Place::kFree;
  return Place::kOccupied;
}

Result<void> SeenIds::Sync() {
  if (unwritten_.empty()) return {};
  if (auto done = file_->Append(unwritten_); !done) return done;
  unwritten_.clear();
  return file_->Sync();
}

Result<std::vector<std::uint64_t>> SeenIds::LoadSorted() {
  table_.Clear();
  if (auto synced = Sync(); !synced) return Fail(synced.error());
  std::vector<std::uint64_t> hashes;
  hashes.reserve(bytes_ / sizeof(Record));
  auto read = ForEachRecord(files_, path_, bytes_, [&](const Record& record) {
    if (record.id_hash != 0) hashes.push_back(record.id_hash);
  });
  if (!read) return Fail(read.error());
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

Result<void> SeenIds::Remove() {
  file_.reset();
  return files_.Remove(path_);
}

}  // namespace dbxes
