// SPDX-License-Identifier: Apache-2.0
// Files that were made to hurt: read in processes of production, by the hundred.
#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/http/curl_http.h"
#include "parsers/parser_pool.h"
#include "support/compound_files.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

class Corpus {
 public:
  Corpus() {
    ParserSettings settings;
    settings.processes = 2;
    settings.pdftotext = "/usr/bin/pdftotext";
    pool_.emplace(loop_, settings);
  }
  void Add(std::string bytes) {
    pending_.push_back(pool_->Parse(std::move(bytes), DocumentForm::kFile));
  }
  // What became of each; none may have crashed its process.
  std::vector<Parsed<ParsedDocument>> Read() {
    std::vector<Parsed<ParsedDocument>> all;
    for (const auto& one : pending_) {
      auto read = loop_.Await(one);
      REQUIRE(read);
      CHECK((*read || read->error() != Unreadable::kCrashed));
      all.push_back(*std::move(read));
    }
    pending_.clear();
    return all;
  }
  Parsed<ParsedDocument> ReadOne(std::string bytes) {
    Add(std::move(bytes));
    return Read().front();
  }

 private:
  CurlHttp http_{"test"};
  SystemClock clock_;
  EventLoop loop_{http_, clock_};
  std::optional<ParserPool> pool_;
  std::vector<Pending<Parsed<ParsedDocument>>> pending_;
};

// Of every format one, with parts of every kind.
std::vector<std::string> ValidFiles() {
  Entries slides = OfficeEntries(
      "ppt/p.xml",
      "<p:presentation xmlns:p='urn:p' xmlns:r='urn:r'><p:sldIdLst><p:sldId id='256' r:id='r1'/>"
      "</p:sldIdLst></p:presentation>",
      Relation("r1", "slide", "s.xml"));
  slides["ppt/s.xml"] =
      "<p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:p><a:t>slide</a:t></a:p></p:sld>";
  Entries book = OfficeEntries(
      "xl/w.xml", "<w xmlns:r='urn:r'><sheet name='One' r:id='r1'/></w>",
      Relation("r1", "worksheet", "s.xml") + Relation("r2", "sharedStrings", "t.xml"));
  book["xl/w.xml"] = "<workbook xmlns:r='urn:r'><sheet name='One' r:id='r1'/></workbook>";
  book["xl/s.xml"] = "<worksheet><row><c t='s'><v>0</v></c><c><v>4</v></c></row></worksheet>";
  book["xl/t.xml"] = "<sst><si><t>shared</t></si></sst>";
  return {
      Docx(Words("a document of some length, so that it is deflated: again and again and again")),
      ZipOf(slides),
      ZipOf(book),
      ZipOf(OpenDocumentEntries("text", "<office:text><text:p>text</text:p></office:text>")),
      ZipOf({{"mimetype", "application/epub+zip"},
             {"META-INF/container.xml", "<c><rootfile full-path='p.opf'/></c>"},
             {"p.opf", "<p><item id='a' href='a.html'/><itemref idref='a'/></p>"},
             {"a.html", "<p>chapter</p>"}}),
      "{\\rtf1{\\fonttbl{\\f0\\fcharset128 A;}}\\f0 words\\'83e\\u960 ?{\\*\\x y}\\par}",
      "Subject: =?utf-8?q?w=C3=B6rds?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
      "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>=41\n--b\n"
      "Content-Disposition: attachment; filename*=utf-8''a.rtf\n"
      "Content-Transfer-Encoding: base64\n\ne1xydGYxIHdvcmRzfQ==\n--b--\n",
      WordDocument("words of one byte\r", Wide("and of two\r")),
      Pdf("page")};
}

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

std::string Mutated(std::string bytes, Dice& dice) {
  const std::size_t changes = 1 + dice.Below(8);
  for (std::size_t change = 0; change < changes; ++change) {
    const std::size_t at = dice.Below(bytes.size());
    switch (dice.Below(4)) {
      case 0:
        bytes[at] = static_cast<char>(dice.Below(256));
        break;
      case 1:
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1u << dice.Below(8));
        break;
      case 2:
        bytes.erase(at, 1 + dice.Below(16));
        break;
      default:
        bytes.insert(at, bytes.substr(dice.Below(bytes.size()), dice.Below(64)));
        break;
    }
    if (bytes.empty()) bytes = "PK";
  }
  return bytes;
}

