// SPDX-License-Identifier: Apache-2.0
// Whom the account's shared links let read, who stand in no list of members. A link to a folder
// opens what lies in it, but not other shared folders inside, which have rules of their own.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/sharing.h"

namespace dbxes::permissions {

class LinkReaders {
 public:
  LinkReaders(EventLoop& loop, dropbox::SharingClient& sharing) : loop_(loop), sharing_(sharing) {}

  // Lists the links when first called. An error is about the run: links that could not be read open
  // nothing, and are told of in `problem`.
  Result<void> Load();
  // `path_lower` and `shared_folder_id` of the document, "" for none.
  dropbox::LinkAudience AudienceOf(std::string_view id, std::string_view path_lower,
                                   std::string_view shared_folder_id) const;
  const std::string& problem() const { return problem_; }

 private:
  // What a folder's link opens: the places beneath that are in the same shared folder.
  struct Opened {
    std::string shared_folder_id;
    dropbox::LinkAudience audience;
  };
  Result<std::vector<dropbox::SharedLink>> ListAll();
  Result<void> Place(const std::vector<dropbox::SharedLink>& folders);
  Result<void> Note(const Error& error);

  EventLoop& loop_;
  dropbox::SharingClient& sharing_;
  bool loaded_ = false;
  std::string problem_;
  std::map<std::string, dropbox::LinkAudience, std::less<>> files_;  // by id
  std::map<std::string, std::vector<Opened>, std::less<>> folders_;  // by path
};

}  // namespace dbxes::permissions
