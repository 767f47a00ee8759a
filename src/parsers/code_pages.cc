// SPDX-License-Identifier: Apache-2.0
#include "parsers/code_pages.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace dbxes::parsers {
namespace {

using Page = std::pair<unsigned, std::string_view>;
constexpr std::array kPages{Page{437, "ibm437"},        Page{708, "asmo-708"},
                            Page{737, "cp737"},         Page{775, "cp775"},
                            Page{850, "ibm850"},        Page{852, "cp852"},
                            Page{855, "cp855"},         Page{857, "cp857"},
                            Page{862, "cp862"},         Page{866, "cp866"},
                            Page{874, "windows-874"},   Page{932, "shift_jis"},
                            Page{936, "gbk"},           Page{949, "windows-949"},
                            Page{950, "big5"},          Page{1200, "utf-16le"},
                            Page{1201, "utf-16be"},     Page{1250, "windows-1250"},
                            Page{1251, "windows-1251"}, Page{1252, "windows-1252"},
                            Page{1253, "windows-1253"}, Page{1254, "windows-1254"},
                            Page{1255, "windows-1255"}, Page{1256, "windows-1256"},
                            Page{1257, "windows-1257"}, Page{1258, "windows-1258"},
                            Page{1361, "windows-949"},  Page{10000, "macintosh"},
                            Page{10001, "shift_jis"},   Page{10002, "big5"},
                            Page{10003, "windows-949"}, Page{10007, "x-mac-cyrillic"},
                            Page{10008, "gbk"},         Page{10029, "mac-centraleurope"},
                            Page{20127, "us-ascii"},    Page{20866, "koi8-r"},
                            Page{20932, "euc-jp"},      Page{21866, "koi8-u"},
                            Page{28591, "iso-8859-1"},  Page{28592, "iso-8859-2"},
                            Page{28593, "iso-8859-3"},  Page{28594, "iso-8859-4"},
                            Page{28595, "iso-8859-5"},  Page{28596, "iso-8859-6"},
                            Page{28597, "iso-8859-7"},  Page{28598, "iso-8859-8"},
                            Page{28599, "iso-8859-9"},  Page{28603, "iso-8859-13"},
                            Page{28605, "iso-8859-15"}, Page{50220, "iso-2022-jp"},
                            Page{50221, "iso-2022-jp"}, Page{50222, "iso-2022-jp"},
                            Page{51932, "euc-jp"},      Page{51949, "euc-kr"},
                            Page{52936, "gbk"},         Page{54936, "gb18030"},
                            Page{65001, "utf-8"}};

using FontRow = std::pair<unsigned, unsigned>;
constexpr std::array kFonts{
    FontRow{0, 1252},   FontRow{77, 10000}, FontRow{78, 10001}, FontRow{79, 10003},
    FontRow{80, 10008}, FontRow{81, 10002}, FontRow{128, 932},  FontRow{129, 949},
    FontRow{130, 1361}, FontRow{134, 936},  FontRow{136, 950},  FontRow{161, 1253},
    FontRow{162, 1254}, FontRow{163, 1258}, FontRow{177, 1255}, FontRow{178, 1256},
    FontRow{186, 1257}, FontRow{204, 1251}, FontRow{222, 874},  FontRow{238, 1250},
    FontRow{254, 437},  FontRow{255, 850}};

template <class Rows>
auto FindRow(const Rows& rows, unsigned key) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [key](const auto& row) { return row.first == key; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::string_view CharsetOfCodePage(unsigned page) {
  const Page* row = FindRow(kPages, page);
  return row == nullptr ? std::string_view("windows-1252") : row->second;
}

unsigned CodePageOfFont(unsigned charset) {
  const FontRow* row = FindRow(kFonts, charset);
  return row == nullptr ? 0 : row->second;
}

}  // namespace dbxes::parsers
