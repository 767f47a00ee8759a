// SPDX-License-Identifier: Apache-2.0
#include "elastic/multi_get.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <array>
#include <optional>
#include <utility>

#include "base/http/url.h"
#include "base/json/json_in_place.h"
#include "base/json/json_text.h"
#include "elastic/error_reader.h"

namespace dbxes::elastic {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view StoredDocument::*>, 10> kFields{{
    {"sync_fingerprint", &StoredDocument::fingerprint},
    {"content_hash", &StoredDocument::content_hash},
    {"_timestamp", &StoredDocument::timestamp},
    {"path_lower", &StoredDocument::path_lower},
    {"url", &StoredDocument::url},
    {"shared_folder_id", &StoredDocument::shared_folder_id},
    {"mime_type", &StoredDocument::mime_type},
    {"extension", &StoredDocument::extension},
    {"body_fingerprint", &StoredDocument::body_fingerprint},
    {"permissions_fingerprint", &StoredDocument::permissions_fingerprint},
}};

// Follows {"docs": [{"found": b, "_source": {FIELD: string}, "error": {"type": t, "reason": r}}]}
// and passes over everything else. Strings stay where they are in the answer.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  explicit Handler(std::vector<StoredDocument>& documents) : documents_(documents) {}

  bool StartObject() {
    if (skipped_ > 0 || !EnterObject()) ++skipped_;
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    if (place_ == kDocument && !error_type_.empty()) has_error_ = true;
    place_ = place_ == kSource || place_ == kError ? kDocument
             : place_ == kDocument                 ? kDocuments
                                                   : kEnd;
    return !has_error_;
  }
  bool StartArray() {
    if (skipped_ == 0 && place_ == kRoot && key_ == "docs") {
      place_ = kDocuments;
    } else {
      ++skipped_;
    }
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      place_ = kRoot;
    }
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ == 0) key_ = {text, length};
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    if (skipped_ > 0) return true;
    if (place_ == kError && key_ == "type") error_type_ = {text, length};
    if (place_ == kError && key_ == "reason") error_reason_ = {text, length};
    if (place_ != kSource) return true;
    for (const auto& [name, member] : kFields) {
      if (key_ == name) documents_.back().*member = {text, length};
    }
    return true;
  }
  bool Bool(bool value) {
    if (skipped_ == 0 && place_ == kDocument && key_ == "found") documents_.back().found = value;
    return true;
  }
  bool Default() { return true; }

  std::optional<Error> DocumentError() const {
    if (!has_error_) return std::nullopt;
    // The answer as a whole is a 200: the type alone tells what it is.
    const int status = error_type_ == "index_not_found_exception" ? 404
                       : error_type_ == "security_exception"      ? 403
                                                                  : 503;
    return MakeElasticError(status, error_type_, error_reason_);
  }

 private:
  enum Place { kStart, kRoot, kDocuments, kDocument, kSource, kError, kEnd };

  bool EnterObject() {
    if (place_ == kStart) {
      place_ = kRoot;
    } else if (place_ == kDocuments) {
      place_ = kDocument;
      documents_.emplace_back();
      error_type_ = error_reason_ = {};
    } else if (place_ == kDocument && key_ == "_source") {
      place_ = kSource;
    } else if (place_ == kDocument && key_ == "error") {
      place_ = kError;
    } else {
      return false;
    }
    return true;
  }

  std::vector<StoredDocument>& documents_;
  Place place_ = kStart;
  int skipped_ = 0;  // depth within something that is of no interest
  std::string_view key_;
  std::string_view error_type_;
  std::string_view error_reason_;
  bool has_error_ = false;
};

std::string SourceIncludes() {
  std::string list;
  for (const auto& [name, member] : kFields) {
    if (!list.empty()) list += ',';
    list += name;
  }
  return list;
}

}  // namespace

Result<StoredDocuments> ReadMultiGet(std::string body, std::size_t expected) {
  StoredDocuments result;
  result.text_ = std::make_unique<std::string>(std::move(body));
  result.documents_.reserve(expected);
  Handler handler(result.documents_);
  const rapidjson::ParseResult parsed = ParseInPlace(*result.text_, handler);
  if (auto error = handler.DocumentError()) return Fail(std::move(*error));
  if (parsed.IsError()) {
    return Fail(ErrorKind::kTemporary,
                fmt::format("the answer to a multi-get is not JSON: {} (at byte {} of {})",
                            rapidjson::GetParseError_En(parsed.Code()), parsed.Offset(),
                            result.text_->size()));
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
      target_(fmt::format("/{}/_mget?_source_includes={}&filter_path=docs.found,"
                          "docs._source,docs.error.type,docs.error.reason",
                          PercentEncode(index), SourceIncludes())) {}

MultiGet::Page MultiGet::Start(const std::vector<std::string_view>& ids) {
  Page page(client_.loop(), ids.size());
  if (ids.empty()) return page;
  auto body = std::make_shared<std::string>();
  *body += R"({"ids":[)";
  for (const std::string_view id : ids) {
    if (body->back() != '[') *body += ',';
    AppendJsonString(id, *body);
  }
  *body += "]}";
  ElasticRequest request;
  request.target = target_;
  request.body = std::move(body);
  // Parsed where it is judged, so that garbage behind a good status is asked for again.
  request.options.accept = [documents = page.documents_,
                            count = ids.size()](HttpResponse& answer) -> Result<void> {
    Result<StoredDocuments> read = ReadMultiGet(std::move(answer.body), count);
    if (!read) return Fail(std::move(read.error()));
    *documents = std::move(*read);
    return {};
  };
  page.answer_ = client_.Send(std::move(request));
  return page;
}

Result<StoredDocuments> MultiGet::Page::Await() {
  if (count_ == 0) return StoredDocuments();
  const Result<HttpResponse> answer = loop_->Await(answer_);
  if (!answer) return Fail(WithContext(answer.error(), "reading what the index holds"));
  return std::move(*documents_);
}

}  // namespace dbxes::elastic
