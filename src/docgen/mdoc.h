// SPDX-License-Identifier: Apache-2.0
// Blocks of manual pages in the language of mdoc(7).
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace dbxes::docgen {

// Items of a list (.Bl -tag) and the text under them.
class Mdoc {
 public:
  // Sentences of plain text; each call after the first one for an item starts a new paragraph.
  void Text(std::string_view text);
  // `macros` is mdoc: "Fl c , Fl -config Ar FILE".
  void Item(std::string_view macros);

  // A line of mdoc without its dot, which continues the paragraph: "Xr dbx-es 1 ."
  void Macro(std::string_view macros);

  std::string Take() { return std::move(block_); }

 private:
  std::string block_;
  bool needs_break_ = false;
};

// Text for a line of a page, with everything escaped that mdoc would interpret.
std::string MdocEscape(std::string_view text);
// A single argument of a macro: quoted, so that no word of it is read as a macro.
std::string MdocArgument(std::string_view text);

}  // namespace dbxes::docgen
