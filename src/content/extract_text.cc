// SPDX-License-Identifier: Apache-2.0
#include "content/extract_text.h"

#include <utility>

#include "content/charset.h"
#include "content/markup_text.h"

namespace dbxes::content {
namespace {

constexpr TextLimits kTitleLimits{1000, true};

}  // namespace

std::optional<ExtractedText> ExtractText(std::string bytes, TextFormat format,
                                         const TextLimits& limits) {
  const bool markup = format != TextFormat::kPlain;
  const std::string charset(markup ? DeclaredCharset(bytes) : "");
  auto decoded = ToUtf8(std::move(bytes), charset);
  if (!decoded) return std::nullopt;
  ExtractedText extracted;
  if (format == TextFormat::kHtml) {
    MarkupText read = HtmlToText(*decoded);
    extracted.text = std::move(read.text);
    extracted.title = std::move(read.title);
    extracted.author = std::move(read.author);
    extracted.language = std::move(read.language);
    for (std::string* name : {&extracted.title, &extracted.author, &extracted.language}) {
      CleanText(*name, kTitleLimits);
    }
  } else {
    extracted.text = format == TextFormat::kXml ? XmlToText(*decoded) : std::move(*decoded);
  }
  extracted.truncated = CleanText(extracted.text, limits);
  return extracted;
}

}  // namespace dbxes::content
