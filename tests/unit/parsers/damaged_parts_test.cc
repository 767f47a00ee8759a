// SPDX-License-Identifier: Apache-2.0
// Files of which one part cannot be read: the others keep their text, and the document says so.
#include <doctest/doctest.h>

#include <string>

#include "parsers/archive.h"
#include "parsers/parse_document.h"
#include "parsers/zip_salvage.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

constexpr const char* kBroken = "no XML";

// The text of what is left of a file.
std::string TextLeftOf(const std::string& bytes) {
  const auto read = ParseDocument(bytes, DocumentForm::kFile, {});
  REQUIRE(read);
  CHECK(read->damaged_partly);
  return read->text;
}

std::string TextLeftOf(const Entries& entries) { return TextLeftOf(ZipOf(entries)); }

Entries With(Entries entries, const std::string& name, const std::string& content) {
  REQUIRE(entries.contains(name));
  entries[name] = content;
  return entries;
}

std::string Document(const std::string& content) {
  return "<w:document xmlns:w='urn:w'>" + content + "</w:document>";
}

Entries WordParts() {
  Entries entries = OfficeEntries(
      "word/document.xml", Document(Words("body")),
      Relation("r1", "footnotes", "footnotes.xml") + Relation("r2", "header", "header1.xml"));
  entries["word/footnotes.xml"] = Document(Words("note"));
  entries["word/header1.xml"] = Document(Words("head"));
  return entries;
}

Entries SlideParts() {
  std::string ids;
  std::string relations;
  for (const std::string number : {"1", "2", "10"}) {
    ids += "<p:sldId id='25" + number + "' r:id='r" + number + "'/>";
    relations += Relation("r" + number, "slide", "slides/slide" + number + ".xml");
  }
  Entries entries = OfficeEntries(
      "ppt/presentation.xml",
      "<p:presentation xmlns:p='urn:p' xmlns:r='urn:r'>" + ids + "</p:presentation>", relations);
  for (const std::string number : {"1", "2", "10"}) {
    entries["ppt/slides/slide" + number + ".xml"] =
        "<p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:p><a:t>slide " + number + "</a:t></a:p></p:sld>";
  }
  return entries;
}

Entries BookParts() {
  Entries entries = OfficeEntries(
      "xl/workbook.xml",
      "<workbook xmlns:r='urn:r'><sheet name='One' r:id='r1'/><sheet name='Two' r:id='r2'/>"
      "</workbook>",
      Relation("r1", "worksheet", "worksheets/sheet1.xml") +
          Relation("r2", "worksheet", "worksheets/sheet2.xml") +
          Relation("r3", "sharedStrings", "sharedStrings.xml"));
  entries["xl/worksheets/sheet1.xml"] =
      "<worksheet><row><c t='s'><v>0</v></c><c><v>4</v></c></row></worksheet>";
  entries["xl/worksheets/sheet2.xml"] =
      "<worksheet><row><c t='inlineStr'><is><t>inline</t></is></c></row></worksheet>";
  entries["xl/sharedStrings.xml"] = "<sst><si><t>shared</t></si></sst>";
  return entries;
}

Entries BookOfChapters() {
  return {{"mimetype", "application/epub+zip"},
          {"META-INF/container.xml", "<c><rootfile full-path='p.opf'/></c>"},
          {"p.opf",
           "<p><metadata><title>Birds</title></metadata><item id='a' href='a.xhtml'/>"
           "<item id='b' href='b.xhtml'/><item id='c' href='c.xhtml'/><itemref idref='a'/>"
           "<itemref idref='b'/><itemref idref='c'/></p>"},
          {"a.xhtml", "<p>first</p>"},
          {"b.xhtml", "<p>second</p>"},
          {"c.xhtml", "<p>third</p>"}};
}

// The archive with a wrong checksum of this entry, which must be stored.
std::string WithWrongByte(std::string zip, const std::string& content) {
  const std::size_t at = zip.find(content);
  REQUIRE(at != std::string::npos);
  zip[at + content.size() / 2] = '\xff';
  return zip;
}

}  // namespace

