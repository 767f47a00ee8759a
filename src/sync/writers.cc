// SPDX-License-Identifier: Apache-2.0
#include "sync/writers.h"

#include <fmt/format.h>

#include <utility>

#include "elastic/bulk_writer.h"
#include "elastic/ndjson_file.h"

namespace dbxes::sync {
namespace {

std::unique_ptr<elastic::ActionSink> MakeBulkWriter(elastic::Client& client,
                                                    elastic::BulkSettings settings,
                                                    checkpoint::FailuresFile& failures) {
  return std::make_unique<elastic::BulkWriter>(
      client, std::move(settings),
      [&failures](report::FailedDocument failure) { failures.Add(std::move(failure)); },
      [&failures](report::FailedDocument conflict) { failures.AddConflict(std::move(conflict)); });
}

}  // namespace

Result<std::unique_ptr<elastic::ActionSink>> OpenDocumentWriter(const SyncPlan& plan,
                                                                elastic::Client& client,
                                                                checkpoint::FailuresFile& failures,
                                                                Progress& progress,
                                                                std::uint64_t seed) {
  switch (plan.destination) {
    case Destination::kFile: {
      TRY_ASSIGN(auto file, elastic::NdjsonFile::Open(plan.options.output_file));
      return file;
    }
    case Destination::kNowhere:
      return std::make_unique<elastic::DryRunSink>([&progress](const elastic::BulkAction& action) {
        progress.reporter().Detail(
            fmt::format("would {} {} {}", elastic::ToString(action.kind), action.id, action.path));
        if (action.kind != elastic::BulkAction::kDelete) return;
        progress.NoteDeletion(std::string(action.path.empty() ? action.id : action.path));
      });
    case Destination::kCluster:
      break;
  }
  return MakeBulkWriter(client, elastic::BulkSettings::From(plan.config, seed), failures);
}

std::unique_ptr<elastic::ActionSink> OpenIdentityWriter(const SyncPlan& plan,
                                                        const std::string& index,
                                                        elastic::Client& client,
                                                        checkpoint::FailuresFile& failures,
                                                        Progress& progress, std::uint64_t seed) {
  if (plan.destination == Destination::kNowhere) {
    return std::make_unique<elastic::DryRunSink>([&progress](const elastic::BulkAction& action) {
      progress.reporter().Detail(
          fmt::format("would {} the identity {}", elastic::ToString(action.kind), action.id));
      if (action.kind != elastic::BulkAction::kDelete) return;
      progress.NoteDeletion(fmt::format("the identity {}", action.id));
    });
  }
  elastic::BulkSettings settings = elastic::BulkSettings::From(plan.config, seed);
  settings.index = index;
  settings.pipeline.clear();  // it is made for documents
  return MakeBulkWriter(client, std::move(settings), failures);
}

}  // namespace dbxes::sync
