// SPDX-License-Identifier: Apache-2.0
#include "elastic/single_document.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "elastic/meaning.h"

namespace dbxes::elastic {

ElasticRequest JsonRequest(std::string method, std::string target, std::string body,
                           std::string_view what) {
  ElasticRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  if (!body.empty()) request.body = std::make_shared<const std::string>(std::move(body));
  request.options.accept = [what](const HttpResponse& answer) -> Result<void> {
    TRY(ParseJson(answer.body, what));
    return {};
  };
  return request;
}

Result<DocumentVersion> ReadVersion(const rapidjson::Value& answer, std::string_view what) {
  const auto seq_no = UintMember(answer, "_seq_no");
  const auto term = UintMember(answer, "_primary_term");
  if (seq_no && term && *term > 0) return DocumentVersion{*seq_no, *term};
  return Fail(ErrorKind::kTemporary, fmt::format("{} names no version", what));
}

Result<VersionedDocument> ReadDocument(const rapidjson::Value& found, std::string_view what) {
  const rapidjson::Value* source = FindMember(found, "_source");
  if (source == nullptr || !source->IsObject()) {
    return Fail(ErrorKind::kTemporary, fmt::format("{} lacks the document", what));
  }
  VersionedDocument document;
  document.id = StringMember(found, "_id");
  TRY_ASSIGN(document.version, ReadVersion(found, what));
  document.source.CopyFrom(*source, document.source.GetAllocator());
  return document;
}

Result<std::optional<VersionedDocument>> ReadGetAnswer(const Result<HttpResponse>& answer,
                                                       std::string_view what) {
  const bool absent = !answer && answer.error().kind == ErrorKind::kNotFound;
  if (absent && answer.error().tag != kProxyTag) return std::nullopt;
  if (!answer) return Fail(answer.error());
  TRY_ASSIGN(const auto json, ParseJson(answer->body, what));
  TRY_ASSIGN(auto document, ReadDocument(json, what));
  return document;
}

}  // namespace dbxes::elastic
