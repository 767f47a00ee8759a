// SPDX-License-Identifier: Apache-2.0
// Members of single files, up to a hundred files in a request. The answer leaves inherited members
// out, as the folder's list has them (Dropbox HTTP API: sharing/list_file_members/batch).
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "dropbox/sharing.h"

namespace dbxes::permissions {

// The members of one file, or why they could not be read.
struct MembersOfFile {
  std::vector<dropbox::Member> members;
  bool unknown = false;  // Dropbox has no such file, or not for this account
  std::string problem;   // "" when `members` is complete
  int http_status = 0;
};

class FileMembers {
 public:
  using ById = std::map<std::string, MembersOfFile>;

  FileMembers(EventLoop& loop, dropbox::Client& client)
      : loop_(loop), client_(client), batches_(client) {}

  // An error concerns the run; what concerns one file is in its MembersOfFile.
  Result<ById> Read(const std::vector<std::string>& ids);
  // Whether the file is no longer in the account's tree; false when Dropbox does not say.
  Result<bool> HasLeft(const std::string& id);
  // Called with each membership that is read.
  void OnMember(std::function<void(const dropbox::Member&)> action) {
    on_member_ = std::move(action);
  }

 private:
  using Batch = std::span<const std::string>;
  Result<void> FinishBatch(Batch ids,
                           const Pending<std::vector<dropbox::BatchedFileMembers>>& answer,
                           ById& files);
  Result<void> FinishFile(dropbox::BatchedFileMembers& row, MembersOfFile& file);

  EventLoop& loop_;
  dropbox::Client& client_;
  dropbox::FileMemberBatches batches_;
  std::function<void(const dropbox::Member&)> on_member_;
  std::set<std::string> left_;  // files; the feed may report one several times
};

}  // namespace dbxes::permissions
