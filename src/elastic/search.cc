// SPDX-License-Identifier: Apache-2.0
#include "elastic/search.h"

#include <fmt/format.h>

#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "base/json/json_members.h"
#include "base/json/json_text.h"
#include "elastic/meaning.h"
#include "elastic/query.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kFilterPath =
    "timed_out,_shards.failed,_scroll_id,hits.total.value,hits.hits._id,hits.hits._version,"
    "hits.hits._seq_no,"
    "hits.hits._primary_term,hits.hits.sort,hits.hits.fields";
// How long the cluster keeps a snapshot between two pages.
constexpr std::string_view kKeepAlive = "5m";
constexpr std::string_view kBySequence =
    R"({"sync_seq":{"order":"asc","missing":"_first","unmapped_type":"long"}})";

struct Answer {
  HitPage& page;
  std::string_view id_values;
  const VersionStamps& stamps;
  std::uint64_t number = 0;  // _version of the hit
  bool timed_out = false;
  std::uint64_t failed_shards = 0;

  Hit& hit() { return page.hits.back(); }
  // Hits may be missing.
  bool IsPartial() const { return timed_out || failed_shards > 0; }
};

// Doc values are lists; those that have one value are read as it.
template <auto Field>
void ReadValue(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] { json.Read(answer.hit().*Field); });
}

void ReadSequence(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] {
    const bool number = !json.NextIs('n');
    std::int64_t value = 0;
    json.Read(value);
    if (number) answer.hit().sync_seq = value;
  });
}

void ReadStamp(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] { json.Read(answer.hit().sync_version); });
}

void ReadReceived(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] { json.Read(answer.hit().received); });
}

void ReadAncestors(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] { json.Read(answer.hit().ancestors.emplace_back()); });
}

// The field that holds the ids is known at run time only.
void ReadOtherField(JsonScanner& json, std::string_view name, Answer& answer) {
  if (name != answer.id_values) return json.Skip();
  ReadValue<&Hit::id>(json, answer);
}

void ReadFields(JsonScanner& json, Answer& answer) {
  static constexpr JsonMember<Answer> kMembers[] = {
      {"sync_seq", ReadSequence},
      {"sync_version", ReadStamp},
      {"path_lower", ReadValue<&Hit::path_lower>},
      {"received", ReadReceived},
      {"ancestors", ReadAncestors},
      {"sync_fingerprint", ReadValue<&Hit::fingerprint>},
      {"body_fingerprint", ReadValue<&Hit::body_fingerprint>},
      {"permissions_fingerprint", ReadValue<&Hit::permissions_fingerprint>},
  };
  ReadMembers(json, kMembers, answer, ReadOtherField);
}

// Keeps the values as JSON, for `search_after`.
void ReadSort(JsonScanner& json, Answer& answer) {
  std::string& sort = answer.page.last_sort;
  sort = "[";
  ReadElements(json, [&] {
    if (sort.size() > 1) sort += ',';
    if (!json.NextIs('"')) {
      sort += json.ReadLiteral();
      return;
    }
    std::string_view value;
    json.Read(value);
    AppendJsonString(value, sort);
  });
  sort += ']';
}

void ReadId(JsonScanner& json, Answer& answer) { json.Read(answer.hit().id); }

void ReadSeqNo(JsonScanner& json, Answer& answer) { json.Read(answer.hit().version.seq_no); }
void ReadTerm(JsonScanner& json, Answer& answer) { json.Read(answer.hit().version.primary_term); }

constexpr JsonMember<Answer> kHitMembers[] = {
    {"_id", ReadId},        {"_version", ReadField<&Answer::number>},
    {"_seq_no", ReadSeqNo}, {"_primary_term", ReadTerm},
    {"fields", ReadFields}, {"sort", ReadSort},
};

void ReadHitList(JsonScanner& json, Answer& answer) {
  ReadElements(json, [&] {
    if (!json.NextIs('{')) return json.Skip();
    Hit& hit = answer.page.hits.emplace_back();
    answer.number = 0;
    ReadMembers(json, kHitMembers, answer);
    hit.version.is_ours = answer.number != 0 && hit.sync_version == answer.stamps.Of(answer.number);
    hit.version.next_stamp = answer.stamps.Of(answer.number + 1);
  });
}

