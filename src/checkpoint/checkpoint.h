// SPDX-License-Identifier: Apache-2.0
// What a run leaves for the next one: where the change feed stands, what is still to be deleted,
// and which settings shaped the index. Saved only past writes that Elasticsearch acknowledged.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "checkpoint/late_search.h"
#include "checkpoint/permission_table.h"
#include "checkpoint/side_file.h"
#include "dropbox/client.h"

namespace dbxes::checkpoint {

// Settings whose change makes the index wrong, as name and value; never secrets. In the order of
// their names.
using SettingsFingerprint = std::vector<std::pair<std::string, std::string>>;

// The change feed of one root. An account's whole view is one root today.
struct RootCheckpoint {
  std::string namespace_id;
  std::string cursor;  // Dropbox's; "" before the first page
};

// A full sync that is under way: `cursor` of its root stands in the middle of the listing, or at
// its end when only the deletions are left.
struct FullSyncProgress {
  std::string started_at;
  bool force = false;  // every document is rewritten
  std::uint64_t pages = 0;
  std::uint64_t entries = 0;
  SideFileExtent seen;  // of the side file of seen ids
};

// The files received one by one, as last listed: there is no change feed for them.
struct ReceivedListing {
  std::uint64_t count = 0;
  std::uint64_t hash = 0;
  // From now on no listing looks the same.
  void Forget() { count = std::numeric_limits<std::uint64_t>::max(); }
};

struct Checkpoint {
  std::string target;    // host and index, for people
  std::string id_field;  // what searches sort by, found out when the index was looked at
  SettingsFingerprint settings;
  dropbox::Account account;
  std::vector<RootCheckpoint> roots;
  std::optional<FullSyncProgress> full_sync;
  SideFileExtent pending;  // of the side file of deletions that are still to be applied
  ReceivedListing received;
  LateSearch late;              // of advanced sync rules
  PermissionTable permissions;  // empty without document level security
  // Every sync_seq used so far is below this, those of a killed run included.
  std::int64_t sync_seq_reserved = 0;
  std::string last_full_sync_at;  // "" for never
};

// One JSON object with format, version and a hash (XXH3) of the rest.
std::string SerializeCheckpoint(const Checkpoint& checkpoint);

// kConfig, with words for a person, when the text is no checkpoint, was damaged (a bit flipped, the
// end missing), or comes from a newer version of dbx-es. `file` is named in the message.
Result<Checkpoint> ParseCheckpoint(std::string_view text, std::string_view file);

}  // namespace dbxes::checkpoint
