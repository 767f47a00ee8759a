// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/target.h"

#include <utility>

#include "elastic/last_sequence.h"
#include "elastic/meaning.h"
#include "elastic/stray_index.h"

namespace dbxes::sync {

Target::Target(EventLoop& loop, const config::Config& config, Ledger& ledger, Baseline baseline,
               std::uint64_t seed, std::function<void(const Error&, Milliseconds)> on_retry)
    : config_(config),
      client_(loop, config.elasticsearch, config.sync, seed, std::move(on_retry)),
      lookup_(client_, config.elasticsearch.index),
      guard_(client_, config.elasticsearch.index, config.dropbox.paths, ledger),
      baseline_(baseline) {}

Result<elastic::IndexTarget> Target::Prepare(bool may_change) {
  elastic::IndexRequest request;
  request.index = index();
  request.pipeline = config_.elasticsearch.pipeline;
  request.document_level_security = config_.dropbox.use_document_level_security;
  request.may_change = may_change;
  auto prepared = elastic::PrepareIndex(client_, request);
  if (!prepared && may_change && elastic::IsUnusableMapping(prepared.error())) {
    TRY_ASSIGN(const bool removed, elastic::RemoveStrayIndex(client_, index(), guard_.Known()));
    if (removed) prepared = elastic::PrepareIndex(client_, request);
  }
  TRY_ASSIGN(auto found, std::move(prepared));
  id_field_ = found.id_field;
  baseline_ = found.created   ? Baseline::kNew
              : found.existed ? Baseline::kStored
                              : Baseline::kNothing;
  return found;
}

Result<void> Target::ReadSnapshot(std::string& problem) {
  snapshot_ = {};
  if (baseline_ != Baseline::kStored || id_field_.empty()) return {};
  auto read = snapshot_.Read(client_, index(), id_field_);
  if (read || read.error().kind == ErrorKind::kInterrupted) return read;
  problem = read.error().ToLine();
  return {};
}

Result<std::int64_t> Target::LastSequence() {
  if (baseline_ != Baseline::kStored) return 0;
  return elastic::LastSequence(client_, index());
}

void Target::EndNew() {
  was_new_ = baseline_ == Baseline::kNew;
  if (was_new_) baseline_ = Baseline::kStored;
}

}  // namespace dbxes::sync