void ReadTotalValue(JsonScanner& json, Answer& answer) { json.Read(answer.page.total); }
void ReadTotal(JsonScanner& json, Answer& answer) {
  static constexpr JsonMember<Answer> kMembers[] = {{"value", ReadTotalValue}};
  ReadMembers(json, kMembers, answer);
}

void ReadHits(JsonScanner& json, Answer& answer) {
  static constexpr JsonMember<Answer> kMembers[] = {{"total", ReadTotal}, {"hits", ReadHitList}};
  ReadMembers(json, kMembers, answer);
}

void ReadShards(JsonScanner& json, Answer& answer) {
  static constexpr JsonMember<Answer> kMembers[] = {{"failed", ReadField<&Answer::failed_shards>}};
  ReadMembers(json, kMembers, answer);
}

void ReadScrollId(JsonScanner& json, Answer& answer) {
  std::string_view id;
  json.Read(id);
  answer.page.scroll_id = id;
}

constexpr JsonMember<Answer> kAnswerMembers[] = {
    {"_scroll_id", ReadScrollId},
    {"timed_out", ReadField<&Answer::timed_out>},
    {"_shards", ReadShards},
    {"hits", ReadHits},
};

std::shared_ptr<const std::string> Shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

Result<HitPage> ReadHitPage(std::string body, std::string_view id_values,
                            const VersionStamps& stamps) {
  HitPage page;
  page.text = std::make_unique<std::string>(std::move(body));
  Answer answer{page, id_values, stamps};
  JsonScanner json(*page.text);
  ReadMembers(json, kAnswerMembers, answer);
  json.Finish();
  if (json.failed()) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer to a search is {}", json.ErrorText()));
  }
  if (answer.IsPartial()) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be searched");
  }
  return page;
}

HitReader::HitReader(Client& client, const std::string& index, std::string id_field,
                     std::string query, SearchOptions options)
    : client_(client),
      // Without the hits of a broken shard, the last page would look complete.
      target_(fmt::format("/{}/_search?allow_partial_search_results=false&filter_path={}{}",
                          PercentEncode(index), kFilterPath,
                          id_field.empty() ? fmt::format("&scroll={}", kKeepAlive) : "")),
      id_field_(std::move(id_field)),
      query_(std::move(query)),
      options_(options) {}

Result<HitPage> HitReader::Next() {
  if (!started_) Start(nullptr);
  started_ = true;
  if (!ahead_) return HitPage();
  auto answer = client_.loop().Await(*std::exchange(ahead_, std::nullopt));
  if (!answer && ShrinkPages(answer.error())) {
    Start(nullptr);
    answer = client_.loop().Await(*std::exchange(ahead_, std::nullopt));
  }
  TRY(WithContext(std::move(answer), "searching the index"));
  first_ = false;
  const std::shared_ptr<HitPage> page = std::move(page_);
  if (page->hits.size() == options_.page_size) {
    Start(page.get());
  } else if (!page->scroll_id.empty()) {
    return EndScroll(*page);
  }
  return std::move(*page);
}

// The first page shows whether the index allows pages of this size.
bool HitReader::ShrinkPages(const Error& error) {
  const auto window = ExceededResultWindow(error);
  if (!first_ || !window || *window >= options_.page_size) return false;
  options_.page_size = *window;
  return true;
}

void HitReader::Start(const HitPage* before) {
  ElasticRequest request;
  const bool continues_scroll = before != nullptr && !before->scroll_id.empty();
  request.target =
      continues_scroll ? fmt::format("/_search/scroll?filter_path={}", kFilterPath) : target_;
  request.body = Shared(continues_scroll ? ScrollBody(*before) : SearchBody(before));
  request.max_answer_bytes = kMostOfDocuments;
  // A scroll advances with each request: a page whose answer was lost cannot be read again.
  if (continues_scroll) request.options.max_retries = 0;
  page_ = std::make_shared<HitPage>();
  // Parsed where it is judged, so that an unreadable answer with a good status is requested again.
  request.options.accept = [page = page_, id_values = options_.id_values,
                            stamps = client_.stamps()](HttpResponse& answer) -> Result<void> {
    TRY_ASSIGN(*page, ReadHitPage(std::move(answer.body), id_values, stamps));
    return {};
  };
  ahead_ = client_.Send(std::move(request));
}

