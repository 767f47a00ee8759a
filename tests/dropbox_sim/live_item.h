// SPDX-License-Identifier: Apache-2.0
// The expected result of a sync: what an index should hold.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dropbox_sim/content.h"
#include "dropbox_sim/items.h"
#include "dropbox_sim/shares.h"

namespace dbxes::sim {

// What an index should hold of one item.
struct LiveItem {
  Kind kind = Kind::kFile;
  std::string id;
  std::string path_lower;
  std::string path_display;
  std::string name;
  std::string rev;
  std::uint64_t size = 0;
  std::string content_hash;  // empty: absent
  std::string client_modified;
  std::string server_modified;
  std::string namespace_id;             // where it lives
  std::string shared_folder_id;         // the item is this mount
  std::string parent_shared_folder_id;  // the shared folder that the item is in
  std::string home_of;                  // the item is the home of this account, mounted in a root
  bool is_downloadable = true;
  bool has_explicit_members = false;
  bool received = false;  // shared one by one and not in the tree: paths are empty
  std::shared_ptr<const Content> content;
  std::string markdown;  // what a cloud document is exported as
};

// Everything in a namespace and in what is mounted there; only what `viewer` sees, unless it is
// null.
std::vector<LiveItem> LiveItems(const Items& items, const Shares& shares, std::uint32_t ns,
                                const Account* viewer);
std::vector<LiveItem> LiveReceivedFiles(const Shares& shares);

}  // namespace dbxes::sim
