// SPDX-License-Identifier: Apache-2.0
// Files without names, for runs that keep nothing: no other user can prepare, find or open them,
// and the kernel removes them when the process ends, however it ends.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/os/descriptor.h"
#include "base/os/file_system.h"

namespace dbxes {

class ScratchFileSystem final : public FileSystem {
 public:
  // The files take their space in `folder`, for example that of TMPDIR.
  explicit ScratchFileSystem(std::string folder) : folder_(std::move(folder)) {}

  // Folders are not needed: paths are only keys of this object.
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
  // Nobody else can hold it.
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path, std::string_view note) override;

 private:
  Result<std::shared_ptr<Descriptor>> Find(const std::string& path) const;

  std::string folder_;
  std::map<std::string, std::shared_ptr<Descriptor>> files_;
};

}  // namespace dbxes
