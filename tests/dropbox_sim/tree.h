// SPDX-License-Identifier: Apache-2.0
// The world behind the simulated Dropbox. Tests change it with plain calls: its files and folders
// here, the rest with those who keep it. Misuse throws TreeError, since it is a bug of the test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/event_log.h"
#include "dropbox_sim/folders.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/item.h"
#include "dropbox_sim/items.h"
#include "dropbox_sim/live_item.h"
#include "dropbox_sim/people.h"
#include "dropbox_sim/rights.h"
#include "dropbox_sim/shares.h"

namespace dbxes::sim {

class Tree {
 public:
  Tree(std::uint64_t seed, ClockFn clock);
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  // Places. A path is "/a/b" in the home of the primary account, or "ns:123/a/b" in any namespace.
  // Parents that are missing are made, with entries of their own.

  // Adds a file, or overwrites the one that is there. Returns its id.
  std::string AddFile(std::string_view path, std::string_view bytes,
                      const FileOptions& options = {});
  // As AddFile, with content that is made up from `content_seed` and never stored.
  std::string AddSyntheticFile(std::string_view path, std::uint64_t size,
                               std::uint64_t content_seed, const FileOptions& options = {});
  // New bytes, same id, new rev.
  void Overwrite(std::string_view path, std::string_view bytes);
  // New server_modified and rev, same bytes.
  void Touch(std::string_view path);
  // Changes only the bytes that are served, so that they no longer match size and content_hash.
  void CorruptContent(std::string_view path, std::string_view bytes);
  void SetExtras(std::string_view path, const Extras& extras);
  std::string AddFolder(std::string_view path);
  // A cloud document: not downloadable, exported as markdown or html.
  std::string AddPaper(std::string_view path, std::string_view markdown,
                       std::string_view html = {});
  void Move(std::string_view from, std::string_view to);
  std::string Copy(std::string_view from, std::string_view to);
  void Delete(std::string_view path);
  // Restores the deleted file at `path`, under its old id or a new one.
  std::string Restore(std::string_view path, bool new_id = false);
  std::string ReplaceFolderByFile(std::string_view path, std::string_view bytes);
  // New case of the last component; no journal entry, as at Dropbox.
  void CaseRename(std::string_view path, std::string_view new_name);
  // A deleted entry for something that never was.
  void DeleteUnseen(std::string_view path);
  // `n` files in a folder tree such as a company has, under `path` ("" is the root). About 450
  // bytes each.
  void AddSyntheticTree(std::size_t n, std::uint64_t seed, std::string_view path = "");
  void set_event_style(const EventStyle& style) { event_style_ = style; }

  // Who keeps the rest.

  People& people() { return people_; }
  const People& people() const { return people_; }
  Folders& folders() { return folders_; }
  const Folders& folders() const { return folders_; }
  Shares& shares() { return shares_; }
  const Shares& shares() const { return shares_; }
  const Rights& rights() const { return rights_; }
  EventLog& events() { return events_; }
  const EventLog& events() const { return events_; }
  Items& items() { return items_; }
  const Items& items() const { return items_; }

  // What an index should hold.

  std::vector<LiveItem> Snapshot() const { return Snapshot(people_.primary().home); }
  std::vector<LiveItem> Snapshot(std::uint32_t ns) const {
    return LiveItems(items_, shares_, ns, nullptr);
  }
  // What an account sees in its root, team space included.
  std::vector<LiveItem> Snapshot(const Account& account) const {
    return LiveItems(items_, shares_, account.root, &account);
  }
  std::vector<LiveItem> ReceivedSnapshot() const { return LiveReceivedFiles(shares_); }

 private:
  // Copies an item to a new place with everything under it; `transfer` keeps ids, else all are
  // new.
  std::vector<Item> Relocated(const std::vector<ItemPtr>& items, const Place& to,
                              const std::string& to_display, bool transfer);

  Ids ids_;
  EventLog events_;
  Items items_;
  People people_;
  Folders folders_;
  Shares shares_;
  Rights rights_;
  EventStyle event_style_;
};

}  // namespace dbxes::sim
