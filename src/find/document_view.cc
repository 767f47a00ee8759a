// SPDX-License-Identifier: Apache-2.0
#include "find/document_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/json_write.h"
#include "base/tree_path.h"
#include "base/utf8.h"
#include "elastic/multi_get.h"
#include "find/folder_listing.h"
#include "find/people.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::find {
namespace {

constexpr std::string_view kReaders = "_allow_access_control";
constexpr std::string_view kBody = "body";
constexpr std::size_t kLongValue = 500;  // bytes
constexpr std::size_t kLongText = 2000;  // bytes
constexpr std::size_t kManyReaders = 20;

std::vector<std::string> ReadersOf(const rapidjson::Value& source) {
  const auto readers = TextsOf(FindMember(source, kReaders));
  return {readers.begin(), readers.end()};
}

// A text as it is, anything else as JSON.
std::string ValueText(const rapidjson::Value& value) {
  if (value.IsString()) return std::string(View(value));
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  value.Accept(writer);
  return std::string(View(buffer));
}

std::string Cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  return fmt::format("{}... ({} characters)", CutUtf8(text, most),
                     report::WithThousands(CountCharacters(text)));
}

void AppendList(std::string_view name, const std::vector<std::string>& values,
                std::vector<std::string>& lines) {
  if (values.empty()) return;
  lines.push_back(fmt::format("{} ({}):", name, report::WithThousands(values.size())));
  const std::size_t shown = std::min(values.size(), kManyReaders);
  for (std::size_t i = 0; i < shown; ++i) lines.push_back("  " + values[i]);
  if (shown < values.size()) {
    lines.push_back(fmt::format("  and {} more; --json shows all", values.size() - shown));
  }
}

void AppendReaders(const DocumentView& view, std::vector<std::string>& lines) {
  const std::vector<std::string> readers = ReadersOf(view.source);
  if (readers.empty()) {
    lines.emplace_back("readers: everyone who may search the index; it has no access list");
  }
  AppendList("readers", readers, lines);
  AppendList("people with an identity among them", view.people, lines);
}

void AppendText(const rapidjson::Value& source, bool whole_text, std::vector<std::string>& lines) {
  const rapidjson::Value* body = FindMember(source, kBody);
  if (body == nullptr || !body->IsString() || body->GetStringLength() == 0) {
    lines.emplace_back("text: none");
    return;
  }
  const std::string_view text = View(*body);
  const std::string_view shown = whole_text ? text : CutUtf8(text, kLongText);
  const std::string size = report::WithThousands(CountCharacters(text));
  lines.push_back(shown.size() == text.size()
                      ? fmt::format("text ({} characters):", size)
                      : fmt::format("text ({} characters; --text shows all):", size));
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t end = std::min(shown.find('\n', at), shown.size());
    std::string line = "  " + std::string(shown.substr(at, end - at));
    std::replace(line.begin(), line.end(), '\t', ' ');
    lines.push_back(std::move(line));
    at = end + 1;
  }
}

Result<std::string> IdOf(elastic::Client& client, const std::string& index,
                         const std::string& document) {
  if (!document.starts_with('/')) return document;
  TRY_ASSIGN(const auto found, DocumentAt(client, index, WithoutFinalSlash(document)));
  if (found) return found->document.id;
  return Fail(ErrorKind::kNotFound, fmt::format("{} has no document at {}", index, document));
}

}  // namespace

Result<DocumentView> ReadDocument(elastic::Client& client, const std::string& index,
                                  const std::string& document) {
  DocumentView view;
  TRY_ASSIGN(view.id, IdOf(client, index, document));
  TRY_ASSIGN(const auto sources,
             WithContext(elastic::ReadSources(client, index, {view.id}), "reading the document"));
  if (!sources[0].IsObject()) {
    return Fail(ErrorKind::kNotFound, fmt::format("{} has no document {}", index, view.id));
  }
  view.source.CopyFrom(sources[0], view.source.GetAllocator());
  const std::vector<std::string> readers = ReadersOf(view.source);
  if (!readers.empty()) {
    TRY_ASSIGN(view.people, People(client, index).WhoHas(readers));
  }
  return view;
}

std::vector<std::string> ViewLines(const DocumentView& view, bool whole_text) {
  std::vector<std::string> lines{"id: " + view.id};
  for (const auto& member : view.source.GetObject()) {
    const std::string_view name = View(member.name);
    if (name == kReaders || name == kBody || name == "id" || member.value.IsNull()) continue;
    lines.push_back(fmt::format("{}: {}", name, Cut(ValueText(member.value), kLongValue)));
  }
  AppendReaders(view, lines);
  AppendText(view.source, whole_text, lines);
  return lines;
}

std::string ViewJson(const DocumentView& view) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "show", ExitCode::kOk, "");
  WriteText(writer, "id", view.id);
  WriteKey(writer, "document");
  view.source.Accept(writer);
  WriteTexts(writer, "people", view.people);
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::find
