// SPDX-License-Identifier: Apache-2.0
// The index that a run keeps: the way to the cluster, what the index held before, how it is
// compared with, and the outlet through which documents go there, or to a file in its place.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/http/event_loop.h"
#include "config/config.h"
#include "elastic/client.h"
#include "elastic/index_setup.h"
#include "elastic/multi_get.h"
#include "elastic/searchable_index.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/outlet/outlet.h"
#include "sync/owners/checkpointer.h"
#include "sync/owners/index_guard.h"
#include "sync/owners/ledger.h"

namespace dbxes::sync {

// What the documents of a run are compared with.
enum class Baseline : std::uint8_t {
  kNothing,  // there is no index to look at: the output is a file, or a dry run found none
  kNew,      // this run made the index for the listing under way: nothing is in it yet
  kStored,   // what the index holds
};

class Target {
 public:
  Target(EventLoop& loop, const config::Config& config, Ledger& ledger, Baseline baseline,
         std::uint64_t seed, std::function<void(const Error&, Milliseconds)> on_retry);

  elastic::Client& client() { return client_; }
  // Whether this is the index that the ledger left, and nobody else keeps it.
  IndexGuard& guard() { return guard_; }
  const std::string& index() const { return config_.elasticsearch.index; }
  Baseline baseline() const { return baseline_; }

  // Once the ledger is open, before anything is written; `outlet` fetches content already, if it
  // is to do so.
  void WriteTo(std::unique_ptr<Outlet> outlet, Ledger& ledger) {
    outlet_ = std::move(outlet);
    checkpointer_.emplace(ledger, outlet_->sink());
  }
  // False for a run that ended before WriteTo: only then is there nothing of the following.
  bool has_outlet() const { return outlet_ != nullptr; }
  Outlet& outlet() { return *outlet_; }
  // Moves the ledger's cursor as the outlet acknowledges pages.
  Checkpointer& checkpointer() { return *checkpointer_; }

  // Checks the index and, where the run `may_change` it, creates it or adds fields that it lacks
  // (elastic/index_setup.h); one that the cluster made by itself is made anew (stray_index.h).
  // Decides the baseline.
  Result<elastic::IndexTarget> Prepare(bool may_change);
  // Of an index that an earlier run has prepared.
  void UsePrepared(std::string id_field) {
    id_field_ = std::move(id_field);
    client_.UseStamps(elastic::VersionStamps(guard_.Known().uuid));
  }
  // Of an index that was prepared: no document is believed that only dbx-es has changed it.
  void DoubtDocuments(elastic::Doubt doubt) { lookup_.DoubtDocuments(doubt, id_field_); }
  // What searches sort by; "" before the index was prepared.
  const std::string& id_field() const { return id_field_; }
  // Reads what the index holds of each document, in a hash; without it, every page is looked up and
  // the index is searched for what is gone. Only kInterrupted is an error; another failure gives an
  // incomplete snapshot and its reason in `problem`.
  Result<void> ReadSnapshot(std::string& problem);
  IndexSnapshot& snapshot() { return snapshot_; }
  // The highest sync_seq in the index, 0 where nothing is compared. Sees what ReadSnapshot
  // refreshed.
  Result<std::int64_t> LastSequence();
  // The listing is through: from now on an index that was made for it is compared with.
  void EndNew();
  // After EndNew: whether the index was made for that listing, so that it holds nothing but what
  // this run wrote.
  bool was_new() const { return was_new_; }
  // From now on nothing is compared: there are no documents to keep right.
  void CompareWithNothing() { baseline_ = Baseline::kNothing; }

  // Looks up what the index holds of a page's documents; null where nothing is compared.
  elastic::MultiGet* lookup() { return baseline_ == Baseline::kStored ? &lookup_ : nullptr; }
  // The same for a single document that this run may have written to an index it made; null only
  // where there is no index.
  elastic::MultiGet* fresh_lookup() { return baseline_ == Baseline::kNothing ? nullptr : &lookup_; }
  // How many documents a run may delete from it (sync.max_delete).
  const config::MaxDelete& max_delete() const { return config_.sync.max_delete; }
  // Deletes through the outlet; `dry_run`: see Eraser.
  Eraser MakeEraser(bool dry_run = false) { return {Searchable(), outlet_->sink(), dry_run}; }
  elastic::SearchableIndex Searchable() { return {client_, index(), id_field_}; }

 private:
  const config::Config& config_;
  elastic::Client client_;
  elastic::MultiGet lookup_;
  IndexGuard guard_;
  Baseline baseline_;
  bool was_new_ = false;
  std::string id_field_;
  IndexSnapshot snapshot_;
  std::unique_ptr<Outlet> outlet_;
  std::optional<Checkpointer> checkpointer_;
};

}  // namespace dbxes::sync
