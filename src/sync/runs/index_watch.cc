// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/index_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "elastic/query.h"
#include "elastic/search.h"

namespace dbxes::sync {
namespace {

// Dropbox is asked for each of them; a listing answers thousands of entries at once.
constexpr std::size_t kMostChanged = 1000;
// Dropbox's ids.
constexpr std::string_view kIdPrefix = "id:";

// Without an id, a document is of another program, and no run would delete it.
Result<std::uint64_t> CountDocuments(Target& target) {
  const std::string& id_field = target.id_field();
  return elastic::Count(target.client(), target.index(),
                        id_field.empty() ? std::string() : elastic::ExistsClause(id_field));
}

// A number is given before its write can be seen, and writes of one moment may be seen in any
// order. So a look begins at the marks of the look before the last one, which is an hour older.
void Remember(elastic::ShardMarks marks, checkpoint::IndexRecord& record) {
  const bool continues = record.marks.size() == marks.size();
  record.marks_before = continues ? std::move(record.marks) : marks;
  record.marks = std::move(marks);
}

}  // namespace

IndexWatch::IndexWatch(Ledger& ledger, Target& target)
    : ledger_(ledger), target_(target), written_before_(target.outlet().counters()) {}

Result<elastic::ShardMarks> IndexWatch::MarksNow(Target& target) {
  const std::size_t shards = target.guard().shards();
  switch (target.baseline()) {
    case Baseline::kNothing:
      break;
    case Baseline::kNew:
      return elastic::ShardMarks(shards, -1);
    case Baseline::kStored:
      return elastic::ReadShardMarks(target.client(), target.index(), shards);
  }
  return elastic::ShardMarks();
}

void IndexWatch::Begin(elastic::ShardMarks marks) {
  checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  Remember(std::move(marks), record);
  record.looked_at = ledger_.NowMicros();
}

void IndexWatch::BeginListing() {
  std::optional<std::uint64_t>& documents = ledger_.checkpoint().index.documents;
  written_before_ = target_.outlet().counters();
  documents.reset();
  // Writes of a run that was killed may still add some.
  if (ledger_.has_taken_over() || ledger_.checkpoint().late_writes.Are()) return;
  if (target_.baseline() == Baseline::kNew) documents = 0;
  if (target_.snapshot().size() > 0) documents = target_.snapshot().size();
}

Result<void> IndexWatch::EndListing() {
  Recount();
  std::optional<std::uint64_t>& documents = ledger_.checkpoint().index.documents;
  if (documents) return {};
  TRY(elastic::Refresh(target_.client(), target_.index()));
  TRY_ASSIGN(documents, CountDocuments(target_));
  return {};
}

bool IndexWatch::IsDue() const { return ledger_.IsHourSince(ledger_.checkpoint().index.looked_at); }

Result<std::vector<elastic::WrittenDocument>> IndexWatch::FindChanged() {
  const checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  // Of a checkpoint of an earlier version: the look begins here.
  if (record.marks_before.empty()) {
    TRY(target_.guard().Confirm());
    TRY_ASSIGN(marks_, MarksNow(target_));
    return std::vector<elastic::WrittenDocument>();
  }
  TRY_ASSIGN(elastic::WritesSince writes,
             elastic::FindWritesSince(target_.Searchable(), record.marks_before, kMostChanged));
  if (writes.too_many) {
    return Fail(ErrorKind::kIndexReplaced,
                fmt::format("somebody else has changed more than {} documents of the index {}",
                            kMostChanged, target_.index()));
  }
  const auto stranger = std::ranges::find_if(
      writes.of_others, [](const auto& one) { return !one.id.starts_with(kIdPrefix); });
  if (stranger != writes.of_others.end()) {
    return Fail(ErrorKind::kIndexReplaced,
                fmt::format("somebody else has added documents to the index {}, for example {}",
                            target_.index(), stranger->id));
  }
  marks_ = std::move(writes.marks);
  return std::move(writes.of_others);
}

void IndexWatch::Recount() {
  const elastic::BulkCounters& written = target_.outlet().counters();
  const std::uint64_t created = written.created - written_before_.created;
  // What was not there any more has been deleted as well, by an attempt whose answer was lost or by
  // somebody else.
  const std::uint64_t deleted =
      written.deleted - written_before_.deleted + written.absent - written_before_.absent;
  const bool doubtful = written.uncertain != written_before_.uncertain;
  written_before_ = written;
  checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  record.writing = false;
  const bool known = record.documents && !doubtful && *record.documents + created >= deleted;
  record.documents = known ? std::optional(*record.documents + created - deleted) : std::nullopt;
}

Result<void> IndexWatch::Note() {
  if (!ledger_.checkpoint().index.writing) return {};
  Recount();
  return ledger_.Save();
}

Result<void> IndexWatch::End() {
  TRY(Note());
  return marks_ ? Compare() : Result<void>();
}

Result<void> IndexWatch::Compare() {
  checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  TRY_ASSIGN(std::uint64_t found, CountDocuments(target_));
  if (!record.documents || found != *record.documents) {
    // Some of the last writes may not have been visible.
    TRY(elastic::Refresh(target_.client(), target_.index()));
    TRY_ASSIGN(found, CountDocuments(target_));
  }
  if (record.documents && found != *record.documents) {
    return Fail(ErrorKind::kIndexReplaced,
                fmt::format("the index {} has {} documents, but dbx-es left {}: somebody else has "
                            "deleted or added some",
                            target_.index(), found, *record.documents));
  }
  record.documents = found;
  record.looked_at = ledger_.NowMicros();
  Remember(std::move(*marks_), record);
  return ledger_.Save();
}

}  // namespace dbxes::sync
