// SPDX-License-Identifier: Apache-2.0
// A file that only grows, of which a checkpoint counts a first part: by length and hash, so that
// neither a crash nor a flipped bit is ever misread.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/os/file_system.h"

namespace dbxes::checkpoint {

// The part that a checkpoint counts.
struct SideFileExtent {
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;  // XXH3 of these bytes; 0 for none
};

class SideFile {
 public:
  SideFile(FileSystem& files, std::string path);

  // Takes up what the extent counts, showing it to `visit` in chunks of a multiple of `unit` bytes
  // (but for the last one), and drops what stands behind. kConfig, naming the file, when it is
  // shorter or was damaged.
  Result<void> Open(const SideFileExtent& extent, std::size_t unit,
                    const std::function<Result<void>(std::string_view)>& visit);
  void Append(std::string_view bytes);
  // Hands what was appended to the operating system, to free the memory. The first call after an
  // Open of nothing cuts what an earlier run left: by then no checkpoint on disk may count it. Once
  // this or Sync has failed, every later call fails in the same way.
  Result<void> Flush();
  // Durable from here on.
  Result<void> Sync();
  // All that was appended, what was not synced included.
  SideFileExtent extent() const;

  // Shows everything that was appended, checked against the hash.
  Result<void> Read(std::size_t unit, const std::function<Result<void>(std::string_view)>& visit);
  Result<void> Remove();

 private:
  tl::unexpected<Error> Break(Error error);
  void HashUnwritten() const;
  void ForgetUnwritten();
  struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  Result<void> Scan(const SideFileExtent& extent, std::size_t unit,
                    const std::function<Result<void>(std::string_view)>& visit);

  FileSystem& files_;
  std::string path_;
  std::unique_ptr<AppendFile> file_;
  std::unique_ptr<XXH3_state_t, FreeState> state_;
  std::string unwritten_;
  mutable std::size_t hashed_ = 0;  // so many bytes of it
  bool unsynced_ = false;
  std::optional<Error> failure_;
  std::uint64_t bytes_ = 0;
};

}  // namespace dbxes::checkpoint
