// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/conflicts.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/batches.h"
#include "delta/one_entry.h"
#include "sync/runs/failed_documents.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAskedAtOnce = 16;

using Conflicts = std::vector<report::FailedDocument>;

bool IsAny(const report::FailedDocument&) { return true; }
// The document is gone: there is no list to be written.
bool IsMissing(const report::FailedDocument& conflict) { return conflict.status == 404; }
bool HasPlace(const report::FailedDocument& conflict) { return !HasNoPlace(conflict); }

using Ids = std::set<std::string, std::less<>>;

Ids IdsOf(const Conflicts& conflicts) {
  Ids ids;
  for (const report::FailedDocument& conflict : conflicts) ids.insert(conflict.id);
  return ids;
}

std::vector<dropbox::ReceivedFile> Among(const std::vector<dropbox::ReceivedFile>& files,
                                         const Ids& ids) {
  std::vector<dropbox::ReceivedFile> some;
  std::ranges::copy_if(files, std::back_inserter(some),
                       [&](const dropbox::ReceivedFile& file) { return ids.contains(file.id); });
  return some;
}

// Documents without a path that are not among the received files any more: for such a failure, the
// next run compares all received files.
void FailThoseThatLeft(Conflicts conflicts, const std::vector<dropbox::ReceivedFile>& received,
                       checkpoint::FailuresFile& failures) {
  Ids listed;
  for (const dropbox::ReceivedFile& file : received) listed.insert(file.id);
  for (report::FailedDocument& conflict : conflicts) {
    if (listed.contains(conflict.id)) continue;
    conflict.operation = checkpoint::kReadOperation;
    failures.Add(std::move(conflict));
  }
}

void GiveUp(Conflicts conflicts, checkpoint::FailuresFile& failures) {
  for (report::FailedDocument& conflict : conflicts) failures.Add(std::move(conflict));
}

// A document that is gone from Dropbox is a failure: acl-sync deletes nothing, the next run does.
Result<void> CompareTree(std::span<const report::FailedDocument> conflicts, Source& source,
                         AccessStage& compare, checkpoint::FailuresFile& failures) {
  std::vector<delta::OneEntry> asked;
  for (const report::FailedDocument& one : conflicts) {
    asked.push_back(delta::AskEntry(source.client(), one.id, source.client().few_retries()));
  }
  std::vector<delta::Change> changes;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto answer = source.loop().Await(asked[i].answer);
    if (answer) {
      changes.push_back({&asked[i].entry(), 0, false});
    } else if (answer.error().kind == ErrorKind::kNotFound) {
      failures.Add(conflicts[i]);
    } else {
      TRY(FailDocument(conflicts[i], answer.error(), failures));
    }
  }
  return compare.Compare(changes);
}

}  // namespace

bool HasNoPlace(const report::FailedDocument& conflict) {
  return conflict.path.empty() || IsReceived(conflict);
}

void FailReceived(checkpoint::FailuresFile& failures) {
  for (report::FailedDocument& conflict : failures.TakeConflicts(HasNoPlace, /*durable=*/true)) {
    conflict.operation = checkpoint::kReadOperation;
    failures.Add(std::move(conflict));
  }
}

Result<void> DecideAgain(FreshWriter& writer, Outlet& outlet, checkpoint::FailuresFile& failures,
                         report::Reporter& reporter) {
  for (int round = 0; round < kMostRounds; ++round) {
    TRY(outlet.Drain());
    const Conflicts conflicts = failures.TakeConflicts(HasPlace, /*durable=*/true);
    if (conflicts.empty()) return {};
    reporter.Phase("comparing again what somebody else has changed");
    TRY(writer.Write(conflicts));
  }
  GiveUp(failures.TakeConflicts(HasPlace, /*durable=*/true), failures);
  return {};
}

Result<void> WriteReceivedAgain(ReceivedStage& stage,
                                const std::vector<dropbox::ReceivedFile>& files,
                                const ReceivedStage::InTree& in_tree, Outlet& outlet,
                                checkpoint::FailuresFile& failures) {
  for (int round = 0; round < kMostRounds; ++round) {
    TRY(outlet.Drain());
    const auto ids = IdsOf(failures.TakeConflicts(HasNoPlace, /*durable=*/true));
    if (ids.empty()) return {};
    TRY(stage.Write(Among(files, ids), in_tree, ReceivedStage::Known::kRewrite, failures));
  }
  TRY(outlet.Drain());
  FailReceived(failures);
  return {};
}

Result<void> DecideListsAgain(Source& source, Ledger& ledger, Outlet& outlet, AccessStage& compare,
                              const std::vector<dropbox::ReceivedFile>& received) {
  checkpoint::FailuresFile& failures = ledger.failures();
  for (int round = 0; round < kMostRounds; ++round) {
    TRY(outlet.Drain());
    GiveUp(failures.TakeConflicts(IsMissing, /*durable=*/false), failures);
    const Conflicts in_tree = failures.TakeConflicts(HasPlace, /*durable=*/false);
    const Conflicts others = failures.TakeConflicts(IsAny, /*durable=*/false);
    if (in_tree.empty() && others.empty()) return {};
    for (const auto some : InBatches(in_tree, kAskedAtOnce)) {
      TRY(CompareTree(some, source, compare, failures));
    }
    TRY(compare.CompareReceived(Among(received, IdsOf(others))));
    FailThoseThatLeft(others, received, failures);
  }
  TRY(outlet.Drain());
  GiveUp(failures.TakeConflicts(IsAny, /*durable=*/false), failures);
  return {};
}

Result<void> WritePeople(IdentitySync& identities, const std::vector<permissions::Identity>& people,
                         checkpoint::FailuresFile& failures, std::string_view now) {
  TRY(identities.Write(people, now));
  for (int round = 0; round < kMostRounds; ++round) {
    const auto ids = IdsOf(failures.TakeConflicts(IsAny, /*durable=*/false));
    if (ids.empty()) return {};
    std::vector<permissions::Identity> some;
    std::ranges::copy_if(people, std::back_inserter(some),
                         [&](const permissions::Identity& one) { return ids.contains(one.email); });
    TRY(identities.Write(some, now));
  }
  GiveUp(failures.TakeConflicts(IsAny, /*durable=*/false), failures);
  return {};
}

}  // namespace dbxes::sync
