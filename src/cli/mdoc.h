// SPDX-License-Identifier: Apache-2.0
// Writes manual pages in the mdoc(7) language.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::cli {

class Mdoc {
 public:
  // `name` as in "dbx-es.toml", `section` as in "5".
  Mdoc(std::string_view name, std::string_view section, std::string_view brief);

  void Section(std::string_view title);
  void Subsection(std::string_view title);
  // Sentences of plain text; a new paragraph unless it follows a heading or an item.
  void Text(std::string_view text);
  // Lines shown as they are.
  void Literal(std::string_view lines);
  void BeginList();
  // `macros` is mdoc already: "Fl c , Fl -config Ar FILE".
  void Item(std::string_view macros);
  void EndList();
  // A line of mdoc, without the leading dot.
  void Macro(std::string_view macros);

  std::string Take() { return std::move(page_); }

 private:
  std::string page_;
  bool needs_break_ = false;
};

// Text for a line of a page: what mdoc would take for its own is escaped.
std::string MdocEscape(std::string_view text);
// A single argument of a macro: quoted, so that no word of it is taken for a macro.
std::string MdocArgument(std::string_view text);

}  // namespace dbxes::cli
