// SPDX-License-Identifier: Apache-2.0
#include "parsers/pdf_text.h"

#include <string>

#include "base/safe_text.h"
#include "content/entities.h"
#include "parsers/properties.h"

namespace dbxes::parsers {
namespace {

// The text between two marks, "" unless both are there.
std::string_view Between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return "";
  text.remove_prefix(from + begin.size());
  const std::size_t to = text.find(end);
  return to == std::string_view::npos ? "" : text.substr(0, to);
}

std::string Resolved(std::string_view text) {
  std::string resolved;
  content::AppendResolved(text, resolved);
  return CleanProperty(resolved);
}

}  // namespace

Parsed<DocumentProperties> ParsePdfText(std::string_view printed, TextSink& sink) {
  constexpr std::string_view kBegin = "<pre>\n";
  constexpr std::string_view kEnd = "</pre>";
  const std::size_t begin = printed.find(kBegin);
  if (begin == std::string_view::npos) return tl::unexpected(Unreadable::kDamaged);
  // Fonts may map to invalid text, and a limit may cut within a character.
  const std::string head = WellFormedUtf8(printed.substr(0, begin));
  std::string_view text = printed.substr(begin + kBegin.size());
  // Output that was cut at its limit lacks the mark at its end.
  text = text.substr(0, text.rfind(kEnd));
  sink.Append(WellFormedUtf8(text));
  DocumentProperties properties;
  properties.title = Resolved(Between(head, "<title>", "</title>"));
  properties.author = Resolved(Between(head, "<meta name=\"Author\" content=\"", "\"/>"));
  return properties;
}

}  // namespace dbxes::parsers
