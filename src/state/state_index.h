// SPDX-License-Identifier: Apache-2.0
// The hidden index that keeps the state of a target, beside the index that the target is: one
// request each. The state document changes only on condition that nobody else has changed it
// (Elasticsearch: Optimistic concurrency control), so no script is needed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "elastic/bulk_action.h"
#include "elastic/client.h"
#include "state/state_document.h"

namespace dbxes::state {

// "dbx-es-docs" for the index docs.
std::string StateIndexName(const std::string& target);

struct StoredState {
  StateDocument document;
  elastic::DocumentVersion version;
};

class StateIndex {
 public:
  static constexpr std::size_t kChunk = kMostOfChunk;

  // `target`: the index that the documents are written to.
  StateIndex(elastic::Client& client, const std::string& target);

  const std::string& name() const { return name_; }

  using ReadDone = std::function<void(Result<std::optional<StoredState>>)>;
  using WriteDone = std::function<void(Result<elastic::DocumentVersion>)>;

  // The state, also the one that was written last; nothing if there is none yet.
  void Read(ReadDone done);
  Result<std::optional<StoredState>> Read();
  // Makes the index, or gives one that the cluster made by itself its mapping. Another run may do
  // the same at the same time.
  Result<void> Create();
  // Writes the document if it still has the version `before`; if it is not known, only if there is
  // no document. IsVersionConflict (elastic/meaning.h) if that is not so.
  void Write(const StateDocument& document, elastic::DocumentVersion before, WriteDone done);

  // Chunks are never changed, so a second attempt of a write does no harm.
  Result<void> WriteChunk(const std::string& id, std::uint64_t epoch, std::string_view bytes);
  Result<std::string> ReadChunk(const ChunkRef& chunk);
  // Those that are not there are no error.
  Result<void> DeleteChunks(const std::vector<std::string>& ids);
  // Chunks of runs with a lower epoch; at most 10,000 of them.
  Result<std::vector<std::string>> ChunksBefore(std::uint64_t epoch);

 private:
  elastic::ElasticRequest Request(std::string method, std::string_view rest,
                                  std::string body = {}) const;
  std::string Target(std::string_view rest) const;
  Result<HttpResponse> Call(std::string method, std::string_view rest, std::string body = {});

  elastic::Client& client_;
  std::string target_;
  std::string name_;
};

}  // namespace dbxes::state
