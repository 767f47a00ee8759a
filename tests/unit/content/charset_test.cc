// SPDX-License-Identifier: Apache-2.0
#include "content/charset.h"

#include <doctest/doctest.h>
#include <iconv.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace dbxes::content {
namespace {

// UTF-8 to another encoding, by hand of the same library but the other way round.
std::string Encode(std::string text, const std::string& charset) {
  const iconv_t handle = iconv_open(charset.c_str(), "UTF-8");
  std::string out(text.size() * 4 + 16, '\0');
  char* in = text.data();
  std::size_t in_left = text.size();
  char* to = out.data();
  std::size_t room = out.size();
  REQUIRE(iconv(handle, &in, &in_left, &to, &room) != static_cast<std::size_t>(-1));
  iconv_close(handle);
  out.resize(out.size() - room);
  return out;
}

const std::string kFrench =
    "Le caf\u00e9 est tr\u00e8s bon \u2014 \u00ab d\u00e9j\u00e0 vu \u00bb, 5 \u20ac.\n";
const std::string kRussian =
    "\u0414\u043e\u0433\u043e\u0432\u043e\u0440 \u0430\u0440\u0435\u043d\u0434\u044b "
    "\u043f\u043e\u0434\u043f\u0438\u0441\u0430\u043d \u0441\u0442\u043e\u0440\u043e\u043d\u0430"
    "\u043c\u0438 \u0432 \u041c\u043e\u0441\u043a\u0432\u0435, \u0447\u0442\u043e "
    "\u043f\u043e\u0434\u0442\u0432\u0435\u0440\u0436\u0434\u0435\u043d\u043e.\n";
const std::string kJapanese =
    "\u3053\u306e\u5951\u7d04\u66f8\u306f\u6771\u4eac\u3067\u7f72\u540d\u3055\u308c\u307e"
    "\u3057\u305f\u3002\u3069\u3046\u305e\u3088\u308d\u3057\u304f\u304a\u9858\u3044\u3057"
    "\u307e\u3059\u3002\n";

}  // namespace

TEST_CASE("UTF-8 stays what it is") {
  CHECK(ToUtf8("") == "");
  CHECK(ToUtf8("plain") == "plain");
  for (const std::string& text : {kFrench, kRussian, kJapanese, std::string("\U0001f600")}) {
    CHECK(ToUtf8(text) == text);
  }
}

TEST_CASE("byte order marks are believed and left out") {
  const std::string text = kFrench + kJapanese + "\U0001f600";
  CHECK(ToUtf8("\xef\xbb\xbf" + text) == text);
  CHECK(ToUtf8("\xff\xfe" + Encode(text, "UTF-16LE")) == text);
  CHECK(ToUtf8("\xfe\xff" + Encode(text, "UTF-16BE")) == text);
  CHECK(ToUtf8(std::string("\xff\xfe\0\0", 4) + Encode(text, "UTF-32LE")) == text);
  CHECK(ToUtf8(std::string("\0\0\xfe\xff", 4) + Encode(text, "UTF-32BE")) == text);
  // Half a character at the end.
  CHECK(ToUtf8(std::string("\xff\xfe"
                           "a\0b",
                           5)) == "a\xef\xbf\xbd");
}

TEST_CASE("UTF-16 is known without a mark, too") {
  CHECK(ToUtf8(Encode(kFrench, "UTF-16LE")) == kFrench);
  CHECK(ToUtf8(Encode(kFrench, "UTF-16BE")) == kFrench);
}

TEST_CASE("what is no UTF-8 is guessed") {
  CHECK(ToUtf8(Encode(kFrench, "WINDOWS-1252")) == kFrench);
  CHECK(ToUtf8(Encode(kRussian, "WINDOWS-1251")) == kRussian);
  CHECK(ToUtf8(Encode(kRussian, "KOI8-R")) == kRussian);
  CHECK(ToUtf8(Encode(kJapanese, "SHIFT_JIS")) == kJapanese);
  CHECK(ToUtf8(Encode(kJapanese, "EUC-JP")) == kJapanese);
  // Too short for statistics: western.
  CHECK(ToUtf8("caf\xe9") == "caf\u00e9");
  CHECK(ToUtf8("\x80 5") == "\u20ac 5");
}

