// SPDX-License-Identifier: Apache-2.0
// Which index a name names at the moment, and who keeps it. Under one name there may be
// another index than before: it was deleted and made again, restored from a snapshot, or an alias
// moved.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::elastic {

// (Elasticsearch: settings index.uuid and index.history.uuid, which the engine sets itself.)
struct IndexIdentity {
  std::string uuid;     // another one for each index that is created, whatever its name
  std::string history;  // "" until a snapshot is restored in place, then another one each time
  bool known() const { return !uuid.empty(); }
  bool operator==(const IndexIdentity&) const = default;
};

// The one that writes the index, as its mapping's `_meta` names it: {"dbx_es": {…}}. Restoring a
// snapshot in place brings back the keeper of then.
struct Keeper {
  std::string account;  // Dropbox's account_id
  std::string email;    // of the account, for people
  std::string path;     // the folders of the Dropbox (base/folder_list.h), "" for all of it
  std::string state;    // id of the state of the target, checkpoint::CheckpointStore
  std::string host;     // name of the machine that wrote this
  std::string since;    // UTC, when it became the keeper
  std::string version;  // of dbx-es
  bool operator==(const Keeper&) const = default;
};

struct IndexReading {
  std::string index;  // the concrete index behind the name
  IndexIdentity identity;
  std::optional<Keeper> keeper;  // nothing where no dbx-es wrote itself down
  std::size_t shards = 0;        // primary shards; 0 where the engine does not name them
  std::string meta;              // all of the mapping's `_meta` as JSON, "" without one
};

// One request, whose answer is small whatever the mapping. kNotFound (IsMissingIndex) when there is
// no index of the name, kConfig when it means several.
Result<IndexReading> ReadIdentity(Client& client, const std::string& name,
                                  const SendOptions& options = {});

// Writes the keeper into the mapping's `_meta`, whose other members stay. kPermission: the
// credential may not change mappings (index privilege manage).
Result<void> WriteKeeper(Client& client, const IndexReading& reading, const Keeper& keeper);

// "index means several indices (a, b): …".
Error SeveralIndices(const std::string& name, const rapidjson::Value& indices);

}  // namespace dbxes::elastic
