// SPDX-License-Identifier: Apache-2.0
// The text that a reader sees of HTML and XML. Reads any input in one pass, however broken, and
// resolves no entities but characters: nothing in a document can make it grow or fetch anything.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

struct MarkupText {
  std::string title;  // of HTML; "" if it has none
  std::string text;
};

// Both take and give UTF-8. Blocks, rows and line breaks become line breaks, other white space one
// space; scripts, styles and comments are left out.
MarkupText HtmlToText(std::string_view html);
// The character data of all elements, as it is.
std::string XmlToText(std::string_view xml);

}  // namespace dbxes::content
