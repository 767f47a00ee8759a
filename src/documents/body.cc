// SPDX-License-Identifier: Apache-2.0
#include "documents/body.h"

#include <fmt/format.h>

#include <iterator>

#include "base/base64.h"
#include "base/json/json_text.h"

namespace dbxes::documents {

namespace {

constexpr std::size_t kShareOfEscapes = 16;  // of a text's characters
constexpr std::size_t kFieldsBeside = 256;   // room for the other fields

// As DocumentBuilder writes them.
constexpr std::string_view kSwitches =
    R"(,"_extract_binary_content":true,"_reduce_whitespace":true,"_run_ml_inference":true)";

// An empty value is written as null where the document may have one.
void AppendName(std::string_view field, std::string_view value, bool partial, std::string& source) {
  if (value.empty() && !partial) return;
  fmt::format_to(std::back_inserter(source), R"(,"{}":)", field);
  if (value.empty()) {
    source += "null";
  } else {
    AppendJsonString(value, source);
  }
}

// As for a name: what does not hold is null where the document may say that it does.
void AppendFlag(std::string_view field, bool holds, bool partial, std::string& source) {
  if (!holds && !partial) return;
  fmt::format_to(std::back_inserter(source), R"(,"{}":{})", field, holds ? "true" : "null");
}

}  // namespace

void AddBody(const DocumentBody& body, bool partial, std::string& source) {
  // Text has few escapes: with room for these, a long text is copied only once.
  source.reserve(source.size() + body.text.size() + body.text.size() / kShareOfEscapes +
                 kFieldsBeside);
  source.pop_back();
  source += R"(,"body":)";
  AppendJsonString(body.text, source);
  AppendName("title", body.title, partial, source);
  AppendName("author", body.author, partial, source);
  AppendName("language", body.language, partial, source);
  AppendFlag("body_truncated", body.truncated, partial, source);
  AppendFlag("damaged_partly", body.damaged_partly, partial, source);
  fmt::format_to(std::back_inserter(source), R"(,"body_fingerprint":"{:016x}"}})",
                 body.fingerprint);
}

void AddAttachment(const DocumentAttachment& attachment, std::string& source) {
  source.reserve(source.size() + attachment.bytes.size() / 3 * 4 + kFieldsBeside);
  source.pop_back();
  const auto limit = static_cast<std::int64_t>(attachment.max_chars);
  fmt::format_to(std::back_inserter(source), R"(,"_attachment_indexed_chars":{})",
                 limit == 0 ? -1 : limit);
  fmt::format_to(std::back_inserter(source), R"(,"body_fingerprint":"{:016x}")",
                 attachment.fingerprint);
  if (attachment.switches) source += kSwitches;
  source += R"(,"_attachment":")";
  AppendBase64(attachment.bytes, source);
  source += R"("})";
}

void RemoveBody(std::string& source) {
  source.pop_back();
  source += R"(,"body":null,"title":null,"author":null,"language":null,)"
            R"("body_truncated":null,"damaged_partly":null,"body_fingerprint":null})";
}

}  // namespace dbxes::documents
