// SPDX-License-Identifier: Apache-2.0
// Files that were made to hurt, read in this very process as text, HTML and XML: whatever comes of
// them is valid text of a bounded length.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "content/charset.h"
#include "content/extract_text.h"

namespace dbxes::content {
namespace {

constexpr std::array kFormats{TextFormat::kPlain, TextFormat::kHtml, TextFormat::kXml};
// A byte of the file may become one character of three bytes, in a title and in the text.
constexpr std::size_t kMostGrowth = 6;

// The same numbers on every machine and in every run.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t Below(std::size_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

bool IsClean(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) return false;
  }
  return IsUtf8(text);
}

void ReadAllWays(std::string_view bytes) {
  CAPTURE(bytes.substr(0, 80));
  for (const TextFormat format : kFormats) {
    for (const TextLimits& limits : {TextLimits{}, TextLimits{7, true}}) {
      const auto read = ExtractText(std::string(bytes), format, limits);
      if (!read) continue;
      REQUIRE(IsClean(read->text));
      REQUIRE(IsClean(read->title));
      REQUIRE(read->text.size() + read->title.size() <= kMostGrowth * bytes.size() + 16);
    }
  }
}

std::vector<std::string> ValidFiles() {
  return {
      "caf\u00e9 \u732b \U0001f600\r\nline\ttab\n",
      "\xef\xbb\xbfwith a mark",
      std::string("\xff\xfeh\0i\0 \0=\xd8\0\xde", 12),
      std::string("\xfe\xff\0h\0i\xd8=\xde\0", 10),
      "\x93\xfa\x96{\x8c\xea\x82\xcc\x83t\x83@\x83"
      "C\x83\x8b",
      "<!DOCTYPE html><html><head><meta charset=utf-8><title>T &amp; t</title><style>p{}</style>"
      "<script>if (a<b) {}</script></head><body><p class='a>b'>one &lt; two &#x1F600; &eacute;<!-- "
      "no "
      "--><pre>a\n b</pre><table><tr><td>c<td>d</table></body></html>",
      "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a [<!ENTITY b 'c'>]><a x=\"y\">one<b/>&b;"
      "<![CDATA[<two>]]><?pi?></a>",
  };
}

}  // namespace

TEST_CASE("text that breaks off anywhere is read as far as it goes") {
  for (const std::string& file : ValidFiles()) {
    for (std::size_t length = 0; length <= file.size(); ++length) {
      ReadAllWays(std::string_view(file).substr(0, length));
      ReadAllWays(std::string_view(file).substr(length));
    }
  }
}

TEST_CASE("text that was changed at random stays text") {
  Dice dice(20'260'402);
  const std::vector<std::string> files = ValidFiles();
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = files[dice.Below(files.size())];
    for (std::size_t change = 0; change <= dice.Below(8); ++change) {
      const std::size_t at = dice.Below(bytes.size());
      if (dice.Below(2) == 0) {
        bytes[at] = static_cast<char>(dice.Below(256));
      } else {
        const std::string& other = files[dice.Below(files.size())];
        bytes.insert(at, other.substr(dice.Below(other.size()), dice.Below(40)));
      }
    }
    CAPTURE(round);
    ReadAllWays(bytes);
  }
}

TEST_CASE("other files under a name of text are no text, or clean text") {
  std::string noise;
  Dice dice(20'260'403);
  for (int byte = 0; byte < 100'000; ++byte) noise += static_cast<char>(dice.Below(256));
  const std::string zeros(100'002, '\0');  // whole characters of UTF-32 behind its mark, too
  for (const std::string& magic :
       {std::string("PK\3\4"), std::string("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        std::string("\x1f\x8b\x08\0", 4), std::string("\x89PNG\r\n\x1a\n"),
        std::string("\xd0\xcf\x11\xe0"), std::string("\xff\xfe"), std::string("\xfe\xff"),
        std::string("\xef\xbb\xbf"), std::string("<?xml version='1.0' encoding='UTF-16'?>"),
        std::string("<meta charset=utf-7>"), std::string("<meta charset=/etc/passwd>")}) {
    ReadAllWays(magic);
    ReadAllWays(magic + noise);
    ReadAllWays(magic + zeros);
    // A byte order mark is believed; but there is nothing behind it.
    const auto none = ExtractText(magic + zeros, TextFormat::kPlain, {});
    CHECK((!none || none->text.empty()));
  }
}

TEST_CASE("entities neither grow nor fetch, in any format of text") {
  std::string laughs = "<!DOCTYPE l [<!ENTITY a0 'ha'>";
  for (int level = 1; level < 30; ++level) {
    const std::string before = "&a" + std::to_string(level - 1) + ";";
    laughs += "<!ENTITY a" + std::to_string(level) + " '" + before + before + "'>";
  }
  laughs += "]><l>&a29;</l>";
  ReadAllWays(laughs);
  CHECK(ExtractText(laughs, TextFormat::kXml, {})->text.find("&a29;") != std::string::npos);
  const std::string outside =
      "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'><!ENTITY % y SYSTEM "
      "'http://127.0.0.1:9/'>%y;]><l>before &x; after</l>";
  ReadAllWays(outside);
  CHECK(ExtractText(outside, TextFormat::kXml, {})->text.find("before &x; after") !=
        std::string::npos);
}

TEST_CASE("large files that are one thing over and over come to an end") {
  for (const std::string_view piece :
       {"<",  "<p",  "<p ",     "</",          "<!--",   "<![CDATA[", "&",
        "&#", "&#x", "<title>", "<script>",    "\xc3",   "\xf0\x9f",  "\xff\xfe",
        "\r", " \t", "<?xml",   "<!DOCTYPE [", "\x1b$B", "<a b='",    "<td>"}) {
    CAPTURE(piece);
    std::string bytes;
    while (bytes.size() < 500'000) bytes += piece;
    ReadAllWays(bytes);
  }
}

}  // namespace dbxes::content
