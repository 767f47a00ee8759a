// SPDX-License-Identifier: Apache-2.0
#include "base/os/scratch_file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "base/os/file_bytes.h"
#include "base/os/folder.h"

namespace dbxes {
namespace {

struct NoLock final : FileLock {};

// O_EXCL: nobody can give it a name later (open(2)).
Result<Descriptor> OpenNameless(const std::string& folder) {
  constexpr int kFlags = O_TMPFILE | O_RDWR | O_APPEND | O_EXCL | O_CLOEXEC;
  Descriptor file(::open(folder.c_str(), kFlags, 0600));
  if (file.is_open()) return file;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL) {
    return FailErrno("create a file in", folder, errno);
  }
  // The file system lacks it: the file has a random name for an instant.
  TRY_ASSIGN(const Folder open, Folder::Open(folder));
  TRY_ASSIGN(Folder::NewFile made, open.Create("dbx-es-", "", 0600, O_RDWR | O_APPEND));
  TRY(open.Remove(made.name));
  return std::move(made.file);
}

}  // namespace

Result<std::shared_ptr<Descriptor>> ScratchFileSystem::Find(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return FailErrno("open", path, ENOENT);
  return found->second;
}

Result<void> ScratchFileSystem::MakeFolders(const std::string&, unsigned) { return {}; }

Result<std::string> ScratchFileSystem::ReadFile(const std::string& path) {
  TRY_ASSIGN(const auto file, Find(path));
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return FailErrno("read", path, errno);
  return ReadAt(file->get(), 0, static_cast<std::size_t>(status.st_size), path);
}

Result<std::string> ScratchFileSystem::ReadRange(const std::string& path, std::uint64_t offset,
                                                 std::size_t length) {
  TRY_ASSIGN(const auto file, Find(path));
  return ReadAt(file->get(), offset, length, path);
}

Result<void> ScratchFileSystem::ReplaceFile(const std::string& path, std::string_view content,
                                            unsigned) {
  TRY_ASSIGN(auto file, OpenNameless(folder_));
  TRY(WriteAll(file.get(), content, path));
  files_[path] = std::make_shared<Descriptor>(std::move(file));
  return {};
}

Result<std::unique_ptr<AppendFile>> ScratchFileSystem::OpenAppend(const std::string& path,
                                                                  std::uint64_t size) {
  auto& file = files_[path];
  if (!file) {
    TRY_ASSIGN(auto made, OpenNameless(folder_));
    file = std::make_shared<Descriptor>(std::move(made));
  }
  return AppendTo(file, size, path);
}

Result<std::string> ScratchFileSystem::WriteNew(const std::string& folder, std::string_view prefix,
                                                std::string_view content) {
  std::string path = fmt::format("{}/{}{}", folder, prefix, files_.size());
  TRY(ReplaceFile(path, content, 0600));
  return path;
}

Result<void> ScratchFileSystem::Remove(const std::string& path) {
  files_.erase(path);
  return {};
}

Result<void> ScratchFileSystem::RemoveAll(const std::string& folder, std::string_view prefix,
                                          std::string_view suffix) {
  const std::string begin = fmt::format("{}/{}", folder, prefix);
  std::erase_if(files_, [&](const auto& file) {
    return file.first.starts_with(begin) && file.first.ends_with(suffix);
  });
  return {};
}

Result<std::unique_ptr<FileLock>> ScratchFileSystem::Lock(const std::string&, std::string_view) {
  return std::make_unique<NoLock>();
}

}  // namespace dbxes
