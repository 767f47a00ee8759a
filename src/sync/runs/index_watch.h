// SPDX-License-Identifier: Apache-2.0
// What somebody else does to documents while nothing happens in Dropbox. The identity of the index
// stays the same then. Once an hour, a run compares the number of documents with the one that runs
// have left, which shows what was deleted or added, and reads what was written since the last look,
// which shows what was changed. A document that was deleted and made again counts as changed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "elastic/action_sink.h"
#include "elastic/writes_since.h"
#include "sync/owners/ledger.h"
#include "sync/owners/target.h"

namespace dbxes::sync {

// The owners have to live as long.
class IndexWatch {
 public:
  // At the beginning of a run, before it writes.
  IndexWatch(Ledger& ledger, Target& target);

  // A full sync compares everything that was written before it reads the index: what is written
  // from here on, the next look has to read, an hour after this one. MarksNow comes before that,
  // and Begin once the checkpoint is that of the new pass.
  static Result<elastic::ShardMarks> MarksNow(Target& target);
  void Begin(elastic::ShardMarks marks);
  // Before the listing, of a pass that is continued, too: how many documents there are.
  void BeginListing();
  // At the end of a full sync: how many there should be now, or are, if that is not known. What
  // somebody has deleted or added meanwhile shows at the next look. The caller saves.
  Result<void> EndListing();

  // Whether the last look is an hour ago.
  bool IsDue() const;
  // The documents that somebody else has written since the look before the last one. The caller
  // compares them with Dropbox. Small requests: one for each shard. kIndexReplaced: it is another
  // index, some were added, or more than 1,000 were changed, where a full sync is cheaper.
  Result<std::vector<elastic::WrittenDocument>> FindChanged();
  // At the end of a run that deletes and creates single documents: notes how many there are. After
  // FindChanged, compares the number with the index, which takes one or two small requests; the
  // look is over then. kIndexReplaced: somebody else has deleted or added documents.
  Result<void> End();
  // Notes the number only.
  Result<void> Note();

 private:
  Result<void> Compare();
  void Recount();

  Ledger& ledger_;
  Target& target_;
  elastic::BulkCounters written_before_;
  std::optional<elastic::ShardMarks> marks_;  // of the look under way
};

}  // namespace dbxes::sync
