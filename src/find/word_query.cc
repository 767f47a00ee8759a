// SPDX-License-Identifier: Apache-2.0
#include "find/word_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

#include "base/json/json_text.h"
#include "elastic/query.h"

namespace dbxes::find {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The pieces of a simple query string at its top level, as Lucene's SimpleQueryParser cuts it.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}

  struct Piece {
    std::string_view text;  // "" at the end
    bool excluded = false;
  };

  Piece Next() {
    bool excluded = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '-') {
        excluded = !excluded;
      } else if (IsSpace(c) || c == '+') {
        excluded = false;
      } else {
        return {Take(), excluded};
      }
    }
    return {};
  }

 private:
  // An operator without its counterpart is a piece of its own, as it is for the engine.
  std::string_view Take() {
    const std::size_t begin = at_;
    const char c = text_[at_];
    std::size_t end = begin + 1;
    if (c == '"') {
      end = AfterPhrase(begin);
    } else if (c == '(') {
      end = AfterGroup(begin);
    } else if (c != '|' && c != ')') {
      end = AfterWord(begin);
    }
    at_ = end;
    return text_.substr(begin, end - begin);
  }

  static bool EndsWord(char c) {
    return IsSpace(c) || c == '"' || c == '|' || c == '+' || c == '(' || c == ')';
  }

  std::size_t AfterWord(std::size_t at) const {
    while (at < text_.size() && !EndsWord(text_[at])) at += text_[at] == '\\' ? 2 : 1;
    return std::min(at, text_.size());
  }

  // With the distance after it, as in "annual report"~2.
  std::size_t AfterPhrase(std::size_t begin) const {
    for (std::size_t at = begin + 1; at < text_.size(); at += text_[at] == '\\' ? 2 : 1) {
      if (text_[at] != '"') continue;
      const bool distance = at + 1 < text_.size() && text_[at + 1] == '~';
      return distance ? AfterWord(at + 1) : at + 1;
    }
    return begin + 1;
  }

  std::size_t AfterGroup(std::size_t begin) const {
    int depth = 0;
    for (std::size_t at = begin; at < text_.size();) {
      const char c = text_[at];
      if (c == '"') {
        at = AfterPhrase(at);
        continue;
      }
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return at + 1;
      at += c == '\\' ? 2 : 1;
    }
    return begin + 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void Append(std::string& words, std::string_view piece) {
  if (!words.empty()) words += ' ';
  words += piece;
}

bool IsPhrase(std::string_view piece) { return piece.size() > 1 && piece.front() == '"'; }

// What the names of documents have to contain because of one piece. False where only the engine can
// say it.
bool WantInName(std::string_view piece, ParsedWords& parsed) {
  if (IsPhrase(piece)) {
    parsed.name_phrases.emplace_back(piece.substr(1, piece.rfind('"') - 1));
  } else if (piece.size() > 1 && piece.front() == '(') {
    ParsedWords inside = ParseWords(piece.substr(1, piece.size() - 2));
    if (!inside.names() || !inside.excluded.empty()) return false;
    if (!inside.name_words.empty()) Append(parsed.name_words, inside.name_words);
    auto& phrases = inside.name_phrases;
    parsed.name_phrases.insert(parsed.name_phrases.end(), phrases.begin(), phrases.end());
  } else {
    Append(parsed.name_words, piece);
  }
  return true;
}

// A name such as "Offer.docx" is one word for the standard analyzer, so its beginning counts, too.
std::string NameClause(const ParsedWords& parsed) {
  std::vector<std::string> clauses;
  if (!parsed.name_words.empty()) {
    clauses.push_back(fmt::format(
        R"({{"match_bool_prefix":{{"name":{{"query":{},"operator":"and","boost":2}}}}}})",
        JsonString(parsed.name_words)));
  }
  for (const std::string& phrase : parsed.name_phrases) {
    clauses.push_back(fmt::format(
        R"({{"match_phrase_prefix":{{"name":{{"query":{},"boost":2}}}}}})", JsonString(phrase)));
  }
  if (clauses.size() == 1) return clauses.front();
  return fmt::format(R"({{"bool":{{"must":[{}]}}}})", fmt::join(clauses, ","));
}

std::string FoundBy(const std::string& words, const ParsedWords& parsed) {
  const std::string anywhere =
      fmt::format(R"({{"simple_query_string":{{"query":{},)"
                  R"("fields":["title^3","name^3","body","author","file_path"],)"
                  R"("default_operator":"and","lenient":true}}}})",
                  JsonString(words));
  return parsed.names() ? elastic::AnyOf({anywhere, NameClause(parsed)}) : anywhere;
}

}  // namespace

ParsedWords ParseWords(std::string_view words) {
  ParsedWords parsed;
  bool in_names = true;
  Pieces pieces(words);
  for (auto piece = pieces.Next(); !piece.text.empty(); piece = pieces.Next()) {
    // Of alternatives, the engine decides what belongs to which.
    if (piece.text == "|") return {std::string(words), {}, {}, {}};
    if (piece.excluded) {
      parsed.excluded.emplace_back(piece.text);
      continue;
    }
    Append(parsed.wanted, piece.text);
    in_names = in_names && WantInName(piece.text, parsed);
  }
  if (parsed.excluded.empty()) parsed.wanted = words;
  if (!in_names) {
    parsed.name_words.clear();
    parsed.name_phrases.clear();
  }
  return parsed;
}

std::string WordQuery(std::string_view words) {
  const ParsedWords parsed = ParseWords(words);
  std::vector<std::string> excluded;
  for (const std::string& piece : parsed.excluded) {
    excluded.push_back(FoundBy(piece, ParseWords(piece)));
  }
  const std::string wanted =
      parsed.wanted.empty() ? std::string(elastic::kMatchAll) : FoundBy(parsed.wanted, parsed);
  if (excluded.empty()) return wanted;
  return fmt::format(R"({{"bool":{{"must":[{}],"must_not":[{}]}}}})", wanted,
                     fmt::join(excluded, ","));
}

}  // namespace dbxes::find
