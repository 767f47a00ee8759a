// SPDX-License-Identifier: Apache-2.0
#include "elastic/error_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json/json.h"
#include "base/utf8.h"
#include "elastic/index_block.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

constexpr std::size_t kMaxReason = 500;

// Elasticsearch quotes the values that it refuses: texts of documents, which are not for logs and
// mails. What precedes such a value in its messages (parsers of field types, ingest processors,
// Lucene and Jackson):
constexpr std::array kQuotes{std::string_view("Preview of field's value:"),
                             std::string_view("For input string:"),
                             std::string_view("failed to parse date field ["),
                             std::string_view("Failed to parse value ["),
                             std::string_view("failed to parse value ["),
                             std::string_view("Failed to parse ["),
                             std::string_view("Unrecognized token '"),
                             std::string_view("Unexpected character ("),
                             std::string_view("at [Source:"),
                             std::string_view("prefix of the first immense term is"),
                             std::string_view("Numeric value ("),
                             std::string_view("Value ["),
                             std::string_view("value ["),
                             std::string_view("unable to convert ["),
                             std::string_view("unable to parse date ["),
                             std::string_view("do not match field value"),
                             std::string_view("against source"),
                             std::string_view("Text '"),
                             std::string_view("Cannot parse \""),
                             std::string_view("Cannot parse '"),
                             std::string_view("Invalid format: \""),
                             std::string_view("original value"),
                             std::string_view("illegal latitude value"),
                             std::string_view("unknown value")};
// These follow it: "'abc' is not an IP string literal."
constexpr std::array kAfterQuotes{std::string_view("' is not an IP string literal"),
                                  std::string_view("' could not be parsed"),
                                  std::string_view("\" is malformed at")};

// `text` up to the first value that it quotes.
std::string_view BeforeQuotation(std::string_view text) {
  std::size_t end = text.size();
  for (const std::string_view quote : kQuotes) {
    const std::size_t found = text.find(quote);
    if (found == std::string_view::npos) continue;
    const bool opens = quote.find_first_of("[('\"") != std::string_view::npos;
    const std::size_t shown = opens ? quote.find_last_not_of("[('\" ") + 1 : quote.size();
    end = std::min(end, found + shown);
  }
  for (const std::string_view after : kAfterQuotes) {
    const std::size_t found = text.find(after);
    if (found == std::string_view::npos || found == 0) continue;
    const std::size_t begin = text.rfind(after.front(), found - 1);
    end = std::min(end, begin == std::string_view::npos ? 0 : begin);
  }
  return text.substr(0, end);
}

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

// "index [docs] blocked by: ..."
std::string BlockedSentence(std::string_view reason, std::string_view index,
                            const std::string& detail) {
  const IndexBlock block = BlockIn(reason);
  const std::string_view named = Bracketed(reason, "index [");
  const bool names_it = reason.substr(0, 7) == "index [" && !named.empty();
  std::string sentence = BlockSentence(block, names_it ? named : index);
  if (PassesByItself(block)) sentence += fmt::format(" ({})", detail);
  return sentence;
}

// "routing is required for [docs]/[id:a]"
std::string RoutingSentence(std::string_view reason, std::string_view index) {
  const std::string_view named = Bracketed(reason, "for [");
  return fmt::format(
      "index {} requires routing, which dbx-es does not use: set elasticsearch.index to a new name "
      "and run dbx-es full-sync",
      named.empty() ? index : named);
}

// The name of an alias that does not mean one index; "" for any other reason.
std::string_view AmbiguousAlias(std::string_view reason) {
  if (const auto name = Bracketed(reason, "no write index is defined for alias ["); !name.empty()) {
    return name;
  }
  return reason.find("has more than one index") == std::string_view::npos
             ? std::string_view()
             : Bracketed(reason, "alias [");
}

// What an administrator can do about the state of the index; "" if that is not the problem.
std::string StateSentence(std::string_view type, std::string_view reason, std::string_view index,
                          const std::string& detail) {
  if (type == "index_closed_exception") return BlockSentence(IndexBlock::kClosed, index);
  if (type == "cluster_block_exception") return BlockedSentence(reason, index, detail);
  if (type == "routing_missing_exception") return RoutingSentence(reason, index);
  if (type == "circuit_breaking_exception") {
    return fmt::format("the cluster lacks memory for the request (circuit breaker): {}", detail);
  }
  if (const std::string_view alias = AmbiguousAlias(reason); !alias.empty()) {
    return fmt::format(
        "\"{}\" is an alias without one index to write to: make it point to one index only ({})",
        alias, detail);
  }
  return {};
}

// "This limit can be set by changing the [index.max_terms_count] index level setting."
std::string SettingAdvice(std::string_view reason, std::string_view index) {
  if (reason.find("] index level setting") == std::string_view::npos) return {};
  const std::size_t at = reason.rfind("[index.");
  const std::string_view setting =
      at == std::string_view::npos ? std::string_view() : Bracketed(reason.substr(at), "[");
  return setting.empty() ? std::string() : "; " + ResetSetting(index, setting);
}

