// SPDX-License-Identifier: Apache-2.0
#include "parsers/embedded.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "content/content_types.h"
#include "content/extract_text.h"
#include "parsers/parse_document.h"

namespace dbxes::parsers {
namespace {

// How a file of this name is read; nullptr if it is not.
const content::TextFormat* FormatOf(std::string_view name) {
  static const content::ContentTypes types =
      content::ContentTypesOf(config::ExtractionMode::kLocal, "");
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == name.size()) return nullptr;
  const auto found = types.find(LowerAscii(name.substr(dot + 1)));
  return found == types.end() ? nullptr : &found->second;
}

}  // namespace

void ReadEmbedded(std::string_view bytes, std::string_view name, const ParseLimits& limits,
                  TextSink& sink) {
  const content::TextFormat* format = FormatOf(name);
  if (format == nullptr || bytes.empty()) return;
  if (IsPdf(bytes)) {
    if (!sink.KeepPdf(bytes)) sink.LeaveOut(Unreadable::kTooComplex);
    return;
  }
  if (content::NeedsParser(*format)) {
    const auto read = ParseEmbedded(bytes, limits, sink);
    if (!read && read.error() != Unreadable::kUnsupported) sink.LeaveOut(read.error());
  } else if (const auto text = content::ExtractText(std::string(bytes), *format, {})) {
    sink.Append(text->text);
  }
  sink.EndLine();
}

}  // namespace dbxes::parsers
