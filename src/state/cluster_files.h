// SPDX-License-Identifier: Apache-2.0
// The parts of a state in the cluster, as files. What is replaced, appended or removed takes effect
// here at once, and in the cluster all together when the lease writes the state document: chunks
// are written before, and the document names them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/os/file_system.h"
#include "state/lease.h"
#include "state/state_index.h"

namespace dbxes::state {

class ClusterFiles final : public DurableFiles {
 public:
  // Bytes of a part that are in the state document itself.
  static constexpr std::size_t kInline = std::size_t{64} << 10;

  // `base`: the beginning of all names.
  ClusterFiles(StateIndex& index, Lease& lease, std::string base);

  Result<std::string> ReadFile(const std::string& path) override;
  Result<std::string> ReadRange(const std::string& path, std::uint64_t offset,
                                std::size_t length) override;
  Result<void> ReplaceFile(const std::string& path, std::string_view content,
                           unsigned mode) override;
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path,
                                                 std::uint64_t size) override;
  Result<void> Remove(const std::string& path) override;
  std::string HowToDiscard(bool with_checkpoint) const override;

  // Finds the chunks of runs that were killed before they named them.
  Result<void> FindOrphans();
  // Deletes the chunks that no part has any more. They have to be written as garbage before.
  Result<void> DeleteGarbage();

  // For AppendFile. The name of the part of a path.
  std::string PartOf(const std::string& path) const { return path.substr(base_.size()); }
  // Writes a new chunk.
  Result<ChunkRef> WriteChunk(std::string_view bytes);
  Result<std::string> ReadChunk(const ChunkRef& chunk);
  Lease& lease() { return lease_; }

 private:
  const Part* Find(const std::string& path) const;

  StateIndex& index_;
  Lease& lease_;
  std::string base_;
  std::uint64_t next_chunk_ = 0;
  std::pair<std::string, std::string> last_read_;  // id and bytes of a chunk
};

// Chunks `from` and later are no longer used by `part`.
void DropChunks(StateDocument& document, Part& part, std::size_t from);

}  // namespace dbxes::state
