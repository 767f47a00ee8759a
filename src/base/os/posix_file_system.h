// SPDX-License-Identifier: Apache-2.0
// The file system of the operating system.
#pragma once

#include "base/os/file_system.h"

namespace dbxes {

class PosixFileSystem final : public FileSystem {
 public:
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
};

}  // namespace dbxes
