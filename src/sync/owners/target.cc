// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/target.h"

#include <utility>
namespace dbxes::sync {

Target::Target(EventLoop& loop, const config::Config& config, Baseline baseline, std::uint64_t seed,
               std::function<void(const Error&, Milliseconds)> on_retry)
    : config_(config),
      client_(loop, config.elasticsearch, config.sync, seed, std::move(on_retry)),
      lookup_(client_, config.elasticsearch.index),
      baseline_(baseline) {}

Result<elastic::IndexTarget> Target::Prepare(bool may_change) {
  elastic::IndexRequest request;
  request.index = index();
  request.pipeline = config_.elasticsearch.pipeline;
  request.document_level_security = config_.dropbox.use_document_level_security;
  request.may_change = may_change;
  TRY_ASSIGN(auto found, elastic::PrepareIndex(client_, request));
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

bool Target::EndNew() {
  if (baseline_ != Baseline::kNew) return false;
  baseline_ = Baseline::kStored;
  return true;
}

}  // namespace dbxes::sync
