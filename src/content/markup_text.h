// SPDX-License-Identifier: Apache-2.0
// The visible text of HTML and XML. Reads any input in one pass, however broken, and resolves only
// entities that are characters: no document can make the text grow, or cause a request.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

struct MarkupText {
  std::string title;  // of HTML; "" if it has none
  std::string text;
};

// Input and output are UTF-8. Blocks, rows and line breaks become line breaks, other white space
// becomes one space; scripts, styles and comments are left out.
MarkupText HtmlToText(std::string_view html);
// The character data of all elements, unchanged.
std::string XmlToText(std::string_view xml);

}  // namespace dbxes::content