// Half of this is not in the standards, but in what Windows writes.
TEST_CASE("East Asian text of Windows keeps its characters, declared or guessed") {
  const std::string japanese =
      "第①回 ㈱髙島屋の会議議事録。Ⅲ章 12㎡ 以上の内容を確認してください。";
  const std::string chinese = "朱镕基总理会见了来访的客人，陶喆和赵堃也参加了这次会议。";
  const std::string korean = "똠방각하 펲시콜라를 마시며 회의록을 확인해 주시기 바랍니다.";
  const std::string taiwanese = "啲會議紀錄已經完成，請各位同事確認以上的內容。";
  const auto both = [](const std::string& text, const std::string& charset, const char* label) {
    CAPTURE(label);
    CHECK(ToUtf8(Encode(text, charset)) == text);
    CHECK(ToUtf8(Encode(text, charset), label) == text);
  };
  both(japanese, "CP932", "shift_jis");
  both(chinese, "GB18030", "gb2312");
  both(korean, "CP949", "euc-kr");
  both(taiwanese, "BIG5-HKSCS", "big5");
  CHECK(ToUtf8(Encode("会議", "CP932")) == "会議");
}

TEST_CASE("letters show which charset of one byte a text has") {
  const std::string german =
      "Über größere Änderungen können später möglicherweise nötige Gespräche";
  const std::string french = "Le café de l’été dernier était très bon, où ça s’arrêtait déjà";
  const std::string polish = "Zażółć gęślą jaźń: proszę o potwierdzenie, że są ważne";
  const std::string turkish = "Değişiklik için lütfen aşağıdaki bağlantıyı kullanınız";
  const std::string czech = "Příliš žluťoučký kůň úpěl ďábelské ódy";
  const auto check = [](const std::string& text, std::initializer_list<const char*> charsets) {
    for (const char* charset : charsets) {
      CAPTURE(charset);
      CHECK(ToUtf8(Encode(text, charset)) == text);
    }
  };
  check(german, {"WINDOWS-1252", "IBM850", "MACINTOSH"});
  check(french, {"WINDOWS-1252", "MACINTOSH"});
  check(polish, {"WINDOWS-1250", "ISO-8859-2", "IBM852"});
  check(czech, {"WINDOWS-1250", "ISO-8859-2", "IBM852"});
  check(turkish, {"WINDOWS-1254"});
  check("ett smörgåsbord på väg", {"WINDOWS-1252", "IBM850", "MACINTOSH"});
  check("Цей документ підписано в Києві, а всі додатки до нього є невідємною частиною договору",
        {"KOI8-U", "WINDOWS-1251"});
}

TEST_CASE("no letter at the end is lost") {
  const std::string hebrew = "שלום עולם זה טקסט בעברית לבדיקה";
  CHECK(ToUtf8(Encode(hebrew, "CP1255"), "windows-1255") == hebrew);
  CHECK(ToUtf8("Vi\xea\xf2t Nam a", "windows-1258") == "Việt Nam a");
}

TEST_CASE("a declaration that gives control characters is wrong") {
  CHECK(ToUtf8("\x84Za\xbf\xf3\xb3\xe6\x94 g\xea\x9cl\xb9 oraz inne", "iso-8859-2") ==
        "„Zażółć” gęślą oraz inne");
  CHECK(ToUtf8("caf\xe9 \x93x\x94", "iso-8859-15") == "café “x”");
  CHECK(ToUtf8("caf\u00e9 \u0080 \xff und", "utf-8") == "caf\u00e9 \u0080 \xef\xbf\xbd und");
}

