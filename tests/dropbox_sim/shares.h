// SPDX-License-Identifier: Apache-2.0
// What is shared one by one: files with members of their own, files that were received, and links.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/account.h"
#include "dropbox_sim/content.h"
#include "dropbox_sim/event_log.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/items.h"
#include "dropbox_sim/people.h"
#include "dropbox_sim/shared_link.h"

namespace dbxes::sim {

// A file that somebody shared with the account one by one; not in the file tree unless mounted.
struct ReceivedFile {
  std::string id;
  std::string name;
  std::string url;  // preview_url
  std::string owner_display_name;
  std::string account_id;  // who received it
  std::uint64_t rev = 0;
  std::int64_t client_modified_s = 0;
  std::int64_t server_modified_s = 0;
  std::int64_t time_invited_s = 0;  // 0: absent
  std::string path_display;         // of the mount, empty while not mounted
  std::shared_ptr<const Content> content;
  bool allow_download = true;
  bool is_folder_link = false;
  std::string link_error;  // tag that the shared link routes answer, e.g. shared_link_access_denied
  std::vector<Member> members;
};

class Shares {
 public:
  // All are the caller's, and live longer.
  Shares(Ids& ids, Items& items, const People& people, EventLog& events)
      : ids_(ids), items_(items), people_(people), events_(events) {}

  // Members of this very file; an empty list removes the flag. No journal entry.
  void SetExplicitMembers(std::string_view file_path_or_id, std::vector<Member> members);
  const std::vector<Member>* explicit_members(std::string_view file_id) const;
  std::string AddReceivedFile(std::string_view name, std::string_view bytes,
                              const FileOptions& options = {});
  void RevokeReceivedFile(std::string_view id);
  void SetReceivedFileMembers(std::string_view id, std::vector<Member> members);
  // Tests set link_error, allow_download and so on here.
  ReceivedFile& received_file(std::string_view id);
  // The same id appears in the tree too.
  void MountReceivedFile(std::string_view id, std::string_view path);
  const std::deque<ReceivedFile>& received_files() const { return received_; }
  // A link of the primary account to what is there; answers its url.
  std::string AddSharedLink(std::string_view path, SharedLink link = {});
  void RevokeSharedLink(std::string_view url);
  const std::deque<SharedLink>& links() const { return links_; }

 private:
  Ids& ids_;
  Items& items_;
  const People& people_;
  EventLog& events_;
  std::map<std::string, std::vector<Member>, std::less<>> explicit_members_;
  std::deque<ReceivedFile> received_;
  std::deque<SharedLink> links_;
};

}  // namespace dbxes::sim