void Put(std::string& bytes, std::size_t at, std::uint32_t value, int count) {
  for (int byte = 0; byte < count; ++byte) {
    bytes[at + static_cast<std::size_t>(byte)] = static_cast<char>(value >> (8 * byte) & 0xff);
  }
}

std::uint32_t Get(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (int byte = 3; byte >= 0; --byte) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(byte)]);
  }
  return value;
}

// The archive with its entry `name` under further names for the same bytes.
std::string WithAliases(std::string zip, const std::string& name,
                        const std::vector<std::string>& names) {
  constexpr std::size_t kHeader = 46;
  const std::size_t end = zip.rfind("PK\5\6");
  const std::size_t directory = Get(zip, end + 16);
  const std::size_t at = zip.find(name, directory) - kHeader;
  const std::string row = zip.substr(at, kHeader);
  std::string rows;
  for (const std::string& alias : names) {
    std::string other = row;
    Put(other, 28, static_cast<std::uint32_t>(alias.size()), 2);
    Put(other, 30, 0, 4);  // neither extra fields nor a comment
    rows += other + alias;
  }
  const auto entries = (Get(zip, end + 10) & 0xffff) + static_cast<std::uint32_t>(names.size());
  const auto size = Get(zip, end + 12) + static_cast<std::uint32_t>(rows.size());
  Put(zip, end + 8, entries, 2);
  Put(zip, end + 10, entries, 2);
  Put(zip, end + 12, size, 4);
  return zip.insert(end, rows);
}

// A document whose main part says that it is the archive itself, stored: it contains itself, and
// so on.
std::string Quine() {
  std::string zip = ZipOf(OfficeEntries("word/document.xml", "<document/>"));
  const std::size_t end = zip.rfind("PK\5\6");
  const std::size_t at = zip.find("word/document.xml", Get(zip, end + 16)) - 46;
  Put(zip, at + 10, 0, 2);  // stored
  Put(zip, at + 20, static_cast<std::uint32_t>(zip.size()), 4);
  Put(zip, at + 24, static_cast<std::uint32_t>(zip.size()), 4);
  Put(zip, at + 42, 0, 4);
  return zip;
}

}  // namespace

TEST_CASE("every format reads as long as it is whole") {
  Corpus corpus;
  for (const std::string& file : ValidFiles()) corpus.Add(file);
  for (const auto& read : corpus.Read()) {
    REQUIRE(read);
    CHECK_FALSE(read->text.empty());
  }
}

TEST_CASE("files that break off anywhere cost nothing but themselves") {
  Corpus corpus;
  for (const std::string& file : ValidFiles()) {
    // A process for each PDF: fewer of those.
    const std::size_t step = file.front() == '%' ? file.size() / 10 : 9;
    for (std::size_t length = 0; length < file.size(); length += step) {
      corpus.Add(file.substr(0, length));
    }
  }
  // A PDF that lacks its end alone is repaired, a mail that ends in its header does not say that it
  // had parts, and the last sector of a compound file is mostly free; other files lack their
  // directory and perhaps more.
  std::size_t whole = 0;
  std::size_t in_part = 0;
  for (const auto& one : corpus.Read()) {
    if (one) ++(one->damaged_partly ? in_part : whole);
  }
  CHECK(whole <= 70);
  CHECK(in_part > 100);
}

TEST_CASE("files that were changed at random cost nothing but themselves") {
  Corpus corpus;
  Dice dice(20'260'401);
  const std::vector<std::string> files = ValidFiles();
  for (int round = 0; round < 600; ++round) {
    // The last one is the PDF, which takes a process.
    const std::size_t which = round % 60 == 0 ? files.size() - 1 : dice.Below(files.size() - 1);
    corpus.Add(Mutated(files[which], dice));
  }
  CHECK(corpus.Read().size() == 600);
}

