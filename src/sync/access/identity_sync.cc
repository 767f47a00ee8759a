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
#include "elastic/search.h"
#include "elastic/searchable_index.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/safety.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAtOnce = 500;
// Of people there are fewer than of documents: this many may always leave at once.
constexpr std::uint64_t kAlwaysAllowed = 10;
constexpr std::uint64_t kShare = 5;

config::MaxDelete LimitFor(const config::MaxDelete& setting, std::uint64_t people,
                           std::uint64_t all) {
  if (!setting.automatic) return setting;
  config::MaxDelete limit;
  limit.automatic = false;
  // Nobody at all is a mistake: there is always the account itself.
  limit.count = people == 0 ? 0 : std::max(kAlwaysAllowed, all / kShare);
  return limit;
}

std::set<std::string_view> EmailsOf(const std::vector<permissions::Identity>& people) {
  std::set<std::string_view> emails;
  for (const permissions::Identity& person : people) emails.insert(person.email);
  return emails;
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

Result<rapidjson::Document> IdentitySync::Stored(const std::vector<std::string_view>& ids,
                                                 std::vector<elastic::DocumentVersion>& versions) {
  return WithContext(elastic::ReadSources(client_, target_.index, ids, &versions),
                     "reading identities");
}

Result<void> IdentitySync::WriteSome(std::span<const permissions::Identity> people,
                                     std::string_view now) {
  rapidjson::Document stored;
  std::vector<elastic::DocumentVersion> versions;
  if (target_.existed || target_.created) {
    std::vector<std::string_view> ids;
    for (const permissions::Identity& person : people) ids.push_back(person.email);
    TRY_ASSIGN(stored, Stored(ids, versions));
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

Result<void> IdentitySync::CloseOthers(const std::vector<permissions::Identity>& people) {
  if (!target_.existed || people.empty()) return {};
  const std::set<std::string_view> present = EmailsOf(people);
  TRY(elastic::Refresh(client_, target_.index));
  elastic::SearchOptions options;
  options.page_size = kAtOnce;
  TRY(elastic::ForEachPageOfHits({client_, target_.index, target_.id_field},
                                 std::string(elastic::kMatchAll), options,
                                 [&](const std::vector<elastic::Hit>& hits) {
                                   std::vector<std::string_view> others;
                                   for (const elastic::Hit& hit : hits) {
                                     if (!present.contains(hit.id)) others.push_back(hit.id);
                                   }
                                   return CloseSome(others);
                                 }));
  return sink_.Drain();
}

Result<void> IdentitySync::CloseSome(const std::vector<std::string_view>& ids) {
  if (ids.empty()) return {};
  std::vector<elastic::DocumentVersion> versions;
  TRY_ASSIGN(const auto stored, Stored(ids, versions));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const rapidjson::Value& source = stored[static_cast<rapidjson::SizeType>(i)];
    if (!source.IsObject() || permissions::IsClosedIdentity(source)) continue;
    elastic::BulkAction action;
    const std::string closed = permissions::ClosedIdentityDocument(source);
    action.kind = elastic::BulkAction::kIndex;
    action.id = ids[i];
    action.path = ids[i];
    action.source = closed;
    action.version = versions[i];
    TRY(sink_.Add(action));
    ++counters_.identities_closed;
  }
  return {};
}

Result<void> IdentitySync::DeleteOthers(const std::vector<permissions::Identity>& people,
                                        const config::MaxDelete& max_delete, bool dry_run) {
  if (!target_.existed) return {};
  const std::set<std::string_view> present = EmailsOf(people);
  Eraser eraser({client_, target_.index, target_.id_field}, sink_, dry_run);
  return eraser.Sweep(
      std::string(elastic::kMatchAll),
      [&](const elastic::Hit& hit) { return present.count(hit.id) == 0; },
      [&](std::uint64_t gone, std::uint64_t all) {
        DeletionPlan plan{gone, all, people.size(), "the list of people"};
        plan.command = "acl-sync";
        return CheckDeletions(LimitFor(max_delete, people.size(), all), plan);
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
