// SPDX-License-Identifier: Apache-2.0
// How shared folders are nested, and so which folder inherits members from which (Dropbox HTTP API:
// sharing/get_folder_metadata, sharing/list_folders). Read when needed and kept for the run, since
// it is small.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::permissions {

class SharedFolderTree {
 public:
  using Ids = std::set<std::string>;
  static constexpr int kDeepest = 64;  // shared folders in shared folders; more is a circle

  SharedFolderTree(EventLoop& loop, dropbox::Client& client) : loop_(loop), client_(client) {}

  // Adds to `wanted` the folders from which these inherit, up to the outermost. The parents of a
  // folder for which `is_done` returns true are not needed.
  Result<void> AddParents(Ids& wanted, const std::function<bool(const std::string&)>& is_done);
  // The folder from which this one inherits members, "" for none or an unknown one.
  std::string ParentOf(const std::string& id) const;
  // Those `among` that inherit from one of `outer`, directly or through others. Folders that
  // Dropbox does not show may be missing.
  Result<Ids> FindInside(const Ids& outer, const Ids& among);

  // Why a folder could not be read, null when it was.
  const Error* ProblemOf(const std::string& id) const;

 private:
  Result<void> ListAll();
  Result<void> AskEach(const std::vector<std::string>& ids);

  EventLoop& loop_;
  dropbox::Client& client_;
  std::unordered_map<std::string, dropbox::SharedFolder> folders_;
  std::unordered_map<std::string, Error> problems_;
  bool listed_ = false;          // sharing/list_folders was called in this run
  std::size_t asked_alone_ = 0;  // calls of sharing/get_folder_metadata in this run
};

}  // namespace dbxes::permissions
