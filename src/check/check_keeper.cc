// SPDX-License-Identifier: Apache-2.0
// Whether the index is the one that the state knows, and who keeps it.
#include <fmt/format.h>

#include "check/check_parts.h"
#include "check/index_look.h"
#include "checkpoint/checkpoint_store.h"
#include "elastic/index_identity.h"

namespace dbxes::check {
namespace {

void ReportIdentity(const elastic::IndexIdentity& found, const checkpoint::Checkpoint& state,
                    CheckReport& report) {
  const elastic::IndexIdentity left{state.index.uuid, state.index.history};
  if (!left.known() || !found.known()) return;
  if (left == found) return report.Ok("index identity", "the index that the last run left");
  const IndexLook replaced = ReplacedIndex();
  report.Warn("index identity", replaced.text, replaced.advice);
}

// True if the index names no keeper.
bool ReportKeeper(const elastic::IndexReading& reading, const std::string& state_id,
                  CheckReport& report) {
  if (!reading.keeper) return true;
  const elastic::Keeper& keeper = *reading.keeper;
  if (keeper.state == state_id) {
    report.Ok("keeper", fmt::format("this state, on host {} since {}", keeper.host, keeper.since));
    return false;
  }
  const IndexLook other = IndexKeptElsewhere(keeper);
  report.Problem("keeper", ExitCode::kLocked, other.text, other.advice);
  return false;
}

}  // namespace

bool WasSynced(checkpoint::StatePlace& place) {
  if (!place.Open()) return false;  // reported with the state
  const auto state = checkpoint::CheckpointStore(place).Load();
  return state && *state && !(*state)->index.uuid.empty();
}

bool CheckKeeper(checkpoint::StatePlace& place, elastic::Client& client,
                 const config::Config& config, CheckReport& report) {
  const config::ElasticsearchConfig& elastic = config.elasticsearch;
  const auto reading = elastic::ReadIdentity(client, elastic.index);
  if (!reading) return false;       // reported with the index
  if (!place.Open()) return false;  // reported with the state
  checkpoint::CheckpointStore store(place);
  const auto state = store.Load();
  if (state && *state) ReportIdentity(reading->identity, **state, report);
  const auto loaded = store.LoadStateId(/*may_make=*/false);
  if (!loaded) {
    report.Problem("keeper", loaded.error(), "make the file readable for the user who runs dbx-es");
    return false;
  }
  return ReportKeeper(*reading, store.state_id(), report);
}

}  // namespace dbxes::check
