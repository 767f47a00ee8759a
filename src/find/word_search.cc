// SPDX-License-Identifier: Apache-2.0
#include "find/word_search.h"

#include <fmt/format.h>

#include <utility>

#include "base/ascii.h"
#include "base/json/json_write.h"
#include "elastic/query.h"
#include "find/people.h"
#include "find/word_query.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::find {
namespace {

// Private characters of Unicode. A text that contains them only shows a wrong word in bold.
constexpr std::string_view kStrongBegin = "\xEE\x80\x80";
constexpr std::string_view kStrongEnd = "\xEE\x80\x81";
constexpr std::string_view kEllipsis = " \xE2\x80\xA6 ";
constexpr std::string_view kIndent = "  ";
constexpr int kBadRequest = 400;

constexpr std::string_view kFilterPath =
    "hits.hits._id,hits.hits._score,hits.hits._source,hits.hits.highlight";

// `limit`: the name under which the engine knows how much of a long text is searched for snippets.
std::string Highlight(std::string_view limit) {
  return fmt::format(
      R"(,"highlight":{{"pre_tags":["{}"],"post_tags":["{}"],)"
      R"("fields":{{"body":{{"fragment_size":160,"number_of_fragments":2,"no_match_size":160}}}},)"
      R"("{}":1000000}})",
      kStrongBegin, kStrongEnd, limit);
}

std::string SearchBody(const WordQuestion& question, const std::string& filter,
                       const std::string& highlight) {
  return fmt::format(
      R"({{"size":{},"query":{{"bool":{{"must":[{}],"filter":[{}]}}}},"_source":{}{}}})",
      question.limit, WordQuery(question.words), filter, kFoundFields, highlight);
}

// Elasticsearch and OpenSearch name the limit differently, and refuse the other's name. An index
// with a smaller limit of its own refuses both.
Result<rapidjson::Document> Ask(elastic::Client& client, const std::string& index,
                                const WordQuestion& question, const std::string& filter) {
  const auto ask = [&](const std::string& highlight) {
    return AskIndex(client, index, SearchBody(question, filter, highlight), kFilterPath);
  };
  for (const std::string_view limit : {"max_analyzed_offset", "max_analyzer_offset"}) {
    auto answer = ask(Highlight(limit));
    if (answer || answer.error().http_status != kBadRequest) return answer;
  }
  return ask("");
}

// A text has line breaks, and columns of spaces.
std::string OnOneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

Snippet ReadSnippet(std::string_view marked) {
  const std::string line = OnOneLine(marked);
  std::string_view rest = line;
  Snippet snippet;
  bool strong = false;
  while (!rest.empty()) {
    const std::size_t end = rest.find(strong ? kStrongEnd : kStrongBegin);
    if (end != 0) snippet.push_back({std::string(rest.substr(0, end)), strong});
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + kStrongBegin.size());
    strong = !strong;
  }
  return snippet;
}

std::vector<Snippet> ReadSnippets(const rapidjson::Value& hit) {
  std::vector<Snippet> snippets;
  for (const std::string_view piece : TextsOf(FindPath(hit, {"highlight", "body"}))) {
    snippets.push_back(ReadSnippet(piece));
  }
  return snippets;
}

std::vector<report::TextPart> SnippetLine(const std::vector<Snippet>& snippets) {
  std::vector<report::TextPart> line{{std::string(kIndent)}};
  for (const Snippet& snippet : snippets) {
    if (line.size() > 1) line.push_back({std::string(kEllipsis)});
    line.insert(line.end(), snippet.begin(), snippet.end());
  }
  return line;
}

void WriteHit(JsonWriter& writer, const WordHit& hit) {
  writer.StartObject();
  WriteFound(writer, hit.document);
  WriteKey(writer, "snippets");
  writer.StartArray();
  for (const Snippet& snippet : hit.snippets) {
    std::string text;
    for (const report::TextPart& part : snippet) text += part.text;
    WriteText(writer, text);
  }
  writer.EndArray();
  writer.EndObject();
}

}  // namespace

Result<WordAnswer> SearchWords(elastic::Client& client, const std::string& index,
                               const WordQuestion& question) {
  std::string filter(elastic::kMatchAll);
  if (!question.user.empty()) {
    TRY_ASSIGN(filter, People(client, index).FilterFor(question.user));
  }
  TRY_ASSIGN(const auto answer, Ask(client, index, question, filter));
  WordAnswer found;
  found.total = TotalOf(answer);
  for (const auto& hit : HitsOf(answer).GetArray()) {
    found.hits.push_back({ReadFound(hit), ReadSnippets(hit)});
  }
  return found;
}

std::vector<std::vector<report::TextPart>> WordLines(const WordAnswer& answer) {
  std::vector<std::vector<report::TextPart>> lines;
  for (const WordHit& hit : answer.hits) {
    const FoundDocument& document = hit.document;
    if (!lines.empty()) lines.emplace_back();
    lines.push_back({{document.title.empty() ? document.name : document.title}});
    lines.push_back({{std::string(kIndent)},
                     {document.path.empty() ? document.name + " (received)" : document.path}});
    if (!hit.snippets.empty()) lines.push_back(SnippetLine(hit.snippets));
    if (!document.url.empty()) lines.push_back({{std::string(kIndent)}, {document.url}});
  }
  return lines;
}

std::string WordSummary(const WordAnswer& answer) {
  const std::uint64_t count = answer.total.count;
  if (answer.hits.empty()) return "nothing found";
  std::string line = fmt::format("{}{} found", answer.total.exact ? "" : "at least ",
                                 report::CountOf(count, "document"));
  if (answer.hits.size() < count) {
    line += fmt::format(
        "; the first {} shown, --limit shows more",
        answer.hits.size() == 1 ? "is" : report::WithThousands(answer.hits.size()) + " are");
  }
  return line;
}

ExitCode WordCode(const WordAnswer& answer) {
  return answer.hits.empty() ? ExitCode::kFailed : ExitCode::kOk;
}

std::string WordJson(const WordAnswer& answer) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "search", WordCode(answer),
                      answer.hits.empty() ? "nothing found" : "");
  WriteNumber(writer, "total", answer.total.count);
  WriteFlag(writer, "total_is_exact", answer.total.exact);
  WriteKey(writer, "hits");
  writer.StartArray();
  for (const WordHit& hit : answer.hits) WriteHit(writer, hit);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::find
