// SPDX-License-Identifier: Apache-2.0
// The two hidden indices that Kibana, Elasticsearch's Connector APIs and connectors share
// (Elastic's "Connector Protocol"): documents of connectors and of their sync jobs. They are read
// and written directly: the Connector APIs have no conditional writes and cannot end a job.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "elastic/bulk_action.h"
#include "elastic/client.h"
#include "elastic/single_document.h"

namespace dbxes::connector {

enum class ProtocolIndex { kConnectors, kSyncJobs };
// The alias, by which all requests go: a write to an absent index fails instead of making one
// without a mapping.
std::string_view AliasOf(ProtocolIndex index);

using StoredDocument = elastic::VersionedDocument;

// A write of one document, on condition of what was read.
struct Change {
  enum Kind { kCreate, kUpdate, kDelete };
  Kind kind;
  ProtocolIndex index;
  std::string id;
  std::string body;                  // kCreate: the document. kUpdate: its new members, JSON
  elastic::DocumentVersion version;  // kUpdate, kDelete
};
// Of each change: the version of the document now.
using Changed = std::vector<Result<elastic::DocumentVersion>>;
// Whether the document was changed, made or deleted since it was read: somebody else was faster, or
// an earlier attempt of this write took effect and its answer was lost.
bool CameTooLate(const Result<elastic::DocumentVersion>& outcome);

class ProtocolStore {
 public:
  explicit ProtocolStore(elastic::Client& client) : client_(client) {}

  // kConfig for a cluster that no Kibana can be connected to.
  Result<void> CheckProduct();
  // Makes the indices that are absent, with Elasticsearch's own mappings and aliases.
  Result<void> CreateIndices();

  using ReadDone = std::function<void(Result<std::optional<StoredDocument>>)>;
  // The document as it was written last; nothing if it, or the index, is absent.
  void Read(ProtocolIndex index, const std::string& id, ReadDone done);
  Result<std::optional<StoredDocument>> Read(ProtocolIndex index, const std::string& id);

  // The connector of the configuration, as it was read with the settings if that suffices.
  Result<std::optional<StoredDocument>> ReadConnector(const config::Config& config, bool afresh);

  using ApplyDone = std::function<void(Result<Changed>)>;
  // One request. Changes that the cluster refuses for overload are sent again with the request.
  void Apply(const std::vector<Change>& changes, ApplyDone done);
  Result<Changed> Apply(const std::vector<Change>& changes);

  // Jobs of a connector that wait, run or are suspended, the oldest first, as of the last refresh;
  // at most 100. None without an index.
  Result<std::vector<StoredDocument>> OpenJobs(const std::string& connector);
  // All jobs of a connector, with their status alone, as of now; at most 10,000.
  Result<std::vector<StoredDocument>> Jobs(const std::string& connector);

 private:
  Result<std::vector<StoredDocument>> Search(std::string body);

  elastic::Client& client_;
};

}  // namespace dbxes::connector
