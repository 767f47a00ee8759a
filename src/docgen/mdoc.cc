// SPDX-License-Identifier: Apache-2.0
#include "docgen/mdoc.h"

#include <algorithm>

#include "cli/wrap.h"

namespace dbxes::docgen {
namespace {

std::string EscapeWords(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A bare hyphen may be typeset as a dash; options must survive copy and paste.
    const bool word_start = i == 0 || std::string_view("\n -").find(text[i - 1]) != text.npos;
    if (text[i] == '\\') {
      escaped += "\\e";
    } else if (text[i] == '-' && word_start) {
      escaped += "\\-";
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

// A line that begins with one of these would be a request.
std::string GuardLines(std::string_view text) {
  std::string guarded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (line_start && (text[i] == '.' || text[i] == '\'')) guarded += "\\&";
    guarded += text[i];
  }
  return guarded;
}

}  // namespace

std::string MdocEscape(std::string_view text) { return GuardLines(EscapeWords(text)); }

std::string MdocArgument(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : MdocEscape(text)) {
    quoted += c;
    if (c == '"') quoted += '"';
  }
  return quoted + "\"";
}

void Mdoc::Text(std::string_view text) {
  if (needs_break_) block_ += ".Pp\n";
  needs_break_ = true;
  // mdoc(7): each sentence starts on a line of its own, and none is longer than 80 bytes.
  while (!text.empty()) {
    const std::size_t end = text.find(". ");
    const std::string_view sentence = text.substr(0, end == std::string_view::npos ? end : end + 1);
    block_ += GuardLines(cli::Wrap(EscapeWords(sentence), 0, 0));
    text.remove_prefix(std::min(sentence.size() + 1, text.size()));
  }
}

void Mdoc::Item(std::string_view macros) {
  Macro("It " + std::string(macros));
  needs_break_ = false;
}

void Mdoc::Macro(std::string_view macros) {
  block_ += '.';
  block_ += macros;
  block_ += '\n';
}

}  // namespace dbxes::docgen