std::string Sentence(int status, std::string_view type, std::string_view reason,
                     std::string_view index) {
  const std::string detail =
      OneLine(type.empty() ? std::string(reason) : fmt::format("{}: {}", type, reason));
  if (std::string state = StateSentence(type, reason, index, detail); !state.empty()) {
    return state;
  }
  if (status == 401) {
    return fmt::format(
        "Elasticsearch refuses the credential (elasticsearch.api_key, or username and "
        "password): {}",
        detail);
  }
  if (type == "security_exception")
    return fmt::format("Elasticsearch: {}", MissingPrivilege(reason));
  return fmt::format("Elasticsearch answers {}{}{}{}", status, detail.empty() ? "" : " ", detail,
                     SettingAdvice(reason, index));
}

struct Body {
  std::string type;
  std::string reason;
  std::string index;  // that the error is about, "" if it names none
};

// The innermost cause names the real problem, for example with a field's value.
std::string InnermostCause(const rapidjson::Value& error) {
  const rapidjson::Value* cause = &error;
  while (const rapidjson::Value* next = FindMember(*cause, "caused_by")) cause = next;
  return cause == &error ? std::string() : std::string(StringMember(*cause, "reason"));
}

// "all shards failed" says nothing: the first shard's reason does (Elasticsearch: Search API).
const rapidjson::Value* FirstShard(const rapidjson::Value& error) {
  const rapidjson::Value* shards = FindMember(error, "failed_shards");
  const bool any = shards != nullptr && shards->IsArray() && !shards->Empty();
  return any ? &(*shards)[0] : nullptr;
}

// The object that says what the problem is.
const rapidjson::Value& ObjectWithReason(const rapidjson::Value& error,
                                         const rapidjson::Value* shard) {
  if (shard != nullptr) {
    const rapidjson::Value* reason = FindMember(*shard, "reason");
    return reason != nullptr && reason->IsObject() ? *reason : error;
  }
  if (StringMember(error, "type") != "search_phase_execution_exception") return error;
  const rapidjson::Value* roots = FindMember(error, "root_cause");
  return roots != nullptr && roots->IsArray() && !roots->Empty() ? (*roots)[0] : error;
}

Body ReadErrorObject(const rapidjson::Value& whole) {
  const rapidjson::Value* shard = FirstShard(whole);
  const rapidjson::Value& error = ObjectWithReason(whole, shard);
  Body body{std::string(StringMember(error, "type")), std::string(StringMember(error, "reason")),
            std::string(StringMember(shard != nullptr ? *shard : error, "index"))};
  const std::string cause = InnermostCause(error);
  if (!cause.empty() && body.reason.find(cause) == std::string::npos) {
    body.reason += fmt::format(" ({})", cause);
  }
  return body;
}

Body ReadHtml(std::string_view html) {
  const std::size_t title = html.find("<title>");
  const std::size_t end = title == std::string_view::npos ? title : html.find("</title>", title);
  if (end == std::string_view::npos) return {"", "an HTML page, as a proxy sends it", ""};
  const std::size_t begin = title + 7;
  return {"", fmt::format("an HTML page, as a proxy sends it: {}", html.substr(begin, end - begin)),
          ""};
}

bool IsHtml(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && text[start] == '<';
}

Body ReadBody(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  if (IsHtml(text)) return ReadHtml(text);
  const auto json = ParseJson(text, "the answer");
  if (!json) return {"", std::string(text), ""};
  const rapidjson::Value* error = FindMember(*json, "error");
  if (error != nullptr && error->IsObject()) return ReadErrorObject(*error);
  if (error != nullptr && error->IsString()) return {"", std::string(View(*error)), ""};
  // The proxies of hosted services: {"message": ...}, {"Message": ...}.
  for (const std::string_view key : {"message", "Message"}) {
    if (const auto message = StringMember(*json, key); !message.empty()) {
      return {"", std::string(message), ""};
    }
  }
  return {"", std::string(text), ""};
}

}  // namespace

std::string OneLine(std::string_view whole) {
  const std::string_view text = BeforeQuotation(whole);
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
  if (text.size() < whole.size()) line += " (value not shown)";
  if (line.size() <= kMaxReason) return line;
  return std::string(CutUtf8(line, kMaxReason)) + "...";
}

Error MakeElasticError(int status, std::string_view type, std::string_view reason,
                       std::string_view index) {
  Error error{KindOf(status, type, reason), Sentence(status, type, reason, index)};
  if (status >= 300 && status < 400) {
    error.message += " (a redirect): elasticsearch.host must be the address of the cluster itself";
  }
  error.http_status = status;
  error.tag = type;
  return error;
}

Error MakeDocumentError(std::string_view type, std::string_view reason, std::string_view index) {
  return MakeElasticError(StatusOf(type), type, reason, index);
}

Error ReadElasticError(int status, std::string_view body) {
  const Body read = ReadBody(body);
  Error error = MakeElasticError(status, read.type, read.reason, read.index);
  if (IsHtml(body)) error.tag = kProxyTag;
  return error;
}

}  // namespace dbxes::elastic
