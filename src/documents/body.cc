// SPDX-License-Identifier: Apache-2.0
#include "documents/body.h"

#include <fmt/format.h>

#include <iterator>

#include "base/base64.h"
#include "base/json_text.h"

namespace dbxes {

void AddBody(const DocumentBody& body, bool partial, std::string& source) {
  source.pop_back();
  source += R"(,"body":)";
  AppendJsonString(body.text, source);
  if (!body.title.empty()) {
    source += R"(,"title":)";
    AppendJsonString(body.title, source);
  } else if (partial) {
    source += R"(,"title":null)";
  }
  if (body.truncated) {
    source += R"(,"body_truncated":true)";
  } else if (partial) {
    source += R"(,"body_truncated":null)";
  }
  fmt::format_to(std::back_inserter(source), R"(,"body_fingerprint":"{:016x}"}})",
                 body.fingerprint);
}

void AddAttachment(const DocumentAttachment& attachment, std::string& source) {
  source.pop_back();
  const auto limit = static_cast<std::int64_t>(attachment.max_chars);
  fmt::format_to(std::back_inserter(source), R"(,"_attachment_indexed_chars":{})",
                 limit == 0 ? -1 : limit);
  fmt::format_to(std::back_inserter(source), R"(,"body_fingerprint":"{:016x}")",
                 attachment.fingerprint);
  source += R"(,"_attachment":")";
  AppendBase64(attachment.bytes, source);
  source += R"("})";
}

void RemoveBody(std::string& source) {
  source.pop_back();
  source += R"(,"body":null,"title":null,"body_truncated":null,"body_fingerprint":null})";
}

}  // namespace dbxes
