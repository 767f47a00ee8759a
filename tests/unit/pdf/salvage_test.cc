// SPDX-License-Identifier: Apache-2.0
#include "pdf/salvage.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "parsers/child_process.h"
#include "pdf/document.h"
#include "support/office_files.h"

namespace dbxes::pdf {
namespace {

struct Read {
  parsers::WorkerAnswer answer;
  std::string text;
};

Read ReadBytes(const std::string& bytes) {
  constexpr std::size_t kMost = 10'000;
  const Descriptor file = *parsers::MakeMemoryFile("");
  TextStream stream(file.get(), kMost);
  Read read{ReadDocument(bytes, {}, stream), ""};
  read.text = *parsers::ReadMemoryFile(file, kMost);
  return read;
}

std::string TextOf(const std::string& bytes) { return ReadBytes(bytes).text; }

std::string Object(int number, const std::string& value) {
  return fmt::format("{} 0 obj\n{}\nendobj\n", number, value);
}

std::string Stream(const std::string& members, const std::string& bytes) {
  return fmt::format("<<{}/Length {}>>\nstream\n{}\nendstream", members, bytes.size(), bytes);
}

std::string Page(int contents) {
  return fmt::format(
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R/Resources<</Font<</F "
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
      contents);
}

std::string Shows(const std::string& word) {
  return Stream("", "BT /F 12 Tf 72 700 Td (" + word + ") Tj ET");
}

const std::string kCatalog = "<</Type/Catalog/Pages 2 0 R>>";
const std::string kPages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";

// Objects 2, 3 and the catalog in a stream of objects, as newer programs write them, and no table.
std::string WithObjectStream(const std::string& catalog, const std::string& after = "") {
  const std::string numbers =
      fmt::format("1 0 2 {} 3 {} ", catalog.size() + 1, catalog.size() + kPages.size() + 2);
  const std::string values = catalog + " " + kPages + " " + Page(4);
  return "%PDF-1.5\n" + Object(4, Shows("deep")) +
         Object(5, Stream(fmt::format("/Type/ObjStm/N 3/First {}", numbers.size()),
                          numbers + values)) +
         after;
}

}  // namespace

TEST_CASE("a file without its end is read as far as it goes") {
  const std::string whole = "%PDF-1.4\n" + Object(1, kCatalog) + Object(2, kPages) +
                            Object(3, Page(4)) + Object(4, Shows("kept")) +
                            Object(5, Shows("further"));
  const Read read = ReadBytes(whole.substr(0, whole.find("(further")));
  CHECK(read.text == "kept");
  CHECK_FALSE(read.answer.failure);
  CHECK(read.answer.damaged_partly);
}

TEST_CASE("what a program printed before the file changes nothing") {
  const std::string file = "%PDF-1.4\n" + Object(3, Page(4)) + Object(4, Shows("page"));
  CHECK(TextOf("Processing pages 1 through 8.\n" + file) == "page");
  CHECK(TextOf(std::string(900, ' ') + WithObjectStream(kCatalog)) == "deep");
  CHECK(TextOf(std::string(5000, ' ') + file) == "page");
}

TEST_CASE("the objects within a stream are found, too") {
  CHECK(TextOf(WithObjectStream(kCatalog)) == "deep");
  // What follows the stream is newer than what is in it.
  CHECK(TextOf(WithObjectStream(kCatalog, Object(4, Shows("newer")))) == "newer");
  CHECK(TextOf(WithObjectStream(kCatalog, Object(3, Page(6)) + Object(6, Shows("other")))) ==
        "other");
  // A stream that is cut off, or says anything.
  CHECK(ReadBytes(WithObjectStream(kCatalog).substr(0, 150)).answer.failure ==
        parsers::Unreadable::kDamaged);
  CHECK(TextOf("%PDF-1.5\n" + Object(3, Page(4)) + Object(4, Shows("page")) +
               Object(5, Stream("/Type/ObjStm/N 3/First 999999", "4 70000000 x 3 1"))) == "page");
  CHECK(TextOf("%PDF-1.5\n" + Object(3, Page(4)) + Object(4, Shows("page")) +
               Object(5, Stream("/Type/ObjStm/N 1/First 13", "2147483647 0 <<>>"))) == "page");
}

TEST_CASE("pages without a catalog or a tree are found in the order of the file") {
  const std::string pages = Object(9, Page(4)) + Object(4, Shows("first")) + Object(3, Page(5)) +
                            Object(5, Shows("second"));
  CHECK(TextOf("%PDF-1.4\n" + pages) == "first\n\nsecond");
  CHECK(TextOf("%PDF-1.4\n" + pages + Object(1, "<</Type/Catalog>>")) == "first\n\nsecond");
  CHECK(TextOf("%PDF-1.4\n" + pages + Object(1, kCatalog)) == "first\n\nsecond");
  const std::string no_count = Object(1, kCatalog) + Object(2, "<</Type/Pages/Kids[9 0 R]>>");
  CHECK(TextOf("%PDF-1.4\n" + pages + no_count + "trailer\n<</Root 1 0 R>>\n") ==
        "first\n\nsecond");
}

TEST_CASE("pages whose tree has a number that no object can have are found, too") {
  for (const char* number : {"999998", "99999999", "2147483647", "99999999999999999999"}) {
    CHECK_MESSAGE(
        TextOf("%PDF-1.4\n" + Object(9, Page(4)) + Object(4, Shows("first")) +
               Object(1, fmt::format("<</Type/Catalog/Pages {} 0 R>>", number))) == "first",
        number);
  }
}

TEST_CASE("a stream whose objects are not in the order of their places has none") {
  const std::string numbers = "1 0 2 900 3 0 ";
  CHECK(TextOf("%PDF-1.5\n" + Object(9, Page(4)) + Object(4, Shows("page")) +
               Object(5, Stream(fmt::format("/Type/ObjStm/N 3/First {}", numbers.size()),
                                numbers + kCatalog + std::string(1000, ' ')))) == "page");
}

TEST_CASE("what the catalog names besides the pages stays") {
  const std::string pdf = "%PDF-1.4\n" + Object(3, Page(4)) + Object(4, Shows("page")) +
                          Object(1, "<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>") +
                          Object(6, "<</First 7 0 R>>") + Object(7, "<</Title(Chapter)>>");
  CHECK(TextOf(pdf) == "page\n\n\nChapter");
}

TEST_CASE("the last one of objects with the same number counts") {
  const std::string pdf =
      "%PDF-1.4\n" + Object(3, Page(4)) + Object(4, Shows("old")) + Object(4, Shows("new"));
  CHECK(TextOf(pdf) == "new");
}

TEST_CASE("a file without objects is damaged, and one with a password is encrypted") {
  CHECK_FALSE(Salvage("%PDF-1.4 nothing").has_objects());
  CHECK(ReadBytes("%PDF-1.4\n" + Object(7, "<<>>")).answer.failure ==
        parsers::Unreadable::kDamaged);
  const std::string key(64, '0');
  const std::string locked =
      "%PDF-1.4\n" + Object(1, kCatalog) + Object(2, kPages) + Object(3, Page(4)) +
      Object(4, Shows("secret")) +
      Object(5, fmt::format("<</Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>>>", key, key));
  // A key that begins like the other may follow it.
  for (const char* after : {"", "\n<</EncryptMetadata true>>"}) {
    const Read read = ReadBytes(locked + "<</Encrypt 5 0 R/ID[<00><00>]>>" + after);
    CHECK(read.text.empty());
    CHECK(read.answer.failure == parsers::Unreadable::kDamaged);
  }
}

}  // namespace dbxes::pdf
