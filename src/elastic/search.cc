// SPDX-License-Identifier: Apache-2.0
#include "elastic/search.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "base/json/json_in_place.h"
#include "base/json/json_text.h"

namespace dbxes::elastic {
namespace {

constexpr std::string_view kFilterPath =
    "timed_out,_shards.failed,_scroll_id,hits.total.value,hits.hits._id,hits.hits.sort,hits.hits."
    "fields";
// How long the cluster keeps a snapshot between two pages.
constexpr std::string_view kKeepAlive = "5m";

// Follows {"timed_out": b, "_shards": {"failed": n}, "hits": {"hits": [{"_id": s, "sort": [...],
// "fields": {FIELD: [...]}}]}} and passes over everything else. Strings stay in the answer.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  Handler(HitPage& page, std::string_view id_values) : page_(page), id_values_(id_values) {}

  bool StartObject() {
    if (skipped_ > 0 || !EnterObject()) ++skipped_;
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      place_ = Outer();
    }
    return true;
  }
  bool StartArray() {
    if (skipped_ > 0 || !EnterArray()) ++skipped_;
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    if (place_ == kSort) page_.last_sort += ']';
    place_ = Outer();
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ == 0) key_ = {text, length};
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ > 0) return true;
    const std::string_view value(text, length);
    if (place_ == kHit && key_ == "_id") hit().id = value;
    if (place_ == kRoot && key_ == "_scroll_id") page_.scroll_id = value;
    if (place_ == kValues) TakeValue(value);
    if (place_ == kSort) {
      NextSortValue();
      AppendJsonString(value, page_.last_sort);
    }
    return true;
  }
  bool Int64(std::int64_t value) {
    if (skipped_ > 0) return true;
    if (place_ == kValues && key_ == "sync_seq") hit().sync_seq = value;
    if (place_ == kShards && key_ == "failed") failed_shards_ = value;
    if (place_ == kTotal && key_ == "value") page_.total = static_cast<std::uint64_t>(value);
    if (place_ == kSort) {
      NextSortValue();
      page_.last_sort += std::to_string(value);
    }
    return true;
  }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Int64(value); }
  bool Uint64(std::uint64_t value) { return Int64(static_cast<std::int64_t>(value)); }
  bool Null() {
    if (skipped_ == 0 && place_ == kSort) {
      NextSortValue();
      page_.last_sort += "null";
    }
    return true;
  }
  bool Bool(bool value) {
    if (skipped_ == 0 && place_ == kRoot && key_ == "timed_out") timed_out_ = value;
    return true;
  }
  bool Default() { return true; }

  // Hits may be missing.
  bool IsPartial() const { return timed_out_ || failed_shards_ > 0; }

 private:
  enum Place { kStart, kRoot, kShards, kHits, kTotal, kList, kHit, kSort, kFields, kValues, kEnd };

  Hit& hit() { return page_.hits.back(); }

  void TakeValue(std::string_view value) {
    if (key_ == id_values_) hit().id = value;
    if (key_ == "path_lower") hit().path_lower = value;
    if (key_ == "ancestors") hit().ancestors.push_back(value);
    if (key_ == "sync_fingerprint") hit().fingerprint = value;
    if (key_ == "body_fingerprint") hit().body_fingerprint = value;
    if (key_ == "permissions_fingerprint") hit().permissions_fingerprint = value;
  }

  void NextSortValue() {
    if (page_.last_sort.size() > 1) page_.last_sort += ',';
  }

  bool EnterObject() {
    if (place_ == kStart) {
      place_ = kRoot;
    } else if (place_ == kRoot && key_ == "_shards") {
      place_ = kShards;
    } else if (place_ == kRoot && key_ == "hits") {
      place_ = kHits;
    } else if (place_ == kHits && key_ == "total") {
      place_ = kTotal;
    } else if (place_ == kList) {
      place_ = kHit;
      page_.hits.emplace_back();
    } else if (place_ == kHit && key_ == "fields") {
      place_ = kFields;
    } else {
      return false;
    }
    return true;
  }

  bool EnterArray() {
    if (place_ == kHits && key_ == "hits") {
      place_ = kList;
    } else if (place_ == kHit && key_ == "sort") {
      place_ = kSort;
      page_.last_sort = "[";
    } else if (place_ == kFields) {
      place_ = kValues;
    } else {
      return false;
    }
    return true;
  }

  Place Outer() const {
    switch (place_) {
      case kShards:
      case kHits:
        return kRoot;
      case kTotal:
      case kList:
        return kHits;
      case kHit:
        return kList;
      case kSort:
      case kFields:
        return kHit;
      case kValues:
        return kFields;
      default:
        return kEnd;
    }
  }

  HitPage& page_;
  std::string_view id_values_;
  Place place_ = kStart;
  int skipped_ = 0;  // depth within something that is of no interest
  std::string_view key_;
  bool timed_out_ = false;
  std::int64_t failed_shards_ = 0;
};

std::shared_ptr<const std::string> Shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

Result<HitPage> ReadHitPage(std::string body, std::string_view id_values) {
  HitPage page;
  page.text = std::make_unique<std::string>(std::move(body));
  Handler handler(page, id_values);
  const rapidjson::ParseResult parsed = ParseInPlace(*page.text, handler);
  if (parsed.IsError()) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer to a search is not JSON: {} (at byte {} of {})",
                            rapidjson::GetParseError_En(parsed.Code()), parsed.Offset(),
                            page.text->size()));
  }
  if (handler.IsPartial()) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be searched");
  }
  return page;
}

