// SPDX-License-Identifier: Apache-2.0
#include "state/state_index.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "base/hash.h"
#include "base/http/url.h"
#include "base/json/json.h"
#include "elastic/hidden_index.h"
#include "elastic/meaning.h"
#include "elastic/result_window.h"
#include "elastic/single_document.h"

namespace dbxes::state {
namespace {

constexpr std::string_view kStateTarget = "_doc/state";
constexpr std::string_view kWhat = "the answer about the state";
constexpr std::string_view kWhatOfChunks = "the answer about chunks of the state";
// An index name has at most 255 bytes (Elasticsearch: Create index API).
constexpr std::size_t kLongestName = 200;

// What nobody searches for is not indexed.
constexpr std::string_view kMapping =
    R"({"dynamic":"strict","_meta":{"dbx_es_state":{"format":1}},"properties":{)"
    R"("format":{"type":"integer","index":false},"state_of":{"type":"keyword"},)"
    R"("owner":{"type":"keyword"},"host":{"type":"keyword"},"pid":{"type":"long","index":false},)"
    R"("since":{"type":"keyword"},"seen":{"type":"keyword"},)"
    R"("lease_ms":{"type":"long","index":false},"epoch":{"type":"long"},)"
    R"("nonce":{"type":"keyword","index":false},"after_kill":{"type":"boolean","index":false},)"
    R"("parts":{"type":"object","enabled":false},)"
    R"("garbage":{"type":"keyword","index":false,"doc_values":false},)"
    R"("chunk":{"type":"binary"}}})";

// `name`: of the state, for messages.
Result<std::optional<StoredState>> ReadAnswer(const Result<HttpResponse>& answer,
                                              const std::string& name) {
  TRY_ASSIGN(const auto found,
             elastic::ReadGetAnswer(WithContext(answer, "reading the state"), kWhat));
  if (!found) return std::nullopt;
  StoredState stored;
  stored.version = found->version;
  TRY_ASSIGN(stored.document, ReadDocument(found->source, name));
  return stored;
}

std::string DeleteLines(const std::vector<std::string>& ids) {
  std::string lines;
  for (const std::string& id : ids) {
    JsonBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("delete");
    writer.StartObject();
    writer.Key("_id");
    WriteString(writer, id);
    writer.EndObject();
    writer.EndObject();
    lines += View(buffer);
    lines += '\n';
  }
  return lines;
}

// An item that failed for another reason than that there is no such document.
Result<void> CheckDeleted(const rapidjson::Value& answer) {
  const rapidjson::Value* items = FindMember(answer, "items");
  if (items == nullptr || !items->IsArray()) {
    return Fail(ErrorKind::kTemporary, "the answer to the deletion of chunks lacks its items");
  }
  for (const rapidjson::Value& item : items->GetArray()) {
    const rapidjson::Value* outcome = FindMember(item, "delete");
    const std::uint64_t status =
        outcome == nullptr ? 0 : UintMember(*outcome, "status").value_or(0);
    if (status == 200 || status == 404) continue;
    return Fail(ErrorKind::kTemporary,
                fmt::format("a chunk of the state is not deleted: status {}", status));
  }
  return {};
}

}  // namespace

std::string StateIndexName(const std::string& target) {
  return "dbx-es-" + (target.size() <= kLongestName ? target : ToHex64(Hash64(target)));
}

StateIndex::StateIndex(elastic::Client& client, const std::string& target)
    : client_(client), target_(target), name_(StateIndexName(target)) {}

// `rest`: of the path, behind the index.
elastic::ElasticRequest StateIndex::Request(std::string method, std::string_view rest,
                                            std::string body) const {
  return elastic::JsonRequest(std::move(method), Target(rest), std::move(body), kWhat);
}

std::string StateIndex::Target(std::string_view rest) const {
  return fmt::format("/{}{}{}", PercentEncode(name_), rest.empty() ? "" : "/", rest);
}

Result<HttpResponse> StateIndex::Call(std::string method, std::string_view rest, std::string body) {
  return client_.Call(Request(std::move(method), rest, std::move(body)));
}

void StateIndex::Read(ReadDone done) {
  client_.Send(Request("GET", kStateTarget))
      .Then([done = std::move(done), name = name_](const Result<HttpResponse>& answer) {
        done(ReadAnswer(answer, name));
      });
}

Result<std::optional<StoredState>> StateIndex::Read() {
  return ReadAnswer(Call("GET", kStateTarget), name_);
}

Result<void> StateIndex::Create() {
  auto created = elastic::CreateHiddenIndex(client_, Target(""),
                                            fmt::format(R"("mappings":{})", kMapping), kWhat);
  if (!created && elastic::IsExistingIndex(created.error())) {
    created = Call("PUT", "_mapping", std::string(kMapping));
  }
  if (created) return {};
  return Fail(WithContext(created.error(), fmt::format("creating the index \"{}\"", name_)));
}

void StateIndex::Write(const StateDocument& document, elastic::DocumentVersion before,
                       WriteDone done) {
  const std::string rest = before.IsKnown()
                               ? fmt::format("{}?if_seq_no={}&if_primary_term={}", kStateTarget,
                                             before.seq_no, before.primary_term)
                               : "_create/state";
  client_.Send(Request("PUT", rest, Serialize(document, target_)))
      .Then([done = std::move(done)](const Result<HttpResponse>& answer) {
        if (!answer) return done(Fail(WithContext(answer.error(), "saving the state")));
        const auto json = ParseJson(answer->body, kWhat);
        if (!json) return done(Fail(json.error()));
        done(elastic::ReadVersion(*json, kWhat));
      });
}

Result<void> StateIndex::WriteChunk(const std::string& id, std::uint64_t epoch,
                                    std::string_view bytes) {
  std::string body = fmt::format(R"({{"epoch":{},"chunk":")", epoch);
  AppendBase64(bytes, body);
  body += "\"}";
  TRY(WithContext(Call("PUT", "_doc/" + PercentEncode(id), std::move(body)),
                  "saving a chunk of the state"));
  return {};
}

Result<std::string> StateIndex::ReadChunk(const ChunkRef& chunk) {
  constexpr std::string_view kContext = "reading a chunk of the state";
  const auto answer = WithContext(Call("GET", "_doc/" + PercentEncode(chunk.id)), kContext);
  TRY_ASSIGN(const auto found, elastic::ReadGetAnswer(answer, kWhatOfChunks));
  // An absent chunk is shorter than the state document says, which is found to be damage.
  if (!found) return std::string();
  auto bytes = Base64Decode(StringMember(found->source, "chunk"));
  if (!bytes) return Fail(ErrorKind::kTemporary, "the answer about a chunk of the state lacks it");
  return *std::move(bytes);
}

Result<void> StateIndex::DeleteChunks(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  elastic::ElasticRequest request = Request("POST", "_bulk", DeleteLines(ids));
  request.content_type = "application/x-ndjson";
  TRY_ASSIGN(const auto answer,
             WithContext(client_.Call(std::move(request)), "deleting chunks of the state"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, kWhatOfChunks));
  return CheckDeleted(json);
}

Result<std::vector<std::string>> StateIndex::ChunksBefore(std::uint64_t epoch) {
  TRY(WithContext(Call("POST", "_refresh"), "looking for chunks of the state"));
  TRY_ASSIGN(
      const auto answer,
      WithContext(
          Call("POST", "_search",
               fmt::format(
                   R"({{"query":{{"bool":{{"must":[{{"range":{{"epoch":{{"lt":{}}}}}}}]}}}},)"
                   R"("_source":false,"size":{}}})",
                   epoch, elastic::kResultWindow)),
          "looking for chunks of the state"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, kWhatOfChunks));
  const rapidjson::Value* hits = FindPath(json, {"hits", "hits"});
  if (hits == nullptr || !hits->IsArray()) {
    return Fail(ErrorKind::kTemporary, "the answer about chunks of the state lacks its hits");
  }
  std::vector<std::string> ids;
  for (const rapidjson::Value& hit : hits->GetArray()) ids.emplace_back(StringMember(hit, "_id"));
  return ids;
}

}  // namespace dbxes::state