TEST_CASE("text of seven bits that switches between charsets") {
  const std::string japanese = "会議の議事録です。\n来週の予定を確認してください。";
  CHECK(ToUtf8(Encode(japanese, "ISO-2022-JP")) == japanese);
  CHECK(ToUtf8(Encode(japanese, "ISO-2022-JP"), "iso-2022-jp") == japanese);
  const std::string korean = "회의록을 확인해 주시기 바랍니다.\nABC";
  CHECK(ToUtf8(Encode(korean, "ISO-2022-KR")) == korean);
  const std::string chinese = "会议纪录 (ABC) 已经完成";
  CHECK(ToUtf8(Encode(chinese, "ISO-2022-CN")) == chinese);
  CHECK(ToUtf8("~{;aRi~} ~{b} ok", "hz-gb-2312")->starts_with("会议 "));
  CHECK(ToUtf8("~{;aRi~} ok~~") == "会议 ok~");
  // Circled digits of Windows, kana of half width, and sequences around nothing.
  CHECK(ToUtf8("\x1b$B-!\x1b(B \x1b(I1\x1b(B\x1b$B\x1b(B.") == "① ｱ.");
  // Two lines, of which the first lacks its end.
  CHECK(ToUtf8("\x1b$B$3$l\nplain") == "これ\nplain");
  // Colours of a terminal, and text about HZ.
  CHECK(ToUtf8("\x1b[31mred\x1b(B\x1b[m") == "\x1b[31mred\x1b(B\x1b[m");
  CHECK(ToUtf8("a ~{b} c~}") == "a ~{b} c~}");
  CHECK(NeedsConversion(Encode(japanese, "ISO-2022-JP")));
  CHECK_FALSE(NeedsConversion("\x1b[31mred\x1b(B"));
}

TEST_CASE("wide text of every script is known without a mark") {
  const std::string chinese = "会议纪录 已经完成。\n";
  for (const std::string& text : {kRussian, kJapanese, chinese, kFrench}) {
    for (const char* charset : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
      CAPTURE(charset);
      CHECK(ToUtf8(Encode(text, charset)) == text);
      CHECK(NeedsConversion(Encode(text, charset)));
    }
  }
  // Letters, two at a time, look like ideographs.
  CHECK(ToUtf8(std::string(101, 'a') + std::string(1, '\0')) ==
        std::string(101, 'a') + std::string(1, '\0'));
  // Numbers of two bytes are no text.
  std::string numbers;
  for (int i = 0; i < 200; ++i) numbers += {static_cast<char>(i * 37), static_cast<char>(i % 7)};
  CHECK_FALSE(ToUtf8(numbers));
}

TEST_CASE("a declaration is believed unless the bytes belie it") {
  const std::string greek = "\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1";
  CHECK(ToUtf8(Encode(greek, "ISO-8859-7"), "ISO-8859-7") == greek);
  CHECK(ToUtf8(greek, "ISO-8859-7") == greek);
  CHECK(ToUtf8("caf\xe9", "no-such-charset") == "caf\u00e9");
  // ISO-8859-1 as everybody means it.
  CHECK(ToUtf8("\x93quoted\x94", "iso-8859-1") == "\u201cquoted\u201d");
  CHECK(ToUtf8("caf\u00e9 \xff", "utf-8") == "caf\u00e9 \xef\xbf\xbd");
}

TEST_CASE("other data is no text") {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7919 >> 4);
  CHECK_FALSE(ToUtf8(bytes));
  CHECK_FALSE(ToUtf8(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0", 29)));
  CHECK_FALSE(ToUtf8(std::string(100, '\0')));
  // A stray zero or two are no reason to give a text up.
  CHECK(ToUtf8(std::string(100, 'a') + std::string(2, '\0')));
}

TEST_CASE("declarations are found where they may stand") {
  CHECK(DeclaredCharset(R"(<?xml version="1.0" encoding="ISO-8859-1"?><a/>)") == "ISO-8859-1");
  CHECK(DeclaredCharset("<?xml version='1.0' encoding = 'KOI8-R' ?>") == "KOI8-R");
  CHECK(DeclaredCharset("<?xml version=\"1.0\"?><a encoding=\"x\"/>").empty());
  CHECK(DeclaredCharset("<html><META CHARSET=utf-8>") == "utf-8");
  CHECK(DeclaredCharset(R"(<meta http-equiv="Content-Type" content="text/html; charset=big5">)") ==
        "big5");
  CHECK(DeclaredCharset("<html>charset=x").empty());
  CHECK(DeclaredCharset("<meta charset").empty());
  CHECK(DeclaredCharset("").empty());
}

}  // namespace dbxes::content