std::vector<std::string_view> HitReader::Fields() const {
  std::vector<std::string_view> fields;
  if (options_.sync_seq) fields.emplace_back("sync_seq");
  if (options_.versions || options_.is_ours) fields.emplace_back("sync_version");
  if (!options_.id_values.empty()) fields.push_back(options_.id_values);
  if (options_.path_lower) fields.insert(fields.end(), {"path_lower", "received"});
  if (options_.ancestors) fields.emplace_back("ancestors");
  if (!options_.fingerprints) return fields;
  fields.insert(fields.end(), {"sync_fingerprint", "body_fingerprint", "permissions_fingerprint"});
  return fields;
}

std::string HitReader::SearchBody(const HitPage* before) const {
  JsonBuffer buffer;
  ObjectWriter writer(buffer);
  writer.StartObject();
  writer.Uint64("size", options_.page_size);
  writer.Bool("_source", false);
  writer.Raw("docvalue_fields", JsonList(Fields()));
  if (!options_.id_values.empty()) writer.String("stored_fields", "_none_");
  if (options_.versions) writer.Bool("seq_no_primary_term", true);
  if (options_.versions || options_.is_ours) writer.Bool("version", true);
  if (id_field_.empty()) {
    writer.Raw("sort", R"(["_doc"])");
    writer.Raw("query", query_);
    return std::string(View(buffer)) + '}';
  }
  // To count all matches would cost more than the page. A scroll cannot leave it out.
  writer.Bool("track_total_hits", false);
  // Documents that have neither a sync_seq nor an id would have no order.
  writer.Raw("query", AllOf({query_, ExistsClause(id_field_)}));
  writer.Raw("sort", fmt::format(R"([{},{{"{}":{{"order":"asc"}}}}])", kBySequence, id_field_));
  if (before != nullptr) writer.Raw("search_after", before->last_sort);
  return std::string(View(buffer)) + '}';
}

std::string HitReader::ScrollBody(const HitPage& before) const {
  JsonBuffer buffer;
  ObjectWriter writer(buffer);
  writer.StartObject();
  writer.String("scroll", kKeepAlive);
  writer.String("scroll_id", before.scroll_id);
  return std::string(View(buffer)) + '}';
}

Result<HitPage> HitReader::EndScroll(HitPage& last) {
  ElasticRequest request;
  request.method = "DELETE";
  request.target = "/_search/scroll";
  request.body = Shared(fmt::format(R"({{"scroll_id":{}}})", JsonString(last.scroll_id)));
  const Result<HttpResponse> ended = client_.Call(std::move(request));
  // It may have expired already.
  if (!ended && ended.error().kind != ErrorKind::kNotFound) {
    return Fail(WithContext(ended.error(), "ending a search"));
  }
  return std::move(last);
}

Result<void> Refresh(Client& client, const std::string& index) {
  ElasticRequest request;
  request.target = fmt::format("/{}/_refresh?filter_path=_shards.failed", PercentEncode(index));
  TRY_ASSIGN(const auto answer,
             WithContext(client.Call(std::move(request)), "refreshing the index"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer to a refresh"));
  const rapidjson::Value* failed = FindPath(json, {"_shards", "failed"});
  if (failed != nullptr && failed->IsUint() && failed->GetUint() > 0) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be refreshed");
  }
  return {};
}

Result<std::uint64_t> Count(Client& client, const std::string& index, std::string_view query) {
  ElasticRequest request;
  request.target = fmt::format("/{}/_count?filter_path=count,_shards.failed", PercentEncode(index));
  if (!query.empty()) request.body = Shared(fmt::format(R"({{"query":{}}})", query));
  TRY_ASSIGN(const auto answer, WithContext(client.Call(std::move(request)), "counting documents"));
  TRY_ASSIGN(const auto json, ParseJson(answer.body, "the answer to a count"));
  const auto count = UintMember(json, "count");
  const rapidjson::Value* failed = FindPath(json, {"_shards", "failed"});
  if (!count || (failed != nullptr && failed->IsUint() && failed->GetUint() > 0)) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be counted");
  }
  return *count;
}

}  // namespace dbxes::elastic
