// SPDX-License-Identifier: Apache-2.0
#include "cli/mdoc.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/version.h"
#include "cli/wrap.h"

namespace dbxes::cli {
namespace {

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string EscapeWords(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A bare hyphen may be typeset as one; options are to be copied and pasted.
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

Mdoc::Mdoc(std::string_view name, std::string_view section, std::string_view brief) {
  page_ = fmt::format(
      ".\\\" SPDX-License-Identifier: Apache-2.0\n"
      ".\\\" Made by 'dbx-es generate man'; changes belong in src/cli and src/config.\n"
      ".Dd {}\n.Dt {} {}\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n",
      kVersionDate, UpperCase(name), section, name, brief);
}

void Mdoc::Section(std::string_view title) {
  page_ += fmt::format(".Sh {}\n", title);
  needs_break_ = false;
}

void Mdoc::Subsection(std::string_view title) {
  page_ += fmt::format(".Ss {}\n", title);
  needs_break_ = false;
}

void Mdoc::Text(std::string_view text) {
  if (needs_break_) page_ += ".Pp\n";
  needs_break_ = true;
  // mdoc(7): each sentence starts on a line of its own, and none is longer than 80 bytes.
  while (!text.empty()) {
    const std::size_t end = text.find(". ");
    const std::string_view sentence = text.substr(0, end == std::string_view::npos ? end : end + 1);
    page_ += GuardLines(Wrap(EscapeWords(sentence), 0, 0));
    text.remove_prefix(std::min(sentence.size() + 1, text.size()));
  }
}

void Mdoc::Literal(std::string_view lines) {
  page_ += ".Bd -literal -offset indent\n";
  page_ += MdocEscape(lines);
  page_ += ".Ed\n";
  needs_break_ = true;
}

void Mdoc::BeginList() { page_ += ".Bl -tag -width Ds\n"; }

void Mdoc::Item(std::string_view macros) {
  page_ += fmt::format(".It {}\n", macros);
  needs_break_ = false;
}

void Mdoc::EndList() {
  page_ += ".El\n";
  needs_break_ = true;
}

void Mdoc::Macro(std::string_view macros) {
  page_ += fmt::format(".{}\n", macros);
  needs_break_ = false;
}

}  // namespace dbxes::cli
