// SPDX-License-Identifier: Apache-2.0
// Text of any encoding, HTML and XML, and what services answer about files.
#include <array>
#include <string>

#include "base/utf8.h"
#include "content/charset.h"
#include "content/clean_text.h"
#include "content/download_result.h"
#include "content/extract_text.h"
#include "content/extraction_protocol.h"
#include "content/first_bytes.h"
#include "content/markup_text.h"
#include "content/normal_text.h"
#include "fuzz/fuzz_target.h"

namespace dbxes::fuzz {
namespace {

constexpr content::TextLimits kLimits{200, true};

void CheckText(const std::string& text) {
  Require(IsUtf8(text), "extracted text is UTF-8");
  std::string again = text;
  content::CleanText(again, kLimits);
  Require(again == text, "clean text stays as it is");
}

void ConvertCharset(std::string_view bytes) {
  constexpr std::array<std::string_view, 8> kDeclared{
      "", "utf-16", "shift_jis", "big5", "utf-7", "no such", "hz-gb-2312", "iso-8859-2"};
  const std::string_view declared = kDeclared[TakeByte(bytes) % kDeclared.size()];
  Touch(content::DeclaredCharset(bytes));
  const auto text = content::ToUtf8(std::string(bytes), declared);
  if (text) Require(IsUtf8(*text), "what was converted is UTF-8");
}

void LookAtFirstBytes(std::string_view bytes) {
  const auto format = content::FormatByContent(bytes);
  Require(content::FormatByContent(bytes.substr(0, content::kFirstBytes)) == format,
          "only the first bytes count");
  if (!format) return;
  Require(*format < content::TextFormat::kOpaque || *format == content::TextFormat::kParsed,
          "what is known can be read");
}

void Normalize(std::string_view bytes) {
  if (!IsUtf8(bytes)) return;
  std::string text(bytes);
  content::NormalizeText(text);
  Require(IsUtf8(text), "normal text is UTF-8");
  // The longest sequence that one character becomes; texts of others grow less.
  Require(text.size() <= 8 * bytes.size(), "normal text is not much longer");
  std::string again = text;
  content::NormalizeText(again);
  Require(again == text, "normal text stays as it is");
}

// HTML, XML or plain text, by the first byte.
void ReadMarkup(std::string_view bytes) {
  const unsigned form = TakeByte(bytes) % 3;
  if (IsUtf8(bytes)) {
    const content::MarkupText html = content::HtmlToText(bytes);
    // The longest character that a reference names has six bytes for five ("&nGt;").
    const std::size_t most = bytes.size() + bytes.size() / 5;
    Require(html.text.size() <= most && html.title.size() <= most,
            "text is hardly longer than its markup");
    Require(content::XmlToText(bytes).size() <= most, "XML hardly grows");
  }
  const auto text =
      content::ExtractText(std::string(bytes), static_cast<content::TextFormat>(form), kLimits);
  if (text) CheckText(text->text);
}

void ReadDownload(std::string_view bytes) {
  const bool exported = TakeByte(bytes) % 2 == 1;
  const content::DownloadResult result = content::ReadDownloadResult(bytes, exported);
  Touch(result.hash);
  Touch(result.content_hash);
}

void ReadExtraction(std::string_view bytes) {
  constexpr std::array kStatuses{200, 204, 400, 404, 415, 422, 429, 500, 503};
  const unsigned choice = TakeByte(bytes);
  HttpResponse answer;
  answer.body = bytes;
  answer.status = kStatuses[choice / 2 % kStatuses.size()];
  content::JudgeServiceAnswer(answer);
  content::DetectedProtocol(answer);
  const auto protocol =
      choice % 2 == 0 ? config::ServiceProtocol::kElastic : config::ServiceProtocol::kTika;
  const auto text = content::ReadServiceAnswer(protocol, answer, kLimits);
  if (text) CheckText(text->text);
}

const Registration first_bytes("first_bytes", LookAtFirstBytes);
const Registration charset("charset", ConvertCharset);
const Registration normal_text("normal_text", Normalize);
const Registration markup("markup", ReadMarkup);
const Registration download_result("download_result", ReadDownload);
const Registration extraction_answer("extraction_answer", ReadExtraction);

}  // namespace
}  // namespace dbxes::fuzz
