// SPDX-License-Identifier: Apache-2.0
#include "state/cluster_append.h"

#include <algorithm>
#include <utility>

#include "state/cluster_files.h"

namespace dbxes::state {
namespace {

// Bytes of a growing part that the state document has itself: it is written every few seconds.
constexpr std::size_t kInline = std::size_t{16} << 10;

// What is appended at once, since the state document may be written before it is in a chunk.
constexpr std::size_t kPiece = std::size_t{256} << 10;

std::size_t FullChunks(const Part& part) {
  const auto end = std::find_if(part.chunks.begin(), part.chunks.end(), [](const ChunkRef& chunk) {
    return chunk.bytes != StateIndex::kChunk;
  });
  return static_cast<std::size_t>(end - part.chunks.begin());
}

}  // namespace

ClusterAppend::ClusterAppend(ClusterFiles& files, std::string part, std::uint64_t size)
    : files_(files), part_(std::move(part)), size_(size) {}

// Keeps the full chunks that are in the size as a whole; what follows them is read.
Result<void> ClusterAppend::Cut() {
  if (cut_) return {};
  const auto found = files_.lease().document().parts.find(part_);
  const Part before = found == files_.lease().document().parts.end() ? Part{} : found->second;
  const std::size_t kept = std::min<std::size_t>(
      FullChunks(before), static_cast<std::size_t>(size_ / StateIndex::kChunk));
  std::string recent;
  std::uint64_t at = kept * StateIndex::kChunk;
  for (std::size_t chunk = kept; chunk < before.chunks.size() && at < size_; ++chunk) {
    TRY_ASSIGN(const std::string bytes, files_.ReadChunk(before.chunks[chunk]));
    if (bytes.size() != before.chunks[chunk].bytes) {
      return Fail(ErrorKind::kInternal, "a chunk of the state is shorter than it was");
    }
    recent += bytes;
    at += bytes.size();
  }
  if (at < size_) recent += before.tail;
  cut_ = true;
  // A part that ends where it should stays as it is.
  recent_ = recent.substr(0, static_cast<std::size_t>(size_ - kept * StateIndex::kChunk));
  if (before.bytes() == size_) return {};
  StateDocument& document = files_.lease().Change();
  Part& part = document.parts[part_];
  DropChunks(document, part, kept);
  part.tail = recent_;
  return MoveToChunks();
}

Result<void> ClusterAppend::Append(std::string_view bytes) {
  TRY(Cut());
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPiece);
    bytes.remove_prefix(piece.size());
    size_ += piece.size();
    recent_ += piece;
    files_.lease().Change().parts[part_].tail += piece;
    TRY(MoveToChunks());
  }
  return {};
}

// The part is whole at every moment: while a chunk is being written, the state document may be,
// too.
Result<void> ClusterAppend::MoveToChunks() {
  while (recent_.size() >= StateIndex::kChunk) {
    TRY_ASSIGN(auto chunk,
               files_.WriteChunk(std::string_view(recent_).substr(0, StateIndex::kChunk)));
    recent_.erase(0, StateIndex::kChunk);
    StateDocument& document = files_.lease().Change();
    Part& part = document.parts[part_];
    DropChunks(document, part, FullChunks(part));
    part.chunks.push_back(std::move(chunk));
    part.tail = recent_;
  }
  const auto found = files_.lease().document().parts.find(part_);
  if (found == files_.lease().document().parts.end()) return {};
  const std::string tail = found->second.tail;
  if (tail.size() <= kInline) return {};
  TRY_ASSIGN(auto chunk, files_.WriteChunk(tail));
  Part& part = files_.lease().Change().parts[part_];
  part.chunks.push_back(std::move(chunk));
  part.tail.clear();
  return {};
}

}  // namespace dbxes::state
