// SPDX-License-Identifier: Apache-2.0
#include "sync/access/identity_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/batches.h"
#include "base/json/json.h"
#include "elastic/multi_get.h"
#include "elastic/query.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/safety.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAtOnce = 500;
// Of people there are fewer than of documents: this many may always leave at once.
constexpr std::uint64_t kAlwaysAllowed = 10;
constexpr std::uint64_t kShare = 5;

config::MaxDelete LimitFor(const config::MaxDelete& setting, std::uint64_t all) {
  if (!setting.automatic) return setting;
  config::MaxDelete limit;
  limit.automatic = false;
  limit.count = std::max(kAlwaysAllowed, all / kShare);
  return limit;
}

}  // namespace

IdentitySync::IdentitySync(elastic::Client& client, elastic::IndexTarget target,
                           elastic::ActionSink& sink, report::Counters& counters)
    : client_(client), target_(std::move(target)), sink_(sink), counters_(counters) {}

Result<void> IdentitySync::Write(const std::vector<permissions::Identity>& people,
                                 std::string_view now) {
  for (const auto some : InBatches(people, kAtOnce)) {
    TRY(WriteSome(some, now));
  }
  return sink_.Drain();
}

Result<rapidjson::Document> IdentitySync::Stored(std::span<const permissions::Identity> people,
                                                 std::vector<elastic::DocumentVersion>& versions) {
  std::vector<std::string_view> ids;
  for (const permissions::Identity& person : people) ids.push_back(person.email);
  return WithContext(elastic::ReadSources(client_, target_.index, ids, &versions),
                     "reading identities");
}

Result<void> IdentitySync::WriteSome(std::span<const permissions::Identity> people,
                                     std::string_view now) {
  rapidjson::Document stored;
  std::vector<elastic::DocumentVersion> versions;
  if (target_.existed || target_.created) {
    TRY_ASSIGN(stored, Stored(people, versions));
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto row = static_cast<rapidjson::SizeType>(i);
    const bool found = stored.IsArray() && stored[row].IsObject();
    const rapidjson::Value* source = found ? &stored[row] : nullptr;
    if (source != nullptr && permissions::SameIdentity(*source, people[i])) {
      ++counters_.unchanged;
      continue;
    }
    const std::string document = permissions::IdentityDocument(people[i], now, source == nullptr);
    elastic::BulkAction action;
    action.kind = source == nullptr ? elastic::BulkAction::kCreate : elastic::BulkAction::kUpdate;
    if (source != nullptr) action.version = versions[i];
    action.id = people[i].email;
    action.path = people[i].email;
    action.source = document;
    TRY(sink_.Add(action));
  }
  return {};
}

Result<void> IdentitySync::DeleteOthers(const std::vector<permissions::Identity>& people,
                                        const config::MaxDelete& max_delete) {
  if (!target_.existed) return {};
  std::set<std::string_view> present;
  for (const permissions::Identity& person : people) present.insert(person.email);
  Eraser eraser({client_, target_.index, target_.id_field}, sink_);
  return eraser.Sweep(
      std::string(elastic::kMatchAll),
      [&](const elastic::Hit& hit) { return present.count(hit.id) == 0; },
      [&](std::uint64_t gone, std::uint64_t all) {
        DeletionPlan plan{gone, all, people.size(), "the list of people"};
        plan.command = "acl-sync";
        return CheckDeletions(LimitFor(max_delete, all), plan);
      });
}

Result<void> IdentitySync::DeleteAll() {
  if (!target_.existed) return {};
  Eraser eraser({client_, target_.index, target_.id_field}, sink_);
  return eraser.Sweep(
      std::string(elastic::kMatchAll), [](const elastic::Hit&) { return true; },
      [](std::uint64_t, std::uint64_t) { return Result<void>(); });
}

}  // namespace dbxes::sync
