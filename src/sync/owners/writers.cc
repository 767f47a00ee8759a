// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/writers.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "base/random.h"
#include "elastic/bulk_writer.h"
#include "elastic/ndjson_file.h"
#include "sync/outlet/change_notes.h"

namespace dbxes::sync {
namespace {

using OnChange = std::function<void(const report::Change&)>;

// Null where nobody wants to know each change.
OnChange ListIn(report::ChangeLog* changes) {
  if (changes == nullptr) return nullptr;
  return [changes](const report::Change& change) { changes->Add(change); };
}

std::unique_ptr<elastic::ActionSink> MakeBulkWriter(elastic::Client& client,
                                                    elastic::BulkSettings settings,
                                                    checkpoint::FailuresFile& failures,
                                                    report::ChangeLog* changes) {
  return std::make_unique<elastic::BulkWriter>(
      client, std::move(settings),
      [&failures](report::FailedDocument failure) { failures.Add(std::move(failure)); },
      [&failures](report::FailedDocument conflict) { failures.AddConflict(std::move(conflict)); },
      ListIn(changes));
}

// Acts on nothing: lists what differs, at once.
std::unique_ptr<elastic::ActionSink> MakeVerifySink(Progress& progress) {
  return std::make_unique<elastic::DryRunSink>([&progress](const elastic::BulkAction& action) {
    report::ChangeLog* const changes = progress.changes();
    if (changes != nullptr && action.change) changes->Add(*action.change);
  });
}

// Acts on nothing: lists what would change, and notes what would be deleted under the name that
// `name_of` gives it.
std::unique_ptr<elastic::ActionSink> MakeDryRunSink(
    Progress& progress, std::function<std::string(const elastic::BulkAction&)> name_of) {
  return std::make_unique<elastic::DryRunSink>(
      [&progress, name_of = std::move(name_of)](const elastic::BulkAction& action) {
        const bool deletes = action.kind == elastic::BulkAction::kDelete;
        if (report::ChangeLog* const changes = progress.changes(); changes && action.change) {
          deletes ? changes->Postpone(action.change) : changes->Add(*action.change);
        }
        if (deletes) progress.NoteDeletion(name_of(action));
      });
}

}  // namespace

Result<std::unique_ptr<elastic::ActionSink>> OpenDocumentWriter(const SyncPlan& plan,
                                                                elastic::Client& client,
                                                                checkpoint::FailuresFile& failures,
                                                                Progress& progress) {
  switch (plan.destination) {
    case Destination::kFile: {
      TRY_ASSIGN(auto file,
                 elastic::NdjsonFile::Open(plan.options.output_file, ListIn(progress.changes())));
      return file;
    }
    case Destination::kNowhere:
      if (plan.options.verify) return MakeVerifySink(progress);
      return MakeDryRunSink(progress, [](const elastic::BulkAction& action) {
        if (action.path.empty() && action.change) return action.change->path;
        return std::string(action.path.empty() ? action.id : action.path);
      });
    case Destination::kCluster:
      break;
  }
  return MakeBulkWriter(client, elastic::BulkSettings::From(plan.config, SeedOf(plan.seed, "bulk")),
                        failures, progress.changes());
}

std::unique_ptr<elastic::ActionSink> OpenIdentityWriter(const SyncPlan& plan,
                                                        const std::string& index,
                                                        elastic::Client& client,
                                                        checkpoint::FailuresFile& failures,
                                                        Progress& progress) {
  std::unique_ptr<elastic::ActionSink> writer;
  if (plan.destination == Destination::kNowhere) {
    writer = MakeDryRunSink(progress, [](const elastic::BulkAction& action) {
      return fmt::format("the identity {}", action.id);
    });
  } else {
    elastic::BulkSettings settings =
        elastic::BulkSettings::From(plan.config, SeedOf(plan.seed, "identities"));
    settings.index = index;
    settings.pipeline.clear();  // it is made for documents
    writer = MakeBulkWriter(client, std::move(settings), failures, progress.changes());
  }
  if (progress.changes() == nullptr) return writer;
  return std::make_unique<ChangeNotes>(std::move(writer), client, index,
                                       ChangeNotes::Kind::kIdentities);
}

}  // namespace dbxes::sync
