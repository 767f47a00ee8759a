// SPDX-License-Identifier: Apache-2.0
#include "sync/access/identity_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "sync/deletion/eraser.h"
#include "sync/deletion/safety.h"

namespace dbxes::sync {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::string_view kAll = R"({"match_all":{}})";
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
  for (std::size_t begin = 0; begin < people.size(); begin += kAtOnce) {
    const std::size_t end = std::min(people.size(), begin + kAtOnce);
    TRY(WriteSome(people, begin, end, now));
  }
  return sink_.Drain();
}

Result<rapidjson::Document> IdentitySync::Stored(const std::vector<permissions::Identity>& people,
                                                 std::size_t begin, std::size_t end) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("ids");
  writer.StartArray();
  for (std::size_t i = begin; i < end; ++i) WriteString(writer, people[i].email);
  writer.EndArray();
  writer.EndObject();
  elastic::ElasticRequest request;
  request.target = fmt::format("/{}/_mget", PercentEncode(target_.index));
  request.body = std::make_shared<const std::string>(View(buffer));
  TRY_ASSIGN(const auto answer,
             WithContext(client_.Call(std::move(request)), "reading identities"));
  TRY_ASSIGN(auto json, ParseJson(answer.body, "the answer to a multi-get"));
  const rapidjson::Value* docs = FindMember(json, "docs");
  if (docs == nullptr || !docs->IsArray() || docs->Size() != end - begin) {
    return Fail(ErrorKind::kTemporary, "the cluster did not answer for every identity");
  }
  return json;
}

Result<void> IdentitySync::WriteSome(const std::vector<permissions::Identity>& people,
                                     std::size_t begin, std::size_t end, std::string_view now) {
  rapidjson::Document stored;
  if (target_.existed || target_.created) {
    TRY_ASSIGN(stored, Stored(people, begin, end));
  }
  for (std::size_t i = begin; i < end; ++i) {
    const rapidjson::Value* source = nullptr;
    if (stored.IsObject()) {
      const auto row = static_cast<rapidjson::SizeType>(i - begin);
      source = FindMember(stored["docs"][row], "_source");
    }
    if (source != nullptr && permissions::SameIdentity(*source, people[i])) {
      ++counters_.unchanged;
      continue;
    }
    const std::string document = permissions::IdentityDocument(people[i], now, source == nullptr);
    elastic::BulkAction action;
    action.kind = source == nullptr ? elastic::BulkAction::kIndex : elastic::BulkAction::kUpdate;
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
  Eraser eraser(client_, target_.index, target_.id_field, sink_);
  return eraser.Sweep(
      std::string(kAll), [&](std::string_view id) { return present.count(id) == 0; },
      [&](std::uint64_t gone, std::uint64_t all) {
        DeletionPlan plan{gone, all, people.size(), "the list of people"};
        plan.command = "acl-sync";
        return CheckDeletions(LimitFor(max_delete, all), plan);
      });
}

Result<void> IdentitySync::DeleteAll() {
  if (!target_.existed) return {};
  Eraser eraser(client_, target_.index, target_.id_field, sink_);
  return eraser.Sweep(
      std::string(kAll), [](std::string_view) { return true; },
      [](std::uint64_t, std::uint64_t) { return Result<void>(); });
}

}  // namespace dbxes::sync
