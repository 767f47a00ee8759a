// SPDX-License-Identifier: Apache-2.0
#include "parsers/outlook_message.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "parsers/compressed_rtf.h"
#include "parsers/parse_document.h"
#include "support/compound_files.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

using Streams = std::map<std::string, std::string>;

std::string Fixed(unsigned type, unsigned id, std::uint64_t value) {
  return LittleEndianOf(type, 2) + LittleEndianOf(id, 2) + LittleEndianOf(0, 4) +
         LittleEndianOf(value, 8);
}

// A message with a subject; `fixed` are its fixed properties.
Streams Message(const std::string& fixed = "") {
  return {{"__properties_version1.0", std::string(32, '\0') + fixed},
          {"__substg1.0_0037001F", Wide("On r\xe9uls")}};
}

void Attach(Streams& message, const std::string& number, const std::string& name,
            const std::string& bytes) {
  const std::string storage = "__attach_version1.0_#" + number + "/";
  message[storage + "__properties_version1.0"] = std::string(8, '\0');
  message[storage + "__substg1.0_3707001F"] = Wide(name);
  message[storage + "__substg1.0_37010102"] = bytes;
}

ParsedDocument Read(const Streams& message) {
  auto document = ParseDocument(CompoundOf(message), DocumentForm::kFile, {});
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return *std::move(document);
}

// Literals only: no text needs the dictionary.
std::string Compressed(const std::string& rtf) {
  std::string packed;
  for (std::size_t at = 0; at < rtf.size(); at += 8) packed += '\0' + rtf.substr(at, 8);
  return LittleEndianOf(packed.size() + 12, 4) + LittleEndianOf(rtf.size(), 4) +
         LittleEndianOf(0x75465a4c, 4) + LittleEndianOf(0, 4) + packed;
}

}  // namespace

TEST_CASE("a message of Outlook is its subject, people, date and text") {
  Streams message = Message(Fixed(0x40, 0x39, 133'960'000'000'000'000));
  message["__substg1.0_0C1A001F"] = Wide("Ann Lee");
  message["__substg1.0_5D01001F"] = Wide("ann@example.com");
  message["__recip_version1.0_#00000000/__substg1.0_3001001F"] = Wide("Bo");
  message["__recip_version1.0_#00000000/__substg1.0_39FE001F"] = Wide("bo@example.com");
  message["__substg1.0_1000001F"] = Wide("rails in the reeds\r\n");
  const ParsedDocument document = Read(message);
  CHECK(
      document.text ==
      "On r\u00e9uls\nAnn Lee <ann@example.com>\nBo <bo@example.com>\n2025-07-03 07:06:40Z\nrails "
      "in the reeds");
  CHECK(document.properties.title == "On r\u00e9uls");
  CHECK(document.properties.author == "Ann Lee <ann@example.com>");
}

TEST_CASE("text of one byte a character is in the code page of the message") {
  Streams message = Message(Fixed(3, 0x3ffd, 1251));
  message.erase("__substg1.0_0037001F");
  message["__substg1.0_0037001E"] = "\xcc\xe8\xf0";
  message["__substg1.0_0E04001E"] = "Bo";
  CHECK(Read(message).text == "\u041c\u0438\u0440\nBo");
}

TEST_CASE("of several bodies, the richest is read") {
  Streams message = Message(Fixed(3, 0x3fde, 65'001));
  message["__substg1.0_10090102"] = Compressed("{\\rtf1 rich text}");
  CHECK(Read(message).text == "On r\u00e9uls\nrich text");
  message["__substg1.0_1000001F"] = Wide("plain");
  CHECK(Read(message).text == "On r\u00e9uls\nplain");
  message["__substg1.0_10130102"] = "<p>page \xc3\xa9</p>";
  CHECK(Read(message).text == "On r\u00e9uls\npage \u00e9");
}

TEST_CASE("attachments are found by their names and their text, one level deep") {
  Streams message = Message();
  Attach(message, "00000000", "a.docx", Docx(Words("inside")));
  Attach(message, "00000001", "b.png", "\x89PNG");
  const std::string inner = "__attach_version1.0_#00000002/__substg1.0_3701000D/";
  message["__attach_version1.0_#00000002/__substg1.0_3707001F"] = Wide("inner");
  message[inner + "__properties_version1.0"] = std::string(24, '\0');
  message[inner + "__substg1.0_0037001F"] = Wide("older");
  message[inner + "__attach_version1.0_#00000000/__substg1.0_3707001F"] = Wide("deep.txt");
  message[inner + "__attach_version1.0_#00000000/__substg1.0_37010102"] = "deep";
  const std::string text = Read(message).text;
  CHECK(text.find("a.docx\ninside") != std::string::npos);
  CHECK(text.find("b.png") != std::string::npos);
  CHECK(text.find("inner\nolder\ndeep.txt") != std::string::npos);
  CHECK(text.find("deep\n") == std::string::npos);
  CHECK_FALSE(text.ends_with("deep"));
}

TEST_CASE("compressed Rich Text is restored") {
  // The example of [MS-OXRTFCP] 3.1.1.
  const std::string example(
      "\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63\x70"
      "\x67\x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a"
      "\x80\x0f\xa0",
      49);
  CHECK(DecompressRtf(example) == "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  // A text that repeats itself (3.1.2).
  const std::string repeated(
      "\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58\x59"
      "\x5a\x0d\x6e\x7d\x01\x0e\xb0",
      30);
  CHECK(DecompressRtf(repeated) == "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
  CHECK(DecompressRtf(example.substr(0, 30)).starts_with("{\\rtf1\\ansi\\ansicpg"));
  CHECK(DecompressRtf("MELA").empty());
  CHECK(DecompressRtf("").empty());
  CHECK(DecompressRtf(LittleEndianOf(0, 4) + LittleEndianOf(3, 4) + "MELA" + LittleEndianOf(0, 4) +
                      "abcd") == "abc");
}

}  // namespace dbxes::parsers
