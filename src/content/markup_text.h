// SPDX-License-Identifier: Apache-2.0
// The visible text of HTML and XML. Reads any input in one pass, however broken, and resolves only
// references to characters: no document can make the text grow by more than a fifth, or cause a
// request.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

struct MarkupText {
  std::string title;  // of HTML; "" if it has none
  std::string text;
  std::string author = {};    // of HTML, in <meta name="author">
  std::string language = {};  // of HTML, in <html lang>
};

// Input and output are UTF-8. Blocks, rows and line breaks become line breaks, other white space
// becomes one space; scripts, styles and comments are left out. In XHTML, `<title/>` is an element
// without content; elsewhere, such a tag opens one if a closing tag follows (WHATWG HTML, 13.1.2).
MarkupText HtmlToText(std::string_view html);
// The character data of all elements, unchanged, except that the HTML in a feed's texts is read as
// HTML, and encoded pictures are left out.
std::string XmlToText(std::string_view xml);

}  // namespace dbxes::content
