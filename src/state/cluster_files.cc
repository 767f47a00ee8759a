// SPDX-License-Identifier: Apache-2.0
#include "state/cluster_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "state/cluster_append.h"

namespace dbxes::state {
namespace {

// Ids of chunks that are deleted with one request.
constexpr std::size_t kMostDeleted = 1000;

tl::unexpected<Error> NotFound(const std::string& path) {
  return Fail(ErrorKind::kNotFound, fmt::format("{} is not in the state", path));
}

}  // namespace

void DropChunks(StateDocument& document, Part& part, std::size_t from) {
  for (std::size_t at = from; at < part.chunks.size(); ++at) {
    document.garbage.push_back(std::move(part.chunks[at].id));
  }
  part.chunks.resize(from);
}

ClusterFiles::ClusterFiles(StateIndex& index, Lease& lease, std::string base)
    : index_(index), lease_(lease), base_(std::move(base)) {}

const Part* ClusterFiles::Find(const std::string& path) const {
  const auto found = lease_.document().parts.find(PartOf(path));
  return found == lease_.document().parts.end() ? nullptr : &found->second;
}

Result<std::string> ClusterFiles::ReadFile(const std::string& path) {
  const Part* part = Find(path);
  if (part == nullptr) return NotFound(path);
  return ReadRange(path, 0, static_cast<std::size_t>(part->bytes()));
}

Result<std::string> ClusterFiles::ReadRange(const std::string& path, std::uint64_t offset,
                                            std::size_t length) {
  const Part* part = Find(path);
  if (part == nullptr) return NotFound(path);
  std::string bytes;
  std::uint64_t begin = 0;  // of a chunk
  const auto add = [&](std::string_view piece) {
    const std::uint64_t wanted = offset + bytes.size();
    if (bytes.size() < length && wanted >= begin && wanted - begin < piece.size()) {
      bytes += piece.substr(static_cast<std::size_t>(wanted - begin), length - bytes.size());
    }
  };
  for (const ChunkRef& chunk : part->chunks) {
    if (bytes.size() < length && offset + bytes.size() < begin + chunk.bytes) {
      TRY_ASSIGN(const std::string content, ReadChunk(chunk));
      add(content);
      // What is missing leaves a hole that nothing may follow.
      if (content.size() != chunk.bytes) return bytes;
    }
    begin += chunk.bytes;
  }
  add(part->tail);
  return bytes;
}

Result<void> ClusterFiles::ReplaceFile(const std::string& path, std::string_view content,
                                       unsigned) {
  std::vector<ChunkRef> chunks;
  std::string_view rest = content;
  while (rest.size() > kInline) {
    TRY_ASSIGN(auto chunk, WriteChunk(rest.substr(0, StateIndex::kChunk)));
    rest.remove_prefix(static_cast<std::size_t>(chunk.bytes));
    chunks.push_back(std::move(chunk));
  }
  StateDocument& document = lease_.Change();
  Part& part = document.parts[PartOf(path)];
  DropChunks(document, part, 0);
  part.chunks = std::move(chunks);
  part.tail = rest;
  return {};
}

Result<std::unique_ptr<AppendFile>> ClusterFiles::OpenAppend(const std::string& path,
                                                             std::uint64_t size) {
  const Part* part = Find(path);
  if ((part == nullptr ? 0 : part->bytes()) < size) {
    return Fail(ErrorKind::kInternal, fmt::format("{} is shorter than {} bytes", path, size));
  }
  return std::make_unique<ClusterAppend>(*this, PartOf(path), size);
}

Result<void> ClusterFiles::Remove(const std::string& path) {
  if (Find(path) == nullptr) return {};
  StateDocument& document = lease_.Change();
  const auto found = document.parts.find(PartOf(path));
  DropChunks(document, found->second, 0);
  document.parts.erase(found);
  return {};
}

std::string ClusterFiles::HowToDiscard(bool) const {
  return fmt::format("delete the index {} (full-sync needs --take-over then)", index_.name());
}

Result<ChunkRef> ClusterFiles::WriteChunk(std::string_view bytes) {
  // The holder's name makes it unique, also where an index was deleted and made again.
  const StateDocument& document = lease_.document();
  ChunkRef chunk{fmt::format("{}{}-{}", kChunkPrefix, document.holder.owner, next_chunk_++),
                 bytes.size()};
  TRY(index_.WriteChunk(chunk.id, document.epoch, bytes));
  return chunk;
}

Result<std::string> ClusterFiles::ReadChunk(const ChunkRef& chunk) {
  // A range is read in pieces that are smaller than a chunk or do not begin with one.
  if (last_read_.first != chunk.id) {
    TRY_ASSIGN(auto bytes, index_.ReadChunk(chunk));
    last_read_ = {chunk.id, std::move(bytes)};
  }
  return last_read_.second;
}

Result<void> ClusterFiles::FindOrphans() {
  TRY_ASSIGN(auto ids, index_.ChunksBefore(lease_.document().epoch));
  std::set<std::string> known(lease_.document().garbage.begin(), lease_.document().garbage.end());
  for (const auto& [name, part] : lease_.document().parts) {
    for (const ChunkRef& chunk : part.chunks) known.insert(chunk.id);
  }
  // Whatever else somebody has put there is not ours to delete.
  std::erase_if(ids, [&](const std::string& id) {
    return known.contains(id) || !id.starts_with(kChunkPrefix);
  });
  if (ids.empty()) return {};
  StateDocument& document = lease_.Change();
  for (std::string& id : ids) document.garbage.push_back(std::move(id));
  return {};
}

Result<void> ClusterFiles::DeleteGarbage() {
  std::vector<std::string> garbage = lease_.document().garbage;
  for (std::size_t at = 0; at < garbage.size(); at += kMostDeleted) {
    const std::size_t end = std::min(garbage.size(), at + kMostDeleted);
    TRY(index_.DeleteChunks({garbage.begin() + static_cast<std::ptrdiff_t>(at),
                             garbage.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  if (garbage.empty()) return {};
  // What became garbage meanwhile is not written as such yet.
  StateDocument& document = lease_.Change();
  document.garbage.erase(document.garbage.begin(),
                         document.garbage.begin() + static_cast<std::ptrdiff_t>(garbage.size()));
  return {};
}

}  // namespace dbxes::state
