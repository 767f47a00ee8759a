// SPDX-License-Identifier: Apache-2.0
// The indices that dbx-es keeps beside the index: identities, and a state in the cluster.
#include <fmt/format.h>

#include <algorithm>

#include "check/check_parts.h"
#include "check/finding.h"
#include "checkpoint/run_history.h"
#include "elastic/index_setup.h"
#include "state/state_index.h"

namespace dbxes::check {
namespace {

// Whether the index exists; nothing if that is not known. Reports what keeps runs from writing it.
std::optional<bool> CheckWritable(elastic::Client& client, std::string_view line,
                                  const std::string& name, CheckReport& report) {
  const auto exists = elastic::CheckOwnIndex(client, name);
  if (exists) return *exists;
  const Error& error = exists.error();
  // Privileges have lines of their own.
  if (error.kind == ErrorKind::kPermission || error.kind == ErrorKind::kInterrupted) return {};
  const Finding finding(error.ToLine(),
                        "make the index usable again, or delete it and run "
                        "dbx-es full-sync and dbx-es acl-sync");
  report.Problem(line, ExitCodeFor(error), finding.message, finding.advice);
  return std::nullopt;
}

// Whether one of the last runs has written identities.
bool HadIdentities(checkpoint::StatePlace& place) {
  if (!place.Open()) return false;  // reported with the state
  const auto runs = checkpoint::RunHistory(place.files(), place.base()).Load();
  return runs && std::any_of(runs->begin(), runs->end(), [](const checkpoint::RunRecord& run) {
           return run.command == "acl-sync" && run.exit_code == static_cast<int>(ExitCode::kOk);
         });
}

void CheckIdentities(elastic::Client& client, const std::string& index,
                     checkpoint::StatePlace& place, CheckReport& report) {
  const std::string name = elastic::AccessControlIndexName(index);
  const auto exists = CheckWritable(client, "identities", name, report);
  if (!exists) return;
  if (*exists) return report.Ok("identities", name);
  if (HadIdentities(place)) {
    return report.Problem("identities", ExitCode::kConfiguration,
                          fmt::format("{} is gone, although acl-sync has written it: no user finds "
                                      "a document through it",
                                      name),
                          "run dbx-es acl-sync, and find out what deleted it");
  }
  report.Warn("identities",
              fmt::format("{} does not exist yet: no user finds a document through it", name),
              "run dbx-es acl-sync, which creates it");
}

}  // namespace

void CheckCompanions(elastic::Client& client, const config::Config& config, IndexFindings index,
                     checkpoint::StatePlace& place, CheckReport& report) {
  const std::string& name = config.elasticsearch.index;
  if (config.dropbox.use_document_level_security && index.exists) {
    CheckIdentities(client, name, place, report);
  }
  if (config.sync.state != config::StateKind::kCluster) return;
  const std::string state = state::StateIndexName(name);
  const auto exists = CheckWritable(client, "state index", state, report);
  if (!exists) return;
  report.Ok(
      "state index",
      *exists ? state : fmt::format("{} does not exist yet; the first run creates it", state));
}

}  // namespace dbxes::check
