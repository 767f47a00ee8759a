// SPDX-License-Identifier: Apache-2.0
// The file system of the operating system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/os/file_system.h"
#include "base/result.h"

namespace dbxes {

class PosixFileSystem final : public FileSystem {
 public:
  // The longest part of a state that is read as a whole is the list of failures.
  static constexpr std::size_t kMostOfState = std::size_t{1} << 30;
  // Configurations, secrets and certificates.
  static constexpr std::size_t kMostOfSetting = std::size_t{16} << 20;

  // ReadFile fails with kInternal for a file of more than `most_of_file` bytes: its owner
  // may have given it any size without a disk for it. Of pipes, it reads at most 16 MiB.
  explicit PosixFileSystem(std::size_t most_of_file = kMostOfState) : most_of_file_(most_of_file) {}

  Result<void> MakeFolders(const std::string& path, unsigned mode) override;
  Result<std::string> ReadFile(const std::string& path) override;
  Result<std::string> ReadRange(const std::string& path, std::uint64_t offset,
                                std::size_t length) override;
  Result<void> ReplaceFile(const std::string& path, std::string_view content,
                           unsigned mode) override;
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path,
                                                 std::uint64_t size) override;
  Result<std::string> WriteNew(const std::string& folder, std::string_view prefix,
                               std::string_view content) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> RemoveAll(const std::string& folder, std::string_view prefix,
                         std::string_view suffix) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path, std::string_view note) override;

 private:
  std::size_t most_of_file_;
};

}  // namespace dbxes
