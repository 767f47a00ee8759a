// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/pending_deletions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"

namespace dbxes {
namespace {

constexpr std::size_t kChunk = 1 << 20;

// ["path", seq, subtree, "keep_id"], one a line.
void AppendLine(const PendingDeletion& deletion, std::string& out) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartArray();
  WriteString(writer, deletion.path);
  writer.Int64(deletion.seq);
  writer.Bool(deletion.subtree);
  WriteString(writer, deletion.keep_id);
  writer.EndArray();
  out += View(buffer);
  out += '\n';
}

Result<PendingDeletion> ParseLine(std::string_view line, const std::string& path) {
  auto json = ParseJson(line, path);
  const bool good = json && json->IsArray() && json->Size() == 4 && (*json)[0].IsString() &&
                    (*json)[1].IsInt64() && (*json)[2].IsBool() && (*json)[3].IsString();
  if (!good) {
    return Fail(ErrorKind::kConfig,
                fmt::format("state file {} is damaged: move it and the .json file beside it away "
                            "and run dbx-es full-sync",
                            path));
  }
  return PendingDeletion{std::string(View((*json)[0])), (*json)[1].GetInt64(), (*json)[2].GetBool(),
                         std::string(View((*json)[3]))};
}

}  // namespace

PendingDeletions::PendingDeletions(FileSystem& files, std::string path)
    : files_(files), path_(std::move(path)) {}

Result<void> PendingDeletions::Open(std::uint64_t bytes) {
  cover_.clear();
  unwritten_.clear();
  bytes_ = bytes;
  file_.reset();
  // Most runs delete nothing and need no file.
  if (bytes == 0) return files_.Remove(path_);
  auto file = files_.OpenAppend(path_, bytes);
  if (!file) return Fail(file.error());
  file_ = std::move(*file);
  if (!track_cover_) return {};
  return ForEachBatch(1000, [&](const std::vector<PendingDeletion>& batch) -> Result<void> {
    for (const auto& deletion : batch) {
      if (deletion.subtree) cover_.insert(Hash64(deletion.path));
    }
    return {};
  });
}

void PendingDeletions::Add(const PendingDeletion& deletion) {
  const std::size_t before = unwritten_.size();
  AppendLine(deletion, unwritten_);
  bytes_ += unwritten_.size() - before;
  if (track_cover_ && deletion.subtree) cover_.insert(Hash64(deletion.path));
}

Result<void> PendingDeletions::Sync() {
  if (unwritten_.empty()) return {};
  if (!file_) {
    auto file = files_.OpenAppend(path_, 0);
    if (!file) return Fail(file.error());
    file_ = std::move(*file);
  }
  if (auto done = file_->Append(unwritten_); !done) return done;
  unwritten_.clear();
  return file_->Sync();
}

bool PendingDeletions::Covers(std::string_view path) const {
  if (cover_.empty()) return false;
  for (std::size_t end = path.size(); end != std::string_view::npos && end > 0;
       end = path.rfind('/', end - 1)) {
    if (cover_.count(Hash64(path.substr(0, end))) != 0) return true;
  }
  return false;
}

Result<void> PendingDeletions::ForEachBatch(
    std::size_t batch_size,
    const std::function<Result<void>(const std::vector<PendingDeletion>&)>& visit) {
  if (auto synced = Sync(); !synced) return synced;
  std::vector<PendingDeletion> batch;
  std::string rest;
  const auto give = [&]() -> Result<void> {
    if (batch.empty()) return {};
    auto done = visit(batch);
    batch.clear();
    return done;
  };
  for (std::uint64_t offset = 0; offset < bytes_;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, bytes_ - offset));
    auto chunk = files_.ReadRange(path_, offset, wanted);
    if (!chunk) return Fail(chunk.error());
    if (chunk->empty()) return Fail(ErrorKind::kInternal, path_ + " is shorter than expected");
    offset += chunk->size();
    rest += *chunk;
    std::size_t start = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos;
         end = rest.find('\n', start)) {
      auto deletion = ParseLine(std::string_view(rest).substr(start, end - start), path_);
      if (!deletion) return Fail(deletion.error());
      batch.push_back(std::move(*deletion));
      start = end + 1;
      if (batch.size() < batch_size) continue;
      if (auto done = give(); !done) return done;
    }
    rest.erase(0, start);
  }
  return give();
}

Result<void> PendingDeletions::Clear() { return Open(0); }

}  // namespace dbxes
