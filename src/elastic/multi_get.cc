// SPDX-License-Identifier: Apache-2.0
#include "elastic/multi_get.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "base/json/json_members.h"
#include "base/json/json_text.h"
#include "elastic/error_reader.h"
#include "elastic/query.h"
#include "elastic/searchable_index.h"

namespace dbxes::elastic {
namespace {

// In the order in which dbx-es writes them.
constexpr JsonMember<StoredDocument> kSourceMembers[] = {
    {"extension", ReadField<&StoredDocument::extension>},
    {"mime_type", ReadField<&StoredDocument::mime_type>},
    {"path_lower", ReadField<&StoredDocument::path_lower>},
    {"url", ReadField<&StoredDocument::url>},
    {"content_hash", ReadField<&StoredDocument::content_hash>},
    {"_timestamp", ReadField<&StoredDocument::timestamp>},
    {"shared_folder_id", ReadField<&StoredDocument::shared_folder_id>},
    {"body_fingerprint", ReadField<&StoredDocument::body_fingerprint>},
    {"permissions_fingerprint", ReadField<&StoredDocument::permissions_fingerprint>},
    {"sync_fingerprint", ReadField<&StoredDocument::fingerprint>},
    {"sync_seq", ReadField<&StoredDocument::sync_seq>},
    {"sync_version", ReadField<&StoredDocument::sync_version>},
    {"received", ReadField<&StoredDocument::received>},  // few have it
};

// What an answer says of one document.
struct Doc {
  StoredDocument stored;
  std::uint64_t number = 0;  // _version
  std::string_view error_type;
  std::string_view error_reason;
  std::string_view error_index;
};

void ReadSeqNo(JsonScanner& json, Doc& doc) { json.Read(doc.stored.version.seq_no); }
void ReadTerm(JsonScanner& json, Doc& doc) { json.Read(doc.stored.version.primary_term); }
void ReadFound(JsonScanner& json, Doc& doc) { json.Read(doc.stored.found); }
void ReadSource(JsonScanner& json, Doc& doc) { ReadMembers(json, kSourceMembers, doc.stored); }
void ReadDocError(JsonScanner& json, Doc& doc) {
  static constexpr JsonMember<Doc> kMembers[] = {
      {"type", ReadField<&Doc::error_type>},
      {"reason", ReadField<&Doc::error_reason>},
      {"index", ReadField<&Doc::error_index>},
  };
  ReadMembers(json, kMembers, doc);
}

constexpr JsonMember<Doc> kDocMembers[] = {
    {"_version", ReadField<&Doc::number>},
    {"_seq_no", ReadSeqNo},
    {"_primary_term", ReadTerm},
    {"found", ReadFound},
    {"_source", ReadSource},
    {"error", ReadDocError},
};

struct Answer {
  std::vector<StoredDocument>& documents;
  const VersionStamps& stamps;
  std::optional<Error> error = {};  // of the first document that has one
};

void ReadDocs(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] {
    if (!json.NextIs('{')) return json.Skip();
    Doc doc;
    ReadMembers(json, kDocMembers, doc);
    DocumentVersion& version = doc.stored.version;
    version.is_ours = doc.number != 0 && doc.stored.sync_version == answer.stamps.Of(doc.number);
    version.next_stamp = answer.stamps.Of(doc.number + 1);
    const std::int64_t noted = doc.stored.sync_version ^ answer.stamps.Of(0);
    doc.stored.was_ours = noted > 0 && static_cast<std::uint64_t>(noted) < doc.number;
    doc.stored.list_is_ours = version.is_ours;
    answer.documents.push_back(doc.stored);
    if (doc.error_type.empty() || answer.error) return;
    answer.error = MakeDocumentError(doc.error_type, doc.error_reason, doc.error_index);
  });
}

constexpr JsonMember<Answer> kAnswerMembers[] = {{"docs", ReadDocs}};

std::string SourceIncludes() {
  std::string list;
  for (const auto& member : kSourceMembers) {
    if (!list.empty()) list += ',';
    list += member.name.view();
  }
  return list;
}

std::shared_ptr<const std::string> IdsBody(const std::vector<std::string_view>& ids) {
  return std::make_shared<const std::string>(R"({"ids":)" + JsonList(ids) + '}');
}

}  // namespace

