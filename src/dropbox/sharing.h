// SPDX-License-Identifier: Apache-2.0
// Members of folders and files, and received files (Dropbox HTTP API: sharing). Pages as Dropbox
// sends them: following cursors and deciding who reads is left to src/permissions and src/sync.
// Member routes give up after a few retries, since an unreadable list concerns its documents alone.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// sharing/list_folder_members and /continue (`cursor` not empty). Error::tag is the
// SharedFolderAccessError, "not_a_member".
Pending<MemberPage> ListFolderMembers(Client& client, const std::string& folder_id,
                                      const std::string& cursor);
// sharing/get_folder_metadata.
Pending<SharedFolder> GetFolderMetadata(Client& client, const std::string& folder_id);
// sharing/list_folders and /continue: every shared folder that the account may see.
Pending<SharedFolderPage> ListFolders(Client& client, const std::string& cursor);
// sharing/list_received_files and /continue (`cursor` not empty). Retried like a listing.
// kBeside: sent at the same time as another request, on a connection of its own.
enum class Timing { kAlone, kBeside };
Pending<ReceivedPage> ListReceivedFiles(Client& client, const std::string& cursor,
                                        Timing timing = Timing::kAlone);

// sharing/list_file_members/batch: the members of many files. Remembers how many members at once
// Dropbox accepts, so it should live as long as the run.
class FileMemberBatches {
 public:
  static constexpr std::size_t kMaxBatch = 100;  // files in one batch

  explicit FileMemberBatches(Client& client) : client_(client) {}

  // For up to kMaxBatch ids. The order of the answer is Dropbox's.
  Pending<std::vector<BatchedFileMembers>> List(std::span<const std::string> ids);
  // sharing/list_file_members/continue, for cursors of the batch.
  Pending<MemberPage> Continue(const std::string& cursor);

 private:
  Pending<std::vector<BatchedFileMembers>> Send(std::string argument);

  Client& client_;
  // Members of each file that a batch shows at once. Dropbox refused more than 20 for years.
  int limit_ = 300;
};

}  // namespace dbxes::dropbox
