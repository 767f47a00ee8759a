// SPDX-License-Identifier: Apache-2.0
#include "documents/body.h"

#include <fmt/format.h>

#include <iterator>

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

void RemoveBody(std::string& source) {
  source.pop_back();
  source += R"(,"body":null,"title":null,"body_truncated":null,"body_fingerprint":null})";
}

}  // namespace dbxes
