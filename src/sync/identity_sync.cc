// SPDX-License-Identifier: Apache-2.0
#include "sync/identity_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/url.h"
#include "sync/eraser.h"
#include "sync/safety.h"

namespace dbxes {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::string_view kAll = R"({"match_all":{}})";
// Of people there are fewer than of documents: this many may always leave at once.
constexpr std::uint64_t kAlwaysAllowed = 10;
constexpr std::uint64_t kShare = 5;

MaxDelete LimitFor(const MaxDelete& setting, std::uint64_t all) {
  if (!setting.automatic) return setting;
  MaxDelete limit;
  limit.automatic = false;
  limit.count = std::max(kAlwaysAllowed, all / kShare);
  return limit;
}

}  // namespace

IdentitySync::IdentitySync(ElasticClient& client, IndexTarget target, ActionSink& sink,
                           Counters& counters)
    : client_(client), target_(std::move(target)), sink_(sink), counters_(counters) {}

Result<void> IdentitySync::Write(const std::vector<Identity>& people, std::string_view now) {
  for (std::size_t begin = 0; begin < people.size(); begin += kAtOnce) {
    const std::size_t end = std::min(people.size(), begin + kAtOnce);
    if (auto written = WriteSome(people, begin, end, now); !written) return written;
  }
  return sink_.Drain();
}

Result<rapidjson::Document> IdentitySync::Stored(const std::vector<Identity>& people,
                                                 std::size_t begin, std::size_t end) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("ids");
  writer.StartArray();
  for (std::size_t i = begin; i < end; ++i) WriteString(writer, people[i].email);
  writer.EndArray();
  writer.EndObject();
  ElasticRequest request;
  request.target = fmt::format("/{}/_mget", PercentEncode(target_.index));
  request.body = std::make_shared<const std::string>(View(buffer));
  const auto answer = client_.Call(std::move(request));
  if (!answer) return Fail(WithContext(answer.error(), "reading identities"));
  auto json = ParseJson(answer->body, "the answer to a multi-get");
  if (!json) return Fail(json.error());
  const rapidjson::Value* docs = FindMember(*json, "docs");
  if (docs == nullptr || !docs->IsArray() || docs->Size() != end - begin) {
    return Fail(ErrorKind::kTemporary, "the cluster did not answer for every identity");
  }
  return std::move(*json);
}

Result<void> IdentitySync::WriteSome(const std::vector<Identity>& people, std::size_t begin,
                                     std::size_t end, std::string_view now) {
  rapidjson::Document stored;
  if (target_.existed || target_.created) {
    auto read = Stored(people, begin, end);
    if (!read) return Fail(read.error());
    stored = std::move(*read);
  }
  for (std::size_t i = begin; i < end; ++i) {
    const rapidjson::Value* source = nullptr;
    if (stored.IsObject()) {
      const auto row = static_cast<rapidjson::SizeType>(i - begin);
      source = FindMember(stored["docs"][row], "_source");
    }
    if (source != nullptr && SameIdentity(*source, people[i])) {
      ++counters_.unchanged;
      continue;
    }
    const std::string document = IdentityDocument(people[i], now, source == nullptr);
    BulkAction action;
    action.kind = source == nullptr ? BulkAction::kIndex : BulkAction::kUpdate;
    action.id = people[i].email;
    action.path = people[i].email;
    action.source = document;
    if (auto added = sink_.Add(action); !added) return added;
  }
  return {};
}

Result<void> IdentitySync::DeleteOthers(const std::vector<Identity>& people,
                                        const MaxDelete& max_delete) {
  if (!target_.existed) return {};
  std::set<std::string_view> present;
  for (const Identity& person : people) present.insert(person.email);
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

}  // namespace dbxes
