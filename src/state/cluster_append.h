// SPDX-License-Identifier: Apache-2.0
// A part of a state in the cluster that only grows: full chunks, then a few smaller ones that the
// next full chunk replaces, then the bytes that are in the state document itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/os/file_system.h"

namespace dbxes::state {

class ClusterFiles;

class ClusterAppend final : public AppendFile {
 public:
  // The part is cut to `size` bytes, which it has, with the first Append or Sync. `files` lives as
  // long.
  ClusterAppend(ClusterFiles& files, std::string part, std::uint64_t size);

  Result<void> Append(std::string_view bytes) override;
  // Durable with the state document, which a checkpoint that counts the bytes is a part of.
  Result<void> Sync() override { return Cut(); }
  std::uint64_t Size() const override { return size_; }

 private:
  Result<void> Cut();
  Result<void> MoveToChunks();

  ClusterFiles& files_;
  std::string part_;
  std::uint64_t size_;
  bool cut_ = false;
  std::string recent_;  // the bytes behind the full chunks
};

}  // namespace dbxes::state