TEST_CASE("bombs go off within their limits") {
  Corpus corpus;
  // 300 MiB of text in 300 KB.
  std::string body;
  const std::string paragraph = Words(std::string(kMiB, 'x'));
  for (int times = 0; times < 40; ++times) body += paragraph;
  const auto cut = corpus.ReadOne(Docx(body));
  REQUIRE(cut);
  CHECK(cut->truncated);
  CHECK(cut->text.size() <= 16 * kMiB);
  // Text that is none, without end: the limit on what is inflated.
  Entries blank = OfficeEntries("word/document.xml", "<document>" + std::string(kMiB, ' '));
  const std::string small = ZipOf(blank);
  CHECK(corpus.ReadOne(small).error() == Unreadable::kDamaged);
  // One string of a workbook in very many cells.
  Entries book =
      OfficeEntries("w.xml", "<workbook xmlns:r='urn:r'><sheet name='a' r:id='1'/></workbook>",
                    Relation("1", "worksheet", "s.xml") + Relation("2", "sharedStrings", "t.xml"));
  std::string cells = "<worksheet><row>";
  for (int cell = 0; cell < 50'000; ++cell) cells += "<c t='s'><v>0</v></c>";
  book["s.xml"] = cells + "</row></worksheet>";
  book["t.xml"] = "<sst><si><t>" + std::string(kMiB, 'y') + "</t></si></sst>";
  const auto strings = corpus.ReadOne(ZipOf(book));
  REQUIRE(strings);
  CHECK(strings->truncated);
}

TEST_CASE("archives of very many entries, in themselves, or of other things are refused") {
  Corpus corpus;
  Entries many = OfficeEntries("word/document.xml", "<document/>");
  for (int entry = 0; entry < 21'000; ++entry) many["e" + std::to_string(entry)] = "";
  CHECK(corpus.ReadOne(ZipOf(many)).error() == Unreadable::kTooComplex);
  std::string nested = ZipOf({{"a", "text"}});
  for (int level = 0; level < 20; ++level) nested = ZipOf({{"nested.docx", nested}});
  CHECK(corpus.ReadOne(nested).error() == Unreadable::kUnsupported);
}

TEST_CASE("entities neither grow nor fetch") {
  Corpus corpus;
  std::string laughs = "<!DOCTYPE document [<!ENTITY a0 'ha'>";
  for (int level = 1; level < 30; ++level) {
    const std::string before = "&a" + std::to_string(level - 1) + ";";
    laughs += "<!ENTITY a" + std::to_string(level) + " '" + before + before + "'>";
  }
  laughs += "]><document><p><t>&a29;</t></p></document>";
  CHECK(corpus.ReadOne(ZipOf(OfficeEntries("d.xml", laughs))).error() == Unreadable::kDamaged);
  const std::string outside =
      "<!DOCTYPE document [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><document><p><t>&x;</t></p>"
      "</document>";
  CHECK(corpus.ReadOne(ZipOf(OfficeEntries("d.xml", outside))).error() == Unreadable::kDamaged);
}

TEST_CASE("documents that are whole and absurd are read in time") {
  Corpus corpus;
  std::string attributes = "<document ";
  for (int number = 0; number < 100'000; ++number) {
    attributes += "a" + std::to_string(number) + "='" + std::to_string(number) + "' ";
  }
  CHECK(corpus.ReadOne(ZipOf(OfficeEntries("d.xml", attributes + "/>"))));
  std::string deep = "<document>";
  for (int level = 0; level < 100'000; ++level) deep += "<p>";
  CHECK(corpus.ReadOne(ZipOf(OfficeEntries("d.xml", deep))).error() == Unreadable::kDamaged);
  CHECK(corpus.ReadOne(ZipOf(OfficeEntries(
      "d.xml", "<document><p><t a='" + std::string(4 * kMiB, 'z') + "'>t</t></p></document>"))));
  // Parts that name each other, and slides that are the presentation.
  Entries circle =
      OfficeEntries("d.xml",
                    "<presentation xmlns:r='urn:r'><sldId id='1' r:id='1'/>"
                    "<sldId id='2' r:id='1'/></presentation>",
                    Relation("1", "slide", "d.xml") + Relation("2", "notesSlide", "d.xml"));
  CHECK(corpus.ReadOne(ZipOf(circle)));
}

TEST_CASE("an archive whose entries share their bytes is bounded by what they inflate to") {
  Corpus corpus;
  std::string slides;
  std::string relations;
  std::vector<std::string> names;
  for (int number = 0; number < 2000; ++number) {
    const std::string id = "r" + std::to_string(number);
    names.push_back("ppt/" + id + ".xml");
    slides += "<p:sldId id='" + std::to_string(256 + number) + "' r:id='" + id + "'/>";
    relations += Relation(id, "slide", id + ".xml");
  }
  Entries entries = OfficeEntries("ppt/p.xml",
                                  "<p:presentation xmlns:p='urn:p' xmlns:r='urn:r'><p:sldIdLst>" +
                                      slides + "</p:sldIdLst></p:presentation>",
                                  relations);
  entries["ppt/s.xml"] = "<p:sld xmlns:p='urn:p'>" + std::string(kMiB, ' ') + "</p:sld>";
  const std::string bomb = WithAliases(ZipOf(entries), "ppt/s.xml", names);
  CHECK(bomb.size() < kMiB);  // of 2 GiB
  CHECK(corpus.ReadOne(bomb).error() == Unreadable::kTooComplex);
  // The same with words in them: as far as the text may go.
  entries["ppt/s.xml"] = "<p:sld xmlns:p='urn:p' xmlns:a='urn:a'><a:p><a:t>" +
                         std::string(kMiB, 'w') + "</a:t></a:p></p:sld>";
  const auto words = corpus.ReadOne(WithAliases(ZipOf(entries), "ppt/s.xml", names));
  REQUIRE(words);
  CHECK(words->truncated);
  CHECK(words->text.size() <= 16 * kMiB);
}

TEST_CASE("an archive that contains itself is read once") {
  Corpus corpus;
  CHECK(corpus.ReadOne(Quine()).error() == Unreadable::kDamaged);
  // And documents in documents, which nobody opens.
  std::string nested = Docx(Words("the innermost"));
  for (int level = 0; level < 10; ++level) {
    Entries entries =
        OfficeEntries("word/document.xml", "<w:document xmlns:w='urn:w'>" +
                                               Words(std::to_string(level)) + "</w:document>");
    entries["word/embeddings/nested.docx"] = nested;
    nested = ZipOf(entries);
  }
  const auto outermost = corpus.ReadOne(nested);
  REQUIRE(outermost);
  CHECK(outermost->text == "9");
}

TEST_CASE("what calls itself something else is read as what it is, or not at all") {
  Corpus corpus;
  const std::string docx = Docx(Words("text"));
  const std::string strange[] = {
      "",
      "PK",
      "PK\3\4",
      std::string("PK\5\6") + std::string(18, '\0'),
      "%PDF-1.7",
      "%PDF-1.7\n" + docx,
      "\xd0\xcf\x11\xe0",
      "\xd0\xcf\x11\xe0" + docx,
      "{\\rtf1\\pict text}",
      "GIF89a" + docx,
      "\x1f\x8b\x08" + docx,
      std::string(kMiB, '\0'),
      ZipOf({{"[Content_Types].xml", "%PDF-1.7"}}),
      ZipOf({{"mimetype", "application/epub+zip"}}),
      ZipOf({{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", docx}}),
      ZipOf(OfficeEntries("word/document.xml", docx)),
  };
  for (const std::string& one : strange) corpus.Add(one);
  for (const auto& read : corpus.Read()) CHECK_FALSE((read && !read->text.empty()));
}

TEST_CASE("PDFs that lead back to themselves come to an end") {
  Corpus corpus;
  const std::string catalog = "<</Type/Catalog/Pages 2 0 R>>";
  // Pages that are their own children, and content that draws itself.
  corpus.Add(PdfOf({catalog, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000>>"}));
  corpus.Add(PdfOf({catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
                    "/Resources<</XObject<</X 5 0 R>>>>>>",
                    "<</Length 5>>stream\n/X Do\nendstream",
                    "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
                    "/Length 11>>stream\n/X Do /X Do\nendstream"}));
  // A length that is its own, a filter that is applied a thousand times.
  std::string filters;
  for (int times = 0; times < 1000; ++times) filters += "/FlateDecode";
  corpus.Add(PdfOf({catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[4 0 R 5 0 R]>>",
                    "<</Length 4 0 R>>stream\nBT ET\nendstream",
                    "<</Length 5/Filter[" + filters + "]>>stream\nBT ET\nendstream"}));
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += "[";
  corpus.Add(PdfOf({catalog, "<</Type/Pages/Kids" + deep + ">>"}));
  for (const auto& read : corpus.Read()) CHECK_FALSE((read && !read->text.empty()));
}

}  // namespace dbxes::parsers
