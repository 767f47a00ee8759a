// SPDX-License-Identifier: Apache-2.0
#include "parsers/epub.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "content/charset.h"
#include "content/markup_text.h"
#include "parsers/properties.h"
#include "parsers/relationships.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kLongestChapter = std::size_t{16} << 20;

class ContainerHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "rootfile" && package.empty()) package = attributes.Find("full-path");
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  std::string package;
};

class PackageHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "item") {
      items.emplace(attributes.Find("id"), attributes.Find("href"));
    } else if (name == "itemref") {
      spine.emplace_back(attributes.Find("idref"));
    }
  }
  void End(std::string_view) override {}
  void Text(std::string_view) override {}

  std::map<std::string, std::string, std::less<>> items;
  std::vector<std::string> spine;
};

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '%' && at + 2 < text.size() && HexDigit(text[at + 1]) >= 0 &&
                        HexDigit(text[at + 2]) >= 0;
    if (!escape) {
      decoded += text[at];
      continue;
    }
    decoded += static_cast<char>(HexDigit(text[at + 1]) * 16 + HexDigit(text[at + 2]));
    at += 2;
  }
  return decoded;
}

// How many bytes are left without an incomplete character of UTF-8 at their end.
std::size_t WholeCharacters(std::string_view bytes) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t tail = 1; tail < kLongest && tail <= bytes.size(); ++tail) {
    const auto first = static_cast<unsigned char>(bytes[bytes.size() - tail]);
    if (first < 0x80) break;
    if (first < 0xc0) continue;
    return Utf8Length(bytes, bytes.size() - tail) == 0 ? bytes.size() - tail : bytes.size();
  }
  return bytes.size();
}

// Up to the place that cannot be read.
void ReadChapter(Archive& archive, const std::string& entry, TextSink& sink) {
  std::string bytes;
  bool too_long = false;
  const auto read = archive.Read(entry, [&](std::string_view piece) {
    too_long = bytes.size() + piece.size() > kLongestChapter;
    if (!too_long) bytes += piece;
    return !too_long;
  });
  sink.Note(read);
  if (too_long) sink.LeaveOut(Unreadable::kTooComplex);
  // Nothing of the text may be taken for another encoding because it ends within a character.
  if (!read || too_long) bytes.resize(WholeCharacters(bytes));
  const auto page = content::ToUtf8(bytes, content::DeclaredCharset(bytes));
  if (!page) return sink.LeaveOut(Unreadable::kDamaged);
  sink.Append(content::HtmlToText(*page).text);
  sink.EndLine();
}

// The chapters of the spine. Of a book whose package cannot be read to its end, its other pages
// follow, in the order of the archive.
std::vector<std::string> Chapters(Archive& archive, const std::string& package_part,
                                  TextSink& sink) {
  PackageHandler package;
  const auto read = archive.ReadXml(package_part, package);
  sink.Note(read);
  std::vector<std::string> chapters;
  for (const std::string& id : package.spine) {
    const auto item = package.items.find(id);
    if (item == package.items.end()) continue;
    chapters.push_back(ResolvePart(package_part, PercentDecoded(item->second)));
  }
  if (read) return chapters;
  const std::unordered_set<std::string> named(chapters.begin(), chapters.end());
  for (const std::string& name : archive.Names()) {
    const bool page = name.ends_with(".xhtml") || name.ends_with(".html") || name.ends_with(".htm");
    if (page && !named.contains(name)) chapters.push_back(name);
  }
  return chapters;
}

// Its conventional ending finds it where the container does not name it.
std::string PackagePart(Archive& archive, TextSink& sink) {
  ContainerHandler container;
  sink.Note(archive.ReadXml("META-INF/container.xml", container));
  if (!container.package.empty() || !sink.left_out()) return container.package;
  const std::vector<std::string> names = archive.Names();
  const auto found = std::find_if(names.begin(), names.end(),
                                  [](const std::string& name) { return name.ends_with(".opf"); });
  return found == names.end() ? "" : *found;
}

}  // namespace

Parsed<DocumentProperties> ParseEpub(Archive& archive, TextSink& sink) {
  if (archive.Has("META-INF/rights.xml")) return tl::unexpected(Unreadable::kEncrypted);
  const std::string package = PackagePart(archive, sink);
  for (const std::string& chapter : Chapters(archive, package, sink)) {
    if (sink.full()) break;
    ReadChapter(archive, chapter, sink);
  }
  return ReadProperties(archive, package);
}

}  // namespace dbxes::parsers