Result<StoredDocuments> ReadMultiGet(std::string body, std::size_t expected,
                                     const VersionStamps& stamps) {
  StoredDocuments result;
  result.text_ = std::make_unique<std::string>(std::move(body));
  result.documents_.reserve(expected);
  Answer answer{result.documents_, stamps};
  JsonScanner json(*result.text_);
  ReadMembers(json, kAnswerMembers, answer);
  json.Finish();
  if (answer.error) return Fail(std::move(*answer.error));
  if (json.failed()) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer to a multi-get is {}", json.ErrorText()));
  }
  if (result.documents_.size() != expected) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer to a multi-get has {} documents for {} ids",
                            result.documents_.size(), expected));
  }
  return result;
}

MultiGet::MultiGet(Client& client, const std::string& index)
    : client_(client),
      index_(index),
      target_(fmt::format("/{}/_mget?_source_includes={}&filter_path=docs._version,docs._seq_no,"
                          "docs._primary_term,docs.found,docs._source,docs.error.type,"
                          "docs.error.reason,docs.error.index",
                          PercentEncode(index), SourceIncludes())) {}

MultiGet::Page MultiGet::Start(const std::vector<std::string_view>& ids) {
  Page page(client_.loop(), ids.size());
  page.doubted_ = doubt_ != Doubt::kNone;
  if (ids.empty()) return page;
  ElasticRequest request;
  request.target = target_;
  request.body = IdsBody(ids);
  request.max_answer_bytes = kMostOfDocuments;
  // Parsed where it is judged, so that an unreadable answer with a good status is requested again.
  request.options.accept = [documents = page.documents_, count = ids.size(),
                            stamps = client_.stamps()](HttpResponse& answer) -> Result<void> {
    TRY_ASSIGN(*documents, ReadMultiGet(std::move(answer.body), count, stamps));
    return {};
  };
  page.answer_ = client_.Send(std::move(request));
  return page;
}

Result<StoredDocuments> MultiGet::Page::Await() {
  if (count_ == 0) return StoredDocuments();
  TRY(WithContext(loop_->Await(answer_), "reading what the index holds"));
  for (std::size_t i = 0; doubted_ && i < documents_->size(); ++i) {
    StoredDocument& one = (*documents_)[i];
    one.was_ours = one.was_ours || one.version.is_ours;
    one.version.is_ours = false;
    one.list_is_ours = false;
  }
  return std::move(*documents_);
}

Result<rapidjson::Document> MultiGet::ReadFields(const std::vector<std::string_view>& ids,
                                                 std::string_view fields) {
  return ReadSources(client_, index_, ids, nullptr, {.fields = fields});
}

Result<std::vector<std::string>> MultiGet::FindWith(std::string_view field,
                                                    const std::vector<std::string_view>& ids) {
  std::vector<std::string> found;
  if (ids.empty()) return found;
  const std::string query = AllOf({IdsClause(JsonList(ids)), ExistsClause(field)});
  SearchOptions options;
  options.sync_seq = false;
  TRY(ForEachPageOfHits({client_, index_, id_field_}, query, options,
                        [&](const std::vector<Hit>& hits) -> Result<void> {
                          for (const Hit& hit : hits) found.emplace_back(hit.id);
                          return {};
                        }));
  std::sort(found.begin(), found.end());
  return found;
}

Result<rapidjson::Document> ReadSources(Client& client, const std::string& index,
                                        const std::vector<std::string_view>& ids,
                                        std::vector<DocumentVersion>* versions,
                                        SourceFilter filter) {
  ElasticRequest request;
  request.target = fmt::format("/{}/_mget", PercentEncode(index));
  if (!filter.fields.empty()) {
    request.target += fmt::format("?_source_includes={}", filter.fields);
  } else if (!filter.without.empty()) {
    request.target += fmt::format("?_source_excludes={}", filter.without);
  }
  request.body = IdsBody(ids);
  request.max_answer_bytes = kMostOfTexts;
  TRY_ASSIGN(const auto answer, client.Call(std::move(request)));
  TRY_ASSIGN(auto json, ParseJson(answer.body, "the answer to a multi-get"));
  const rapidjson::Value* docs = FindMember(json, "docs");
  if (docs == nullptr || !docs->IsArray() || docs->Size() != ids.size()) {
    return Fail(ErrorKind::kTemporary, "the answer to a multi-get does not have every document");
  }
  rapidjson::Document sources(rapidjson::kArrayType);
  for (const auto& doc : docs->GetArray()) {
    rapidjson::Value source;
    const rapidjson::Value* found = FindMember(doc, "_source");
    if (found != nullptr) source.CopyFrom(*found, sources.GetAllocator());
    sources.PushBack(source, sources.GetAllocator());
    if (versions == nullptr) continue;
    versions->push_back(
        {UintMember(doc, "_seq_no").value_or(0), UintMember(doc, "_primary_term").value_or(0)});
  }
  return sources;
}

}  // namespace dbxes::elastic