HitReader::HitReader(Client& client, const std::string& index, std::string id_field,
                     std::string query, SearchOptions options)
    : client_(client),
      // A page that lacks the hits of a broken shard would read as "these are all".
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
  const std::shared_ptr<HitPage> page = std::move(page_);
  const Result<HttpResponse> answer = client_.loop().Await(*std::exchange(ahead_, std::nullopt));
  if (!answer) return Fail(WithContext(answer.error(), "searching the index"));
  if (page->hits.size() == options_.page_size) {
    Start(page.get());
  } else if (!page->scroll_id.empty()) {
    return EndScroll(*page);
  }
  return std::move(*page);
}

void HitReader::Start(const HitPage* before) {
  ElasticRequest request;
  const bool scrolls_on = before != nullptr && !before->scroll_id.empty();
  request.target =
      scrolls_on ? fmt::format("/_search/scroll?filter_path={}", kFilterPath) : target_;
  request.body = Shared(scrolls_on ? ScrollBody(*before) : SearchBody(before));
  // A scroll moves on with each request: a page whose answer was lost cannot be had again.
  if (scrolls_on) request.options.max_retries = 0;
  page_ = std::make_shared<HitPage>();
  // Parsed where it is judged, so that garbage behind a good status is asked for again.
  request.options.accept = [page = page_,
                            id_values = options_.id_values](HttpResponse& answer) -> Result<void> {
    Result<HitPage> read = ReadHitPage(std::move(answer.body), id_values);
    if (!read) return Fail(std::move(read.error()));
    *page = std::move(*read);
    return {};
  };
  ahead_ = client_.Send(std::move(request));
}

std::string HitReader::SearchBody(const HitPage* before) const {
  std::string fields;
  const auto want = [&](bool wanted, std::string_view field) {
    if (wanted) fields += fmt::format(R"({}"{}")", fields.empty() ? "" : ",", field);
  };
  want(options_.sync_seq, "sync_seq");
  want(!options_.id_values.empty(), options_.id_values);
  want(options_.path_lower, "path_lower");
  want(options_.ancestors, "ancestors");
  for (const char* field : {"sync_fingerprint", "body_fingerprint", "permissions_fingerprint"}) {
    want(options_.fingerprints, field);
  }
  std::string body = fmt::format(R"({{"size":{},"_source":false,"docvalue_fields":[{}])",
                                 options_.page_size, fields);
  if (!options_.id_values.empty()) body += R"(,"stored_fields":"_none_")";
  if (id_field_.empty()) return body + R"(,"sort":["_doc"],"query":)" + query_ + '}';
  // Counting all that match would cost more than the page; a scroll insists on it.
  body += R"(,"track_total_hits":false)";
  // Without an id there would be no order among documents that have no sync_seq either.
  body += fmt::format(R"(,"query":{{"bool":{{"filter":[{},{{"exists":{{"field":"{}"}}}}]}}}})",
                      query_, id_field_);
  body += fmt::format(
      R"(,"sort":[{{"sync_seq":{{"order":"asc","missing":"_first","unmapped_type":"long"}}}},)"
      R"({{"{}":{{"order":"asc"}}}}])",
      id_field_);
  if (before != nullptr) body += R"(,"search_after":)" + before->last_sort;
  return body + '}';
}

std::string HitReader::ScrollBody(const HitPage& before) const {
  std::string body = fmt::format(R"({{"scroll":"{}","scroll_id":)", kKeepAlive);
  AppendJsonString(before.scroll_id, body);
  return body + '}';
}

Result<HitPage> HitReader::EndScroll(HitPage& last) {
  ElasticRequest request;
  request.method = "DELETE";
  request.target = "/_search/scroll";
  std::string body = R"({"scroll_id":)";
  AppendJsonString(last.scroll_id, body);
  request.body = Shared(body + '}');
  const Result<HttpResponse> ended = client_.Call(std::move(request));
  // 404: it had expired already.
  if (!ended && ended.error().kind != ErrorKind::kNotFound) {
    return Fail(WithContext(ended.error(), "ending a search"));
  }
  return std::move(last);
}

Result<void> Refresh(Client& client, const std::string& index) {
  ElasticRequest request;
  request.target = fmt::format("/{}/_refresh?filter_path=_shards.failed", PercentEncode(index));
  const Result<HttpResponse> answer = client.Call(std::move(request));
  if (!answer) return Fail(WithContext(answer.error(), "refreshing the index"));
  TRY_ASSIGN(const auto json, ParseJson(answer->body, "the answer to a refresh"));
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
  const Result<HttpResponse> answer = client.Call(std::move(request));
  if (!answer) return Fail(WithContext(answer.error(), "counting documents"));
  TRY_ASSIGN(const auto json, ParseJson(answer->body, "the answer to a count"));
  const auto count = UintMember(json, "count");
  const rapidjson::Value* failed = FindPath(json, {"_shards", "failed"});
  if (!count || (failed != nullptr && failed->IsUint() && failed->GetUint() > 0)) {
    return Fail(ErrorKind::kTemporary, "a part of the index could not be counted");
  }
  return *count;
}

}  // namespace dbxes::elastic
