// SPDX-License-Identifier: Apache-2.0
#include "connector/registration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/connector_document.h"

namespace dbxes::connector {
namespace {

// How often a document is read again that somebody else has changed in between.
constexpr int kTries = 3;
constexpr std::size_t kLongestId = 512;
using Sentences = std::vector<std::string>;

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

tl::unexpected<Error> Busy(const std::string& id) {
  return Fail(ErrorKind::kTemporary,
              fmt::format("connector {} changes all the time; run the command again", id));
}

// The outcome of the only change of a request. False: somebody else was faster.
Result<bool> Applied(Result<Changed> changed) {
  TRY_ASSIGN(auto outcomes, std::move(changed));
  Result<elastic::DocumentVersion>& outcome = outcomes.front();
  if (outcome) return true;
  if (CameTooLate(outcome)) return false;
  return Fail(outcome.error());
}

Result<Sentences> CompleteExisting(ProtocolStore& store, StoredDocument& found,
                                   const config::Config& config, const std::string& wanted,
                                   bool dry_run, bool& done) {
  const std::string& id = config.connector.id;
  done = true;
  TRY(CheckConnector(found.source, config, /*registers=*/true));
  Completion completion = Complete(found.source, wanted);
  if (completion.added.empty()) {
    return Sentences{fmt::format("connector {} is complete", id)};
  }
  const std::string added = Joined(completion.added);
  if (dry_run) return Sentences{fmt::format("would add to connector {}: {}", id, added)};
  TRY_ASSIGN(done, Applied(store.Apply({{Change::kUpdate, ProtocolIndex::kConnectors, id,
                                         std::move(completion.changes), found.version}})));
  return Sentences{fmt::format("added to connector {}: {}", id, added)};
}

bool IsUnderWay(const StoredDocument& job) {
  const std::string_view status = StringMember(job.source, "status");
  return status == "in_progress" || status == "canceling";
}

// Deletes jobs that have ended or wait; how many.
Result<std::size_t> DeleteJobs(ProtocolStore& store, const std::vector<StoredDocument>& jobs) {
  std::vector<Change> changes;
  for (const StoredDocument& job : jobs) {
    changes.push_back({Change::kDelete, ProtocolIndex::kSyncJobs, job.id, "", job.version});
  }
  if (changes.empty()) return 0;
  TRY_ASSIGN(const auto outcomes, store.Apply(changes));
  std::size_t deleted = 0;
  for (const auto& outcome : outcomes) {
    const bool gone = !outcome && outcome.error().kind == ErrorKind::kNotFound;
    if (!outcome && !gone && !CameTooLate(outcome)) return Fail(outcome.error());
    deleted += outcome ? 1 : 0;
  }
  return deleted;
}

}  // namespace

std::string UsualId(const std::string& index) { return ("dbx-es-" + index).substr(0, kLongestId); }

Result<Sentences> Register(ProtocolStore& store, const config::Config& config,
                           const Registration& registration, const Clock& clock) {
  const std::string& id = config.connector.id;
  const std::string name =
      registration.name.empty() ? "Dropbox: " + config.elasticsearch.index : registration.name;
  const std::string wanted = NewConnector(config, name, clock.WallMicros());
  if (!registration.dry_run) TRY(store.CreateIndices());
  for (int i = 0; i < kTries; ++i) {
    TRY_ASSIGN(auto found, store.Read(ProtocolIndex::kConnectors, id));
    if (found) {
      bool done = false;
      TRY_ASSIGN(auto sentences,
                 CompleteExisting(store, *found, config, wanted, registration.dry_run, done));
      if (done) return sentences;
      continue;
    }
    if (registration.dry_run) {
      return Sentences{fmt::format("would make connector {} (\"{}\")", id, name)};
    }
    TRY_ASSIGN(
        const bool made,
        Applied(store.Apply({{Change::kCreate, ProtocolIndex::kConnectors, id, wanted, {}}})));
    if (made) return Sentences{fmt::format("made connector {} (\"{}\")", id, name)};
  }
  return Busy(id);
}

Result<Sentences> Unregister(ProtocolStore& store, const config::Config& config, bool dry_run) {
  const std::string& id = config.connector.id;
  TRY_ASSIGN(const auto found, store.Read(ProtocolIndex::kConnectors, id));
  if (!found) return Fail(ErrorKind::kConfig, fmt::format("there is no connector {}", id));
  if (!IsOurs(found->source)) {
    return Fail(ErrorKind::kConfig,
                fmt::format("connector {} was not made by dbx-es connector register: delete it in "
                            "Kibana, or remove connector.id from the configuration",
                            id));
  }
  TRY_ASSIGN(const auto jobs, store.Jobs(id));
  if (std::any_of(jobs.begin(), jobs.end(), IsUnderWay)) {
    return Fail(ErrorKind::kLocked,
                fmt::format("a sync of connector {} is under way; nothing was done", id));
  }
  if (dry_run) return Sentences{fmt::format("would delete connector {} and its jobs", id)};
  TRY_ASSIGN(const bool deleted, Applied(store.Apply({{Change::kDelete, ProtocolIndex::kConnectors,
                                                       id, "", found->version}})));
  if (!deleted) return Busy(id);
  TRY_ASSIGN(const std::size_t count, DeleteJobs(store, jobs));
  return Sentences{fmt::format("deleted connector {} and {} of its jobs", id, count)};
}

}  // namespace dbxes::connector
