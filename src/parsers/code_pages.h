// SPDX-License-Identifier: Apache-2.0
// The code pages of Windows, by which RTF and the binary formats of Office name the charset of a
// text (Microsoft, "Code Page Identifiers").
#pragma once

#include <string_view>

namespace dbxes::parsers {

inline constexpr unsigned kWesternPage = 1252;
inline constexpr unsigned kUtf16Page = 1200;

// The label for content::FromCharset; that of windows-1252 for a page that is not known.
std::string_view CharsetOfCodePage(unsigned page);

// The code page of a font's character set ([MS-WMF] 2.1.1.5), 0 where the document's own counts.
unsigned CodePageOfFont(unsigned charset);

}  // namespace dbxes::parsers
