// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/document_count.h"

#include <fmt/format.h>

#include "elastic/query.h"
#include "elastic/search.h"

namespace dbxes::sync {
namespace {

constexpr std::int64_t kHourMicros = 3'600'000'000;

// Without an id, a document is of another program, and no run would delete it.
Result<std::uint64_t> CountDocuments(Target& target) {
  const std::string& id_field = target.id_field();
  return elastic::Count(target.client(), target.index(),
                        id_field.empty() ? std::string() : elastic::ExistsClause(id_field));
}

}  // namespace

DocumentCount::DocumentCount(Ledger& ledger, const Outlet& outlet)
    : ledger_(ledger),
      outlet_(outlet),
      before_(ledger.checkpoint().index.documents),
      written_before_(outlet.counters()) {}

Result<void> DocumentCount::Note() {
  const elastic::BulkCounters& written = outlet_.counters();
  const std::uint64_t created = written.created - written_before_.created;
  const std::uint64_t deleted = written.deleted - written_before_.deleted;
  // It was there, or somebody else had deleted it.
  const bool doubtful = written.absent != written_before_.absent;
  std::optional<std::uint64_t>& documents = ledger_.checkpoint().index.documents;
  const std::optional<std::uint64_t> saved = documents;
  documents.reset();
  if (before_ && !doubtful && *before_ + created >= deleted) {
    documents = *before_ + created - deleted;
  }
  return documents == saved ? Result<void>() : ledger_.Save();
}

Result<void> DocumentCount::Check(Target& target) {
  TRY(Note());
  const std::int64_t age = ledger_.NowMicros() - ledger_.checkpoint().index.counted_at;
  // A clock that was set back must not put it off.
  if (age >= 0 && age < kHourMicros) return {};
  return Compare(target);
}

Result<void> DocumentCount::Compare(Target& target) {
  checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  TRY_ASSIGN(std::uint64_t found, CountDocuments(target));
  if (!record.documents || found != *record.documents) {
    // Some of the last writes may not have been visible.
    TRY(elastic::Refresh(target.client(), target.index()));
    TRY_ASSIGN(found, CountDocuments(target));
  }
  if (record.documents && found != *record.documents) {
    return Fail(ErrorKind::kIndexReplaced,
                fmt::format("the index {} has {} documents, but dbx-es left {}: somebody else has "
                            "deleted or added some",
                            target.index(), found, *record.documents));
  }
  record.documents = found;
  record.counted_at = ledger_.NowMicros();
  return ledger_.Save();
}

Result<void> DocumentCount::Take(Target& target, Ledger& ledger) {
  TRY(elastic::Refresh(target.client(), target.index()));
  TRY_ASSIGN(const std::uint64_t found, CountDocuments(target));
  checkpoint::IndexRecord& record = ledger.checkpoint().index;
  record.documents = found;
  record.counted_at = ledger.NowMicros();
  return {};
}

}  // namespace dbxes::sync
