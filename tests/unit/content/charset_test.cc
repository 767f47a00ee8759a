// SPDX-License-Identifier: Apache-2.0
#include "content/charset.h"

#include <doctest/doctest.h>
#include <iconv.h>

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
