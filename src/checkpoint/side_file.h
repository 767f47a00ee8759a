// SPDX-License-Identifier: Apache-2.0
// A file that only grows. A checkpoint counts its first part by length and hash, so that a crash or
// a flipped bit is always noticed.
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
  SideFile(DurableFiles& files, std::string path);

  // Calls `visit` with the part that the extent counts, in chunks of a multiple of `unit` bytes
  // (except the last one), and drops the rest of the file. kConfig, with the name of the file, if
  // the file is shorter or damaged.
  Result<void> Open(const SideFileExtent& extent, std::size_t unit,
                    const std::function<Result<void>(std::string_view)>& visit);
  // Reads the part that the extent counts, and changes nothing. Errors as for Open.
  Result<void> Verify(const SideFileExtent& extent) {
    return Scan(extent, 1, [](std::string_view) { return Result<void>(); });
  }
  void Append(std::string_view bytes);
  // Writes the appended bytes to the operating system, to free the memory. The first call after an
  // Open of nothing removes what an earlier run left: no checkpoint on disk may count it by then.
  // Once this or Sync has failed, every later call returns the same error.
  Result<void> Flush();
  // Makes everything appended so far durable.
  Result<void> Sync();
  // Everything that was appended, synced or not.
  SideFileExtent extent() const;

  // Calls `visit` with everything that was appended, and checks it against the hash.
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

  DurableFiles& files_;
  std::string path_;
  std::unique_ptr<AppendFile> file_;
  std::unique_ptr<XXH3_state_t, FreeState> state_;
  std::string unwritten_;
  mutable std::size_t hashed_ = 0;  // bytes of unwritten_ that are hashed
  bool unsynced_ = false;
  std::optional<Error> failure_;
  std::uint64_t bytes_ = 0;
};

}  // namespace dbxes::checkpoint
