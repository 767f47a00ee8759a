// SPDX-License-Identifier: Apache-2.0
#include "parsers/epub.h"

#include <map>
#include <vector>

#include "base/ascii.h"
#include "base/result.h"
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

Parsed<void> ReadChapter(Archive& archive, const std::string& entry, TextSink& sink) {
  TRY_ASSIGN(const auto bytes, archive.ReadAll(entry, kLongestChapter));
  const auto page = content::ToUtf8(bytes, content::DeclaredCharset(bytes));
  if (!page) return tl::unexpected(Unreadable::kDamaged);
  sink.Append(content::HtmlToText(*page).text);
  sink.EndLine();
  return {};
}

}  // namespace

Parsed<DocumentProperties> ParseEpub(Archive& archive, TextSink& sink) {
  if (archive.Has("META-INF/rights.xml")) return tl::unexpected(Unreadable::kEncrypted);
  ContainerHandler container;
  TRY(archive.ReadXml("META-INF/container.xml", container));
  PackageHandler package;
  TRY(archive.ReadXml(container.package, package));
  for (const std::string& id : package.spine) {
    const auto item = package.items.find(id);
    if (item == package.items.end()) continue;
    const std::string entry = ResolvePart(container.package, PercentDecoded(item->second));
    if (!archive.Has(entry)) continue;
    TRY(ReadChapter(archive, entry, sink));
    if (sink.full()) break;
  }
  return ReadProperties(archive, container.package);
}

}  // namespace dbxes::parsers
