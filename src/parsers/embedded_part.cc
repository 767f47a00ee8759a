// SPDX-License-Identifier: Apache-2.0
#include "parsers/embedded_part.h"

#include <string_view>

#include "base/ascii.h"
#include "content/charset.h"
#include "content/markup_text.h"
#include "parsers/embedded.h"
#include "parsers/office_open_xml.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kLongestChunk = std::size_t{16} << 20;

void ReadDocument(Archive& archive, const std::string& part, TextSink& sink) {
  const auto read = archive.ReadNested(part, [&sink](Archive& nested) -> Parsed<void> {
    if (nested.salvaged()) sink.LeaveOut(Unreadable::kDamaged);
    const auto properties = ParseOfficeOpenXml(nested, sink);
    if (!properties) return tl::unexpected(properties.error());
    return {};
  });
  sink.EndLine();
  // Formats that are not read as files, either, are no damage, nor are documents at a deeper level.
  const bool noted = read || read.error() == Unreadable::kUnsupported;
  if (!noted && archive.Has(part) && !archive.nested()) sink.Note(read);
}

}  // namespace

void ReadChunk(Archive& archive, const std::string& part, TextSink& sink) {
  sink.EndLine();
  auto bytes = archive.ReadAll(part, kLongestChunk);
  if (!bytes) return sink.LeaveOut(bytes.error());
  if (bytes->starts_with("PK")) return ReadDocument(archive, part, sink);
  const std::string name = LowerAscii(part);
  // Word imports these, too.
  if (name.ends_with(".mht") || name.ends_with(".mhtml") || name.ends_with(".rtf")) {
    return ReadEmbedded(*bytes, name, {}, sink);
  }
  const bool html = name.ends_with(".html") || name.ends_with(".htm") || name.ends_with(".xhtml");
  if (!html && !name.ends_with(".txt")) return sink.LeaveOut(Unreadable::kUnsupported);
  const std::string declared(html ? content::DeclaredCharset(*bytes) : std::string_view());
  const auto text = content::ToUtf8(*std::move(bytes), declared);
  if (!text) return sink.LeaveOut(Unreadable::kNotText);
  sink.Append(html ? content::HtmlToText(*text).text : *text);
  sink.EndLine();
}

void ReadEmbeddedParts(Archive& archive, const std::vector<Relationship>& relationships,
                       TextSink& sink) {
  for (const Relationship& one : relationships) {
    if (sink.full()) return;
    if (one.type == "package") ReadDocument(archive, one.part, sink);
  }
}

}  // namespace dbxes::parsers