TEST_CASE("whole files do not say that they are damaged") {
  for (const Entries& entries : {WordParts(), SlideParts(), BookParts(), BookOfChapters()}) {
    const auto read = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
    REQUIRE(read);
    CHECK_FALSE(read->damaged_partly);
  }
}

TEST_CASE("a document of words keeps what is not in the damaged part") {
  const Entries whole = WordParts();
  CHECK(TextLeftOf(With(whole, "word/footnotes.xml", kBroken)) == "body\nhead");
  CHECK(TextLeftOf(With(whole, "word/document.xml", kBroken)) == "note\nhead");
  CHECK(TextLeftOf(With(whole, "word/document.xml", Document(Words("begun") + "<w:p><<"))) ==
        "begun\nnote\nhead");
  CHECK(TextLeftOf(With(whole, "_rels/.rels", kBroken)) == "body\nnote\nhead");
  // In the order of their usual names.
  CHECK(TextLeftOf(With(whole, "word/_rels/document.xml.rels", kBroken)) == "body\nnote\nhead");
  Entries lacking = whole;
  lacking.erase("word/header1.xml");
  CHECK(TextLeftOf(lacking) == "body\nnote");
}

TEST_CASE("a presentation keeps its other slides, in their order") {
  const Entries whole = SlideParts();
  CHECK(TextLeftOf(With(whole, "ppt/slides/slide2.xml", kBroken)) == "slide 1\nslide 10");
  for (const char* list :
       {"ppt/presentation.xml", "ppt/_rels/presentation.xml.rels", "_rels/.rels"}) {
    CAPTURE(list);
    CHECK(TextLeftOf(With(whole, list, kBroken)) == "slide 1\nslide 2\nslide 10");
  }
}

TEST_CASE("a workbook keeps its other sheets, and numbers without their strings") {
  const Entries whole = BookParts();
  CHECK(TextLeftOf(With(whole, "xl/worksheets/sheet1.xml", kBroken)) == "One\nTwo\ninline");
  CHECK(TextLeftOf(With(whole, "xl/sharedStrings.xml", kBroken)) == "One\n4\nTwo\ninline");
  CHECK(TextLeftOf(With(whole, "xl/workbook.xml", kBroken)) == "shared\t4\ninline");
  CHECK(TextLeftOf(With(whole, "xl/_rels/workbook.xml.rels", kBroken)) == "shared\t4\ninline");
}

TEST_CASE("an OpenDocument file keeps its headers, or its body") {
  Entries whole = OpenDocumentEntries("text", "<office:text><text:p>body</text:p></office:text>");
  whole["styles.xml"] =
      "<s xmlns:style='urn:s' xmlns:text='urn:text'><style:header><text:p>head</text:p>"
      "</style:header></s>";
  whole["meta.xml"] = "<m xmlns:dc='urn:dc'><dc:title>Birds</dc:title></m>";
  CHECK(TextLeftOf(With(whole, "content.xml", kBroken)) == "head");
  CHECK(TextLeftOf(With(whole, "styles.xml", kBroken)) == "body");
}

TEST_CASE("a book keeps its other chapters") {
  const Entries whole = BookOfChapters();
  const std::string zip = ZipOf(whole);
  // With the beginning of the chapter, up to where its bytes are wrong.
  CHECK(TextLeftOf(WithWrongByte(zip, "<p>second</p>")).starts_with("first\n"));
  CHECK(TextLeftOf(WithWrongByte(zip, "<p>second</p>")).ends_with("\nthird"));
  Entries lacking = whole;
  lacking.erase("b.xhtml");
  CHECK(TextLeftOf(lacking) == "first\nthird");
  CHECK(TextLeftOf(With(whole, "p.opf", kBroken)) == "first\nsecond\nthird");
  CHECK(TextLeftOf(With(whole, "META-INF/container.xml", kBroken)) == "first\nsecond\nthird");
  CHECK(TextLeftOf(With(whole, "b.xhtml", std::string(17 << 20, ' ') + "<p>end</p>")) ==
        "first\nthird");
}

