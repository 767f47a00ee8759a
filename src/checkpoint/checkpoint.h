// SPDX-License-Identifier: Apache-2.0
// What a run leaves for the next one: the cursor of the change feed, the deletions still to be
// applied, and the settings that shaped the index. It is saved only for pages whose writes
// Elasticsearch has acknowledged.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/folder_list.h"
#include "base/result.h"
#include "checkpoint/late_search.h"
#include "checkpoint/permission_table.h"
#include "checkpoint/side_file.h"
#include "dropbox/types.h"

namespace dbxes::checkpoint {

// Settings whose change makes the index wrong, as name and value, sorted by name; never secrets.
using SettingsFingerprint = std::vector<std::pair<std::string, std::string>>;

// The change feed of the account's root: it shows everything that the account sees.
struct RootCheckpoint {
  std::string namespace_id;  // "" before the first full sync
  std::string cursor;        // Dropbox's; "" before the first page
  // Where the settings name several folders: these in Dropbox's own lower case.
  FolderList folders = {};
};

// A full sync that is under way: the root's cursor is in the middle of the listing, or at its end
// when only the deletions are left.
struct FullSyncProgress {
  std::string started_at;
  bool force = false;    // every document is rewritten, and its content fetched
  bool rewrite = false;  // every document is rewritten
  std::uint64_t pages = 0;
  std::uint64_t entries = 0;
  SideFileExtent seen;  // of the side file of seen ids
  // The first sync_seq that the listing may use. What has that or a higher one was written by this
  // listing, or by somebody else after it began. 0: not known.
  std::int64_t begin_seq = 0;
};

// The last listing of the files received one by one: there is no change feed for them.
struct ReceivedListing {
  std::uint64_t count = 0;
  std::uint64_t hash = 0;
  // Makes the next listing count as changed.
  void Forget() { count = std::numeric_limits<std::uint64_t>::max(); }
};

// The index that the documents of this checkpoint are in: elastic::IndexIdentity, and how many
// documents runs left in it. Times are in microseconds of the clock.
struct IndexRecord {
  std::string uuid;  // "" before a run has looked
  std::string history;
  std::int64_t confirmed_at = 0;           // when a run last found the identity unchanged
  std::optional<std::uint64_t> documents;  // those with an id; none: not known
  // A run has written since: while its writes are under way, `documents` is not saved.
  bool writing = false;
  // When a run last compared the index with what runs have left in it.
  std::int64_t looked_at = 0;
  // The last write of each shard that such a look has seen, and the one before it
  // (elastic/writes_since.h); empty: not known.
  std::vector<std::int64_t> marks;
  std::vector<std::int64_t> marks_before;
};

// The numbers that a run which was killed may have used for writes that no checkpoint counts.
struct LateWrites {
  std::int64_t after = 0;
  std::int64_t last = 0;  // 0: there was no such run
  bool Are() const { return last != 0; }
};

struct Checkpoint {
  std::string target;    // host and index, for people
  std::string id_field;  // what searches sort by: IndexTarget::id_field
  IndexRecord index;
  SettingsFingerprint settings;
  dropbox::Account account;
  RootCheckpoint root;
  std::optional<FullSyncProgress> full_sync;
  SideFileExtent pending;  // of the side file of deletions that are still to be applied
  ReceivedListing received;
  LateSearch late;              // of advanced sync rules
  PermissionTable permissions;  // empty without document level security
  // Every sync_seq used so far is below this, including those of killed runs.
  std::int64_t sync_seq_reserved = 0;
  // The writes with these numbers and all before them were acknowledged; more may have been.
  std::int64_t sync_seq_saved = 0;
  LateWrites late_writes;
  std::string last_full_sync_at;  // "" for never
};

// One JSON object with format, version and a hash (XXH3) of the rest.
std::string SerializeCheckpoint(const Checkpoint& checkpoint);

// kConfig when the text is not a checkpoint, was damaged (a bit flipped, the end missing), or was
// written by a newer version of dbx-es. The message names `file`, and how to `discard` it.
Result<Checkpoint> ParseCheckpoint(std::string_view text, std::string_view file,
                                   std::string_view discard = "move it away");

}  // namespace dbxes::checkpoint
