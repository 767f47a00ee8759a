// SPDX-License-Identifier: Apache-2.0
// An open folder. Files are made and opened by their names in it, so that nobody can exchange the
// folder in between, and never through a symbolic link: other users may have prepared any name.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/os/descriptor.h"
#include "base/result.h"

namespace dbxes {

// An error of a system call: "cannot ACTION PATH: REASON". kNotFound for ENOENT, else kInternal;
// its tag is that of base/os/file_advice.h.
tl::unexpected<Error> FailErrno(std::string_view action, const std::string& path, int reason);

class Folder {
 public:
  static Result<Folder> Open(const std::string& path);
  // The folder that contains `path`.
  static Result<Folder> OpenParent(const std::string& path);

  struct NewFile {
    std::string name;
    Descriptor file;
  };
  // A file that was not there before, under `prefix`, random digits and `suffix`. `flags` of
  // open(2).
  Result<NewFile> Create(std::string_view prefix, std::string_view suffix, unsigned mode,
                         int flags) const;
  // Opens a file of ours with these `flags`, made with mode 0600 when absent. kInternal if the name
  // is anything but a regular file of this user with one name.
  Result<Descriptor> OpenOwn(const std::string& name, int flags) const;
  Result<void> Rename(const std::string& from, const std::string& to) const;
  // Not an error when it is not there.
  Result<void> Remove(const std::string& name) const;
  // Removes all files whose names begin and end like this.
  Result<void> RemoveAll(std::string_view prefix, std::string_view suffix) const;
  // Makes the names in it durable.
  Result<void> Sync() const;
  // kInternal if it belongs to somebody else than this user or root.
  Result<void> CheckOwner() const;

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const;

 private:
  Folder(Descriptor folder, std::string path)
      : folder_(std::move(folder)), path_(std::move(path)) {}

  Descriptor folder_;
  std::string path_;
};

// The last component of a path.
std::string NameOf(const std::string& path);

}  // namespace dbxes
