// SPDX-License-Identifier: Apache-2.0
#include "content/first_bytes.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::content {

TEST_CASE("documents are known by their marks") {
  for (const std::string_view bytes :
       {"PK\x03\x04", "\xd0\xcf\x11\xe0\xa1\xb1", "{\\rtf1\\ansi", "%PDF-1.7\n%\xe2\xe3",
        "Return-Path: <a@b>\n", "Received: from x", "\nMIME-Version: 1.0\n"}) {
    CAPTURE(bytes);
    CHECK(FormatByContent(bytes) == TextFormat::kParsed);
  }
}

TEST_CASE("text is text in any encoding, and markup only if it says so") {
  for (const std::string_view bytes :
       {"all: build\n\tcc x.c", "\x1b[1mlog\x1b[0m\r\n", "caf\xe9", "\xef\xbb\xbfwords", "<b>",
        "The received: no mail", "From here on", "a\fb\vc\b",
        "\xff\xfe"
        "a"}) {
    CAPTURE(bytes);
    CHECK(FormatByContent(bytes) == TextFormat::kPlain);
  }
  CHECK(FormatByContent(std::string("\xfe\xff\0a", 4)) == TextFormat::kPlain);
  CHECK(FormatByContent(" \n<!DOCTYPE HTML><p>") == TextFormat::kHtml);
  CHECK(FormatByContent("\xef\xbb\xbf<HTML lang=de>") == TextFormat::kHtml);
  CHECK(FormatByContent("<?xml version='1.0'?><a/>") == TextFormat::kXml);
  CHECK(FormatByContent("") == TextFormat::kPlain);
}

TEST_CASE("bytes that no text has make it neither, as far as it is looked at") {
  for (const std::string& bytes : {std::string("\x7f"
                                               "ELF"),
                                   std::string("text\0text", 9), std::string("\x89PNG\r\n\x1a\n"),
                                   std::string("x\x01\x4b\x4c"), std::string("GIF89a\x01\x02"),
                                   std::string("SQLite format 3\0", 16)}) {
    CAPTURE(bytes);
    CHECK_FALSE(FormatByContent(bytes));
  }
  std::string bytes(kFirstBytes, 'x');
  CHECK(FormatByContent(bytes + '\0') == TextFormat::kPlain);
  bytes.back() = '\0';
  CHECK_FALSE(FormatByContent(bytes));
}

}  // namespace dbxes::content
