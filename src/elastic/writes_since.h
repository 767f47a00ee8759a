// SPDX-License-Identifier: Apache-2.0
// What was written to an index since somebody last looked. Each write gets the next number of its
// shard, which a search sees as the `_seq_no` of the document (Elasticsearch: Optimistic
// concurrency control). The numbers of two shards have nothing to do with each other, so each shard
// is searched separately (Search API: preference `_shards`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/client.h"
#include "elastic/searchable_index.h"

namespace dbxes::elastic {

// The highest number that a search has seen in each shard; -1 where there was no document.
using ShardMarks = std::vector<std::int64_t>;

// As of the last refresh. `shards`: IndexReading::shards. One small request for each.
// kNotFound when the index is missing.
Result<ShardMarks> ReadShardMarks(Client& client, const std::string& index, std::size_t shards);

struct WrittenDocument {
  std::string id;    // the index's own _id
  std::string path;  // path_lower; "" for a document without a path
  bool received = false;
};

// What was written since some marks were read.
struct WritesSince {
  ShardMarks marks;  // to be remembered for the next time
  // Those whose last write is not one of ours: their stamp does not agree (version_stamp.h).
  std::vector<WrittenDocument> of_others;
  bool too_many = false;  // there are more: nothing but this is right
};

// Of the documents with an id, as of the last refresh; what was deleted leaves no trace. Writes
// that were under way when `since` was read may have lower numbers. At least one small request for
// each shard; each write of ours costs some 80 bytes. `most`: of others.
Result<WritesSince> FindWritesSince(const SearchableIndex& index, const ShardMarks& since,
                                    std::size_t most);

// A sample of documents: those that were written last.
struct LastWrites {
  std::size_t count = 0;
  std::vector<WrittenDocument> of_others;  // as in WritesSince
};
// Of the documents with an id, as of the last refresh. One request, of at most `most` hits (not
// more than index.max_result_window allows).
Result<LastWrites> ReadLastWrites(const SearchableIndex& index, std::size_t most);

}  // namespace dbxes::elastic
