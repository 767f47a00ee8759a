// SPDX-License-Identifier: Apache-2.0
// The people who can read through the account's shared links without being members. A link to a
// folder opens its content, but not other shared folders inside, which have access lists of their
// own (Dropbox HTTP API: sharing/list_shared_links).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/client.h"

namespace dbxes::permissions {

class LinkReaders {
 public:
  LinkReaders(EventLoop& loop, dropbox::Client& client) : loop_(loop), client_(client) {}

  // Lists the links when first called. An error concerns the run; links that could not be read open
  // nothing, and `problem` says why.
  Result<void> Load();
  // `path_lower` and `shared_folder_id` of the document, "" for none.
  dropbox::LinkAudience AudienceOf(std::string_view id, std::string_view path_lower,
                                   std::string_view shared_folder_id) const;
  const std::string& problem() const { return problem_; }

 private:
  // A folder's link opens the paths below that are in the same shared folder.
  struct Opened {
    std::string shared_folder_id;
    dropbox::LinkAudience audience;
  };
  Result<std::vector<dropbox::SharedLink>> ListAll();
  Result<void> LocateFolders(const std::vector<dropbox::SharedLink>& folders);
  Result<void> SetProblem(const Error& error);

  EventLoop& loop_;
  dropbox::Client& client_;
  bool loaded_ = false;
  std::string problem_;
  std::map<std::string, dropbox::LinkAudience, std::less<>> files_;  // by id
  std::map<std::string, std::vector<Opened>, std::less<>> folders_;  // by path
};

}  // namespace dbxes::permissions
