// SPDX-License-Identifier: Apache-2.0
// Every field that is visited is the one of the document that is built, for entries at random.
#include "documents/document_fields.h"

#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <random>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "base/json/json.h"

namespace dbxes::documents {
namespace {

std::string Show(const rapidjson::Value& value) {
  if (value.IsString()) return "text " + std::string(View(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return value.IsInt64() ? std::to_string(value.GetInt64()) : "";
}

// What the document as it is indexed has under a name.
std::vector<std::string> Indexed(const rapidjson::Value& document, std::string_view field) {
  std::vector<std::string> values;
  const rapidjson::Value* found = FindMember(document, field);
  if (found == nullptr) return values;
  if (!found->IsArray()) {
    if (const std::string shown = Show(*found); !shown.empty()) values.push_back(shown);
    return values;
  }
  for (const rapidjson::Value& item : found->GetArray()) values.push_back(Show(item));
  return values;
}

FieldVisitor AppendTo(std::vector<std::string>& values) {
  return [&values](const FieldValue& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      values.push_back("text " + std::string(*text));
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      values.push_back(std::to_string(*number));
    } else {
      values.emplace_back(std::get<bool>(value) ? "true" : "false");
    }
  };
}

std::set<std::string, std::less<>> NamesIn(const rapidjson::Value& document) {
  std::set<std::string, std::less<>> names{"", "body", "_allow_access_control", "sync_seq",
                                           "nosuch"};
  for (const auto& member : document.GetObject()) names.emplace(View(member.name));
  return names;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t Below(std::size_t end) { return random_() % end; }
  std::string Name() {
    static constexpr std::string_view kNames[] = {"Plan \"A\".PDF",
                                                  "a.paper",
                                                  ".profile",
                                                  "x",
                                                  "Gr\xc3\xbc\xc3\x9f"
                                                  "e #1?&.tar.gz",
                                                  "a\\b\x01.TXT",
                                                  "\xff.md",
                                                  "no dot"};
    return std::string(kNames[Below(std::size(kNames))]);
  }
  std::string Text() { return Below(3) == 0 ? "" : Name(); }
  std::string Path() {
    std::string path;
    for (std::size_t depth = 1 + Below(4); depth > 0; --depth) path += "/" + Name();
    return path;
  }
  std::uint64_t Size() {
    constexpr std::uint64_t kSizes[] = {0, 240, ~std::uint64_t{0}, std::uint64_t{1} << 62};
    return kSizes[Below(std::size(kSizes))];
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("fields of files and folders are those of their documents") {
  Generator generator(16);
  for (int round = 0; round < 2000; ++round) {
    const DocumentContext context{"https://www.dropbox.test", generator.Text(),
                                  generator.Below(2) == 0};
    const std::string id = generator.Text();
    const std::string name = generator.Name();
    const std::string lower = generator.Path();
    const std::string display = generator.Path();
    const std::string texts[] = {generator.Text(), generator.Text(), generator.Text(),
                                 generator.Text(), generator.Text(), generator.Text()};
    delta::Entry entry;
    entry.kind = generator.Below(3) == 0 ? delta::EntryKind::kFolder : delta::EntryKind::kFile;
    entry.id = id;
    entry.name = name;
    entry.path_lower = lower;
    entry.path_display = display;
    entry.rev = texts[0];
    entry.content_hash = texts[1];
    entry.client_modified = texts[2];
    entry.server_modified = texts[3];
    entry.shared_folder_id = texts[4];
    entry.parent_shared_folder_id = texts[5];
    entry.size = generator.Size();
    DocumentBuilder builder(context);
    std::string source(builder.Json(builder.Build(entry)));
    source += '}';
    rapidjson::Document document;
    document.Parse(source.data(), source.size());
    REQUIRE_FALSE(document.HasParseError());
    for (const std::string& field : NamesIn(document)) {
      CAPTURE(field);
      std::vector<std::string> visited;
      VisitField(context, entry, field, AppendTo(visited));
      CHECK(visited == Indexed(document, field));
    }
  }
}

TEST_CASE("fields of received files are those of their documents") {
  Generator generator(17);
  for (int round = 0; round < 500; ++round) {
    const DocumentContext context{"https://www.dropbox.test", "home", generator.Below(2) == 0};
    const dropbox::LinkedFile file{"id:ignored",     generator.Name(), generator.Text(),
                                   generator.Text(), generator.Text(), generator.Text(),
                                   generator.Size()};
    DocumentBuilder builder(context);
    std::string source(builder.Json(builder.BuildReceived("id:1", file)));
    source += '}';
    rapidjson::Document document;
    document.Parse(source.data(), source.size());
    REQUIRE_FALSE(document.HasParseError());
    auto names = NamesIn(document);
    names.insert({"path_lower", "file_path", "ancestors", "content_hash", "namespace_id"});
    for (const std::string& field : names) {
      CAPTURE(field);
      std::vector<std::string> visited;
      VisitReceivedField(context, "id:1", file, field, AppendTo(visited));
      CHECK(visited == Indexed(document, field));
    }
  }
}

}  // namespace dbxes::documents
