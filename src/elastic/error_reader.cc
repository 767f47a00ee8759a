// SPDX-License-Identifier: Apache-2.0
#include "elastic/error_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/json.h"
#include "base/utf8.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kMaxReason = 500;

// The text in the brackets behind `before`; brackets nest, as in "action [bulk[s]]".
std::string_view Bracketed(std::string_view text, std::string_view before) {
  const std::size_t found = text.find(before);
  if (found == std::string_view::npos) return {};
  const std::size_t begin = found + before.size();
  int depth = 1;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']' && --depth == 0) return text.substr(begin, i - begin);
  }
  return {};
}

// Elasticsearch: "action [A] is unauthorized for ... on indices [I], this action is granted by the
// index privileges [P]"; OpenSearch: "no permissions for [A] and User [...]".
std::string MissingPrivilege(std::string_view reason) {
  std::string_view action = Bracketed(reason, "action [");
  if (action.empty()) action = Bracketed(reason, "no permissions for [");
  if (action.empty()) return OneLine(reason);
  std::string sentence = fmt::format("the credential may not do {}", action);
  if (const auto index = Bracketed(reason, "on indices ["); !index.empty()) {
    sentence += fmt::format(" on {}", index);
  }
  const bool cluster = reason.find("cluster privileges [") != std::string_view::npos;
  if (const auto privileges = Bracketed(reason, "privileges ["); !privileges.empty()) {
    std::string list(privileges);
    for (std::size_t comma = list.find(','); comma != std::string::npos;
         comma = list.find(',', comma + 2)) {
      list.replace(comma, 1, ", ");
    }
    sentence +=
        fmt::format("; grant it one of the {} privileges {}", cluster ? "cluster" : "index", list);
  }
  return sentence;
}

std::string Sentence(int status, std::string_view type, std::string_view reason) {
  const std::string detail =
      OneLine(type.empty() ? std::string(reason) : fmt::format("{}: {}", type, reason));
  if (type == "cluster_block_exception") {
    return fmt::format("Elasticsearch blocks writing to the index (full disk, or read-only): {}",
                       detail);
  }
  if (status == 401) {
    return fmt::format(
        "Elasticsearch refuses the credential (elasticsearch.api_key, or username and "
        "password): {}",
        detail);
  }
  if (type == "security_exception")
    return fmt::format("Elasticsearch: {}", MissingPrivilege(reason));
  return fmt::format("Elasticsearch answers {}{}{}", status, detail.empty() ? "" : " ", detail);
}

struct Body {
  std::string type;
  std::string reason;
};

// The innermost cause names the real problem, for example with a field's value.
std::string InnermostCause(const rapidjson::Value& error) {
  const rapidjson::Value* cause = &error;
  while (const rapidjson::Value* next = FindMember(*cause, "caused_by")) cause = next;
  return cause == &error ? std::string() : std::string(StringMember(*cause, "reason"));
}

Body ReadErrorObject(const rapidjson::Value& error) {
  Body body{std::string(StringMember(error, "type")), std::string(StringMember(error, "reason"))};
  const std::string cause = InnermostCause(error);
  if (!cause.empty() && body.reason.find(cause) == std::string::npos) {
    body.reason += fmt::format(" ({})", cause);
  }
  return body;
}

Body ReadHtml(std::string_view html) {
  const std::size_t title = html.find("<title>");
  const std::size_t end = title == std::string_view::npos ? title : html.find("</title>", title);
  if (end == std::string_view::npos) return {"", "an HTML page, as a proxy sends it"};
  const std::size_t begin = title + 7;
  return {"",
          fmt::format("an HTML page, as a proxy sends it: {}", html.substr(begin, end - begin))};
}

Body ReadBody(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  if (text[start] == '<') return ReadHtml(text);
  const auto json = ParseJson(text, "the answer");
  if (!json) return {"", std::string(text)};
  const rapidjson::Value* error = FindMember(*json, "error");
  if (error != nullptr && error->IsObject()) return ReadErrorObject(*error);
  if (error != nullptr && error->IsString()) return {"", std::string(View(*error))};
  // The proxies of hosted services: {"message": ...}, {"Message": ...}.
  for (const std::string_view key : {"message", "Message"}) {
    if (const auto message = StringMember(*json, key); !message.empty()) {
      return {"", std::string(message)};
    }
  }
  return {"", std::string(text)};
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = static_cast<unsigned char>(c) <= 0x20;
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= kMaxReason) return line;
  return std::string(CutUtf8(line, kMaxReason)) + "...";
}

Error MakeElasticError(int status, std::string_view type, std::string_view reason) {
  Error error{KindOf(status, type), Sentence(status, type, reason)};
  if (status >= 300 && status < 400) {
    error.message += " (a redirect): elasticsearch.host must be the address of the cluster itself";
  }
  error.http_status = status;
  error.tag = type;
  return error;
}

Error MakeElasticError(std::string_view type, std::string_view reason) {
  return MakeElasticError(StatusOf(type), type, reason);
}

Error ReadElasticError(int status, std::string_view body) {
  const Body read = ReadBody(body);
  return MakeElasticError(status, read.type, read.reason);
}

}  // namespace dbxes::elastic
