// SPDX-License-Identifier: Apache-2.0
#include "check/index_look.h"

#include <fmt/format.h>

#include <optional>

#include "base/safe_text.h"
#include "checkpoint/checkpoint_store.h"
#include "elastic/meaning.h"

namespace dbxes::check {
namespace {

elastic::IndexIdentity Left(checkpoint::CheckpointStore& store) {
  const auto state = store.Load();  // what is wrong with it is reported with the state
  if (!state || !*state) return {};
  return {(*state)->index.uuid, (*state)->index.history};
}

}  // namespace

std::string_view ToString(IndexStand stand) {
  switch (stand) {
    case IndexStand::kNotChecked:
      return "not_checked";
    case IndexStand::kNotYet:
      return "not_yet";
    case IndexStand::kAsLeft:
      return "as_left";
    case IndexStand::kGone:
      return "gone";
    case IndexStand::kReplaced:
      return "replaced";
    case IndexStand::kKeptElsewhere:
      return "kept_elsewhere";
  }
  return "";
}

IndexLook GoneIndex(const std::string& index) {
  return {IndexStand::kGone, fmt::format("{} is gone, although runs have synced it", index),
          "find out what deleted it; dbx-es full-sync makes it again at once, incremental runs do "
          "so within an hour"};
}

IndexLook ReplacedIndex() {
  return {IndexStand::kReplaced,
          "the index is not the one that the last run left: it was made again or restored, or "
          "its alias was moved",
          "run dbx-es full-sync; the next run that has something to write does so by itself"};
}

IndexLook IndexKeptElsewhere(const elastic::Keeper& keeper) {
  // Anyone who may change the mapping can write anything into it.
  const std::string& owner = keeper.email.empty() ? keeper.account : keeper.email;
  return {IndexStand::kKeptElsewhere,
          fmt::format("another state keeps the index, on host {} since {} (Dropbox of {})",
                      InOneLine(keeper.host), InOneLine(keeper.since), InOneLine(owner)),
          "use that state, or stop the runs there and run dbx-es full-sync --take-over here"};
}

IndexLook LookAtIndex(checkpoint::StatePlace& place, elastic::Client& client,
                      const std::string& index) {
  checkpoint::CheckpointStore store(place);
  const elastic::IndexIdentity left = Left(store);
  SendOptions options;
  options.max_retries = 1;
  const auto reading = elastic::ReadIdentity(client, index, options);
  if (!reading && elastic::IsMissingIndex(reading.error())) {
    if (left.known()) return GoneIndex(index);
    return {IndexStand::kNotYet, index + " does not exist yet; the first full sync creates it"};
  }
  if (!reading) return {IndexStand::kNotChecked, "not checked: " + reading.error().ToLine()};
  const auto loaded = store.LoadStateId(/*may_make=*/false);
  const bool kept = reading->keeper.has_value() && loaded;
  if (kept && reading->keeper->state != store.state_id()) {
    return IndexKeptElsewhere(*reading->keeper);
  }
  const bool another = left.known() && reading->identity.known() && left != reading->identity;
  return another ? ReplacedIndex() : IndexLook{IndexStand::kAsLeft, index};
}

}  // namespace dbxes::check
