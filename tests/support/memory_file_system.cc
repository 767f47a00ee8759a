// SPDX-License-Identifier: Apache-2.0
#include "support/memory_file_system.h"

#include <fmt/format.h>

#include <vector>

#include "base/os/file_advice.h"

namespace dbxes {

class MemoryAppendFile final : public AppendFile {
 public:
  MemoryAppendFile(MemoryFileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}
  Result<void> Append(std::string_view bytes) override {
    if (auto allowed = files_.Change(path_); !allowed) return allowed;
    files_.files_[path_] += bytes;
    return {};
  }
  Result<void> Sync() override {
    if (auto allowed = files_.Change(path_); !allowed) return allowed;
    files_.synced_[path_] = files_.files_[path_].size();
    return {};
  }
  std::uint64_t Size() const override { return files_.files_[path_].size(); }

 private:
  MemoryFileSystem& files_;
  std::string path_;
};

class MemoryLock final : public FileLock {
 public:
  MemoryLock(MemoryFileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  ~MemoryLock() override { files_.locked_.erase(path_); }

 private:
  MemoryFileSystem& files_;
  std::string path_;
};

Result<void> MemoryFileSystem::Change(const std::string& path) {
  if (changes_ >= fail_after_) {
    return Fail(Error{.kind = ErrorKind::kInternal,
                      .message = fmt::format("cannot write {}: No space left on device", path),
                      .tag = std::string(kNoRoomTag)});
  }
  ++changes_;
  return {};
}

Result<void> MemoryFileSystem::MakeFolders(const std::string&, unsigned) { return {}; }

Result<std::string> MemoryFileSystem::ReadFile(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return Fail(ErrorKind::kNotFound, "cannot open " + path);
  return found->second;
}

Result<std::string> MemoryFileSystem::ReadRange(const std::string& path, std::uint64_t offset,
                                                std::size_t length) {
  auto content = ReadFile(path);
  if (!content) return content;
  return offset >= content->size() ? std::string() : content->substr(offset, length);
}

Result<void> MemoryFileSystem::ReplaceFile(const std::string& path, std::string_view content,
                                           unsigned) {
  if (auto allowed = Change(path); !allowed) return allowed;
  files_[path] = content;
  synced_.erase(path);
  return {};
}

Result<std::unique_ptr<AppendFile>> MemoryFileSystem::OpenAppend(const std::string& path,
                                                                 std::uint64_t size) {
  if (auto allowed = Change(path); !allowed) return Fail(allowed.error());
  std::string& content = files_[path];
  if (content.size() < size) return Fail(ErrorKind::kInternal, path + " is shorter than expected");
  content.resize(size);
  synced_[path] = size;
  return std::make_unique<MemoryAppendFile>(*this, path);
}

Result<std::string> MemoryFileSystem::WriteNew(const std::string& folder, std::string_view prefix,
                                               std::string_view content) {
  std::string path = fmt::format("{}/{}{}", folder, prefix, ++new_files_);
  TRY(ReplaceFile(path, content, 0600));
  return path;
}

Result<void> MemoryFileSystem::RemoveAll(const std::string& folder, std::string_view prefix,
                                         std::string_view suffix) {
  const std::string begin = fmt::format("{}/{}", folder, prefix);
  std::vector<std::string> paths;
  for (const auto& [path, content] : files_) {
    if (path.starts_with(begin) && path.ends_with(suffix)) paths.push_back(path);
  }
  for (const std::string& path : paths) TRY(Remove(path));
  return {};
}

Result<void> MemoryFileSystem::Remove(const std::string& path) {
  if (files_.count(path) == 0) return {};
  if (auto allowed = Change(path); !allowed) return allowed;
  files_.erase(path);
  synced_.erase(path);
  return {};
}

Result<std::unique_ptr<FileLock>> MemoryFileSystem::Lock(const std::string& path,
                                                         std::string_view note) {
  if (locked_.count(path) != 0) return Fail(ErrorKind::kLocked, files_[path]);
  if (auto allowed = Change(path); !allowed) return Fail(allowed.error());
  files_[path] = note;
  locked_.insert(path);
  return std::make_unique<MemoryLock>(*this, path);
}

void MemoryFileSystem::Crash() {
  for (const auto& [path, bytes] : synced_) files_[path].resize(bytes);
  locked_.clear();
}

}  // namespace dbxes