TEST_CASE("a chapter that ends within a character is read in its encoding") {
  Entries whole = BookOfChapters();
  ParseLimits limits;
  const std::string long_word = "caf\u00e9 " + std::string(70'000, 'x') + " caf\u00e9";
  whole["b.xhtml"] = long_word;
  // The first piece of an entry has 64 KiB; the limit ends the reading behind it.
  limits.max_inflated_bytes = 70'000;
  const auto read = ParseDocument(ZipOf(whole), DocumentForm::kFile, limits);
  REQUIRE(read);
  CHECK(read->damaged_partly);
  CHECK(read->text.find("first\ncaf\u00e9 xxx") == 0);
}

TEST_CASE("a file without a readable part has no text") {
  Entries whole = WordParts();
  for (auto& [name, content] : whole) content = kBroken;
  CHECK(ParseDocument(ZipOf(whole), DocumentForm::kFile, {}).error() == Unreadable::kDamaged);
}

TEST_CASE("a file that breaks off keeps its first entries") {
  const std::string zip = ZipOf(BookOfChapters());
  // Entries are in the order of their names: META-INF, a, b, c, mimetype, p.opf.
  CHECK(TextLeftOf(zip.substr(0, zip.rfind("PK\1\2"))) == "first\nsecond\nthird");
  CHECK(TextLeftOf(zip.substr(0, zip.size() - 1)) == "first\nsecond\nthird");
  const std::string docx = ZipOf(WordParts());
  const std::size_t footnotes = docx.find("word/footnotes.xml");
  CHECK(TextLeftOf(docx.substr(0, footnotes)) == "body");
  // Within an entry that is deflated: what can still be inflated.
  std::string many;
  for (int number = 0; number < 4000; ++number) many += Words("word " + std::to_string(number));
  const std::string cut = Docx(many);
  const std::string left = TextLeftOf(cut.substr(0, cut.size() / 2));
  CHECK(left.starts_with("word 0\nword 1\n"));
  CHECK(left.size() > 5000);
}

TEST_CASE("entries that were written as a stream are found by their descriptors") {
  // As LibreOffice and Java write: sizes and checksum follow the data, with a mark or without one.
  const auto number = [](std::size_t value, std::size_t bytes) {
    std::string text;
    for (std::size_t byte = 0; byte < bytes; ++byte) {
      text += static_cast<char>(value >> (8 * byte) & 0xff);
    }
    return text;
  };
  const auto stored = [&](const std::string& name, const std::string& data, bool marked) {
    return std::string("PK\3\4") + number(20, 2) + number(8, 2) + number(0, 2) + number(0, 4) +
           std::string(12, '\0') + number(name.size(), 2) + number(0, 2) + name + data +
           (marked ? std::string("PK\7\x8") : "") + number(0, 4) + number(data.size(), 4) +
           number(data.size(), 4);
  };
  for (const bool marked : {true, false}) {
    CAPTURE(marked);
    // Marks within the data are data.
    const std::string bytes = stored("a", "PK\3\4 and PK\7\x8 and more of it", marked) +
                              stored("b", "second", marked) + "PK\1\2";
    const std::string whole = WithNewDirectory(bytes, 100);
    auto archive = Archive::Open(whole, {});
    REQUIRE(archive);
    CHECK_FALSE(archive->salvaged());
    CHECK(archive->Names() == std::vector<std::string>{"a", "b"});
    std::string first;
    static_cast<void>(archive->Read("a", [&](std::string_view piece) {
      first += piece;
      return true;
    }));
    CHECK(first == "PK\3\4 and PK\7\x8 and more of it");
  }
}

TEST_CASE("what has no entries gets no directory, and limits hold") {
  CHECK(WithNewDirectory("", 9).empty());
  CHECK(WithNewDirectory("PK\3\4", 9).empty());
  CHECK(WithNewDirectory(std::string("PK\3\4") + std::string(22, '\0') + "\xff\xff\xff\xff", 9)
            .empty());
  const std::string zip = ZipOf(BookOfChapters());
  const std::string cut = zip.substr(0, zip.find("PK\1\2"));
  auto archive = Archive::Open(WithNewDirectory(cut, 2), {});
  REQUIRE(archive);
  CHECK(archive->Names().size() == 2);
}

}  // namespace dbxes::parsers
