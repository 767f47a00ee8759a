// SPDX-License-Identifier: Apache-2.0
#include "parsers/ocr_parser.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http/curl_http.h"
#include "parsers/fake_program.h"
#include "parsers/tesseract.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

constexpr char kPdftoppm[] = "/usr/bin/pdftoppm";
constexpr char kTesseract[] = "/usr/bin/tesseract";
constexpr char kPicture[] = "BM and the rest of a picture";

// Prints `words` as the only one of a table, for any picture; and the language eng.
std::string Prints(const std::string& words, const std::string& then = "") {
  return "if [ \"$1\" = --list-langs ]; then echo eng; exit 0; fi\n"
         "printf '5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t95\\t%s\\n' \"" +
         words + "\"\n" + then;
}

// Prints the first line of the picture as its words.
std::string Echoes() {
  return "if [ \"$1\" = --list-langs ]; then echo eng; exit 0; fi\nread -r words\n" +
         Prints("$words");
}

// Reads documents as a test says.
class FakeDocuments final : public DocumentParser {
 public:
  explicit FakeDocuments(const std::function<ParsedDocument()>& document) : document_(document) {}
  Pending<Parsed<ParsedDocument>> Parse(std::string, DocumentForm) override {
    const Pending<Parsed<ParsedDocument>> answer;
    answer.Fulfil(Parsed<ParsedDocument>(document_()));
    return answer;
  }

 private:
  const std::function<ParsedDocument()>& document_;
};

// A PDF with this text and these textless pages; of no pages, it is not known which.
ParsedDocument ScanWith(const std::string& text, std::vector<std::uint32_t> pages) {
  ParsedDocument document;
  document.text = text;
  auto file = MakeMemoryFile("%PDF-1.4");
  REQUIRE(file);
  document.scan = std::make_shared<Scan>(Scan{*std::move(file), std::move(pages)});
  return document;
}

struct OcrWorld {
  Result<Parsed<ParsedDocument>> Read(const std::string& bytes, DocumentForm form) {
    if (!parser) {
      settings.on_note = [this](const std::string& note) { notes.push_back(note); };
      settings.ocr.wanted = true;
      if (settings.ocr.languages.empty()) settings.ocr.languages = "eng";
      parser =
          std::make_unique<OcrParser>(loop, settings, std::make_unique<FakeDocuments>(document));
    }
    return loop.Await(parser->Parse(bytes, form));
  }
  ParsedDocument Document(const std::string& bytes, DocumentForm form = DocumentForm::kPicture) {
    auto read = Read(bytes, form);
    REQUIRE(read);
    REQUIRE(*read);
    return **std::move(read);
  }
  ParsedDocument Pdf(std::function<ParsedDocument()> scan) {
    document = std::move(scan);
    return Document("%PDF-1.4", DocumentForm::kFile);
  }

  CurlHttp http{"test"};
  SystemClock clock;
  EventLoop loop{http, clock};
  ParserSettings settings;
  std::vector<std::string> notes;
  std::function<ParsedDocument()> document;
  std::unique_ptr<OcrParser> parser;
};

// A page of a PDF, drawn as the picture of a scanner (PGM).
std::string Drawn(OcrWorld& world, const std::string& pdf) {
  ConfinedProgram program(world.loop);
  ProgramOrder order{kPdftoppm, {"-gray", "-r", "150", "-"}, {}, Milliseconds(60'000), true};
  order.limits = {std::size_t{1} << 30, 60, std::size_t{16} << 20};
  const auto file = MakeMemoryFile(pdf);
  REQUIRE(file);
  const auto end = world.loop.Await(program.Run(order, *file));
  REQUIRE(end);
  REQUIRE(end->status == 0);
  return *ReadMemoryFile(end->output, order.limits.output_bytes);
}

// The picture as the only thing on the page of a PDF.
std::string ScanOf(const std::string& pgm) {
  int width = 0;
  int height = 0;
  REQUIRE(std::sscanf(pgm.c_str(), "P5 %d %d 255", &width, &height) == 2);
  const std::string dots =
      pgm.substr(pgm.size() - static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  return PdfOf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject"
                "<</I 5 0 R>>>>>>",
                "<</Length 27>>stream\n612 0 0 792 0 0 cm   /I Do \nendstream",
                fmt::format("<</Type/XObject/Subtype/Image/Width {}/Height {}/ColorSpace/DeviceGray"
                            "/BitsPerComponent 8/Length {}>>stream\n{}\nendstream",
                            width, height, dots.size(), dots)});
}

}  // namespace

TEST_CASE("the words on a scanned page are read by the programs of the system, confined") {
  OcrWorld world;
  const std::string scan = ScanOf(Drawn(world, Pdf("Count the whimbrels")));
  ParserSettings settings;
  settings.pdftotext = "/usr/bin/pdftotext";
  settings.processes = 1;
  settings.ocr = {true, kTesseract, kPdftoppm, "eng", Milliseconds(60'000), Milliseconds(60'000)};
  settings.on_note = [](const std::string& note) { FAIL(note); };
  OcrParser parser(world.loop, settings, std::make_unique<ParserPool>(world.loop, settings));
  const auto read = world.loop.Await(parser.Parse(scan, DocumentForm::kFile));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "Count the whimbrels");
  CHECK((*read)->ocr_time > Milliseconds(0));
  CHECK((*read)->scan == nullptr);
  CHECK_FALSE((*read)->damaged_partly);
  // A page with text is not read again.
  const auto text = world.loop.Await(parser.Parse(Pdf("Count the herons"), DocumentForm::kFile));
  REQUIRE(text);
  REQUIRE(*text);
  CHECK((*text)->text == "Count the herons");
  CHECK((*text)->ocr_time == Milliseconds(0));
}

TEST_CASE("a picture becomes its words; what is no picture never reaches tesseract") {
  const FakeProgram tesseract(Prints("$*"));
  OcrWorld world;
  world.settings.ocr.tesseract = tesseract.path();
  const ParsedDocument document = world.Document(kPicture);
  CHECK(document.text == "stdin stdout -l eng --psm 1 -c tessedit_create_tsv=1");
  CHECK_FALSE(document.ocr_postponed);
  const auto read = world.Read("/etc/passwd\n", DocumentForm::kPicture);
  REQUIRE(read);
  REQUIRE_FALSE(*read);
  CHECK(read->error() == Unreadable::kDamaged);
  CHECK(world.notes.empty());
}

TEST_CASE("of a PDF, the pages without text are drawn and read, in their order") {
  const FakeProgram draw("printf \"page $5\"");
  const FakeProgram echo(Echoes());
  OcrWorld world;
  world.settings.ocr.tesseract = echo.path();
  world.settings.ocr.pdftoppm = draw.path();
  const ParsedDocument document = world.Pdf([] { return ScanWith("typed", {2, 5}); });
  CHECK(document.text == "typed\npage 2\npage 5");
  CHECK_FALSE(document.damaged_partly);
}

TEST_CASE("where the pages are not listed, they are drawn until there are no more") {
  const FakeProgram draw("[ $5 -le 3 ] || exit 99\nprintf \"page $5\"");
  const FakeProgram echo(Echoes());
  OcrWorld world;
  world.settings.ocr.tesseract = echo.path();
  world.settings.ocr.pdftoppm = draw.path();
  const ParsedDocument document = world.Pdf([] { return ScanWith("", {}); });
  CHECK(document.text == "page 1\npage 2\npage 3");
  CHECK_FALSE(document.damaged_partly);
}

TEST_CASE("a page that cannot be drawn is left out, and the document says so") {
  const FakeProgram draw("[ $5 = 2 ] && exit 1\nprintf x");
  const FakeProgram tesseract(Prints("word"));
  OcrWorld world;
  world.settings.ocr.tesseract = tesseract.path();
  world.settings.ocr.pdftoppm = draw.path();
  const ParsedDocument document = world.Pdf([] { return ScanWith("", {1, 2, 3}); });
  CHECK(document.text == "word\nword");
  CHECK(document.damaged_partly);
  const FakeProgram none("exit 1");
  OcrWorld other;
  other.settings.ocr.tesseract = tesseract.path();
  other.settings.ocr.pdftoppm = none.path();
  CHECK(other.Pdf([] { return ScanWith("", {}); }).damaged_partly);
}

TEST_CASE("a program that fails, crashes or takes too long costs its picture only") {
  const FakeProgram fails(Prints("", "exit 1"));
  OcrWorld world;
  world.settings.ocr.tesseract = fails.path();
  auto read = world.Read(kPicture, DocumentForm::kPicture);
  REQUIRE(read);
  REQUIRE_FALSE(*read);
  CHECK(read->error() == Unreadable::kDamaged);

  const FakeProgram crashes(Prints("half", "kill -SEGV $$"));
  OcrWorld crash;
  crash.settings.ocr.tesseract = crashes.path();
  const ParsedDocument half = crash.Document(kPicture);
  CHECK(half.text == "half");
  CHECK(half.damaged_partly);

  const FakeProgram spins(Prints("begun", "while :; do :; done"));
  OcrWorld slow;
  slow.settings.ocr.tesseract = spins.path();
  slow.settings.ocr.timeout = Milliseconds(1000);
  const ParsedDocument cut = slow.Document(kPicture);
  CHECK(cut.text == "begun");
  CHECK(cut.truncated);
  CHECK(cut.ocr_time >= Milliseconds(500));
}

TEST_CASE("the time of a file ends its pages, and that of a run its files") {
  const FakeProgram draw("printf x");
  const FakeProgram slow(Prints("word", "[ \"$1\" = --list-langs ] || while :; do :; done"));
  OcrWorld world;
  world.settings.ocr.tesseract = slow.path();
  world.settings.ocr.pdftoppm = draw.path();
  world.settings.ocr.timeout = Milliseconds(1000);
  world.settings.ocr.budget = Milliseconds(1000);
  const ParsedDocument first = world.Pdf([] { return ScanWith("typed", {1, 2, 3, 4}); });
  CHECK(first.text == "typed\nword");
  CHECK(first.truncated);
  CHECK_FALSE(world.parser->Takes(DocumentForm::kPicture));
  CHECK(world.parser->Takes(DocumentForm::kFile));
  const ParsedDocument second = world.Pdf([] { return ScanWith("typed", {1}); });
  CHECK(second.text == "typed");
  CHECK(second.ocr_postponed);
  CHECK(second.ocr_time == Milliseconds(0));
  world.Document(kPicture);
  REQUIRE(world.notes.size() == 1);
  CHECK(world.notes[0] ==
        "reading pictures has used up its time in one run (1 s, extraction.ocr_budget): the others "
        "wait for later full syncs");
}

TEST_CASE("what is missing is named once, and the pictures wait") {
  OcrWorld without;
  CHECK(without.Document(kPicture).ocr_postponed);
  CHECK(without.Document(kPicture).ocr_postponed);
  REQUIRE(without.notes.size() == 1);
  CHECK(without.notes[0].find("tesseract (tesseract-ocr) is not installed") == 0);

  const FakeProgram tesseract(Prints("word"));
  OcrWorld language;
  language.settings.ocr.tesseract = tesseract.path();
  language.settings.ocr.languages = "eng+xyz";
  CHECK(language.parser == nullptr);
  CHECK(language.Document(kPicture).ocr_postponed);
  CHECK_FALSE(language.parser->Takes(DocumentForm::kPicture));
  REQUIRE(language.notes.size() == 2);
  CHECK(language.notes[0] ==
        "tesseract cannot read xyz (extraction.ocr_languages): install tesseract-ocr-xyz");

  const FakeProgram broken("exit 1");
  OcrWorld silent;
  silent.settings.ocr.tesseract = broken.path();
  CHECK(silent.Document(kPicture).ocr_postponed);
  REQUIRE_FALSE(silent.notes.empty());
  CHECK(silent.notes[0] == "tesseract failed to list its languages");

  OcrWorld pages;
  pages.settings.ocr.tesseract = tesseract.path();
  CHECK(pages.Document(kPicture).text == "word");
  const ParsedDocument scan = pages.Pdf([] { return ScanWith("typed", {1}); });
  CHECK(scan.text == "typed");
  CHECK(scan.ocr_postponed);
  REQUIRE(pages.notes.size() == 1);
  CHECK(pages.notes[0].find("pdftoppm (poppler-utils) is not installed") == 0);
}

TEST_CASE("many files are read by few processes, each with its own words") {
  const FakeProgram echo(Echoes());
  OcrWorld world;
  world.settings.ocr.tesseract = echo.path();
  world.settings.processes = 2;
  CHECK(world.Document("BM first\n").text == "BM first");
  std::vector<Pending<Parsed<ParsedDocument>>> answers;
  for (int number = 0; number < 10; ++number) {
    answers.push_back(world.parser->Parse(fmt::format("BM {}\n", number), DocumentForm::kPicture));
  }
  for (int number = 0; number < 10; ++number) {
    const auto read = world.loop.Await(answers[static_cast<std::size_t>(number)]);
    REQUIRE(read);
    REQUIRE(*read);
    CHECK((*read)->text == fmt::format("BM {}", number));
  }
}

TEST_CASE("a text that a drawn page would exceed is cut at its limit") {
  const FakeProgram tesseract(Prints("whimbrels"));
  OcrWorld world;
  world.settings.ocr.tesseract = tesseract.path();
  world.settings.max_text_bytes = 1000;
  const FakeProgram draw("printf x");
  world.settings.ocr.pdftoppm = draw.path();
  const ParsedDocument document = world.Pdf([] { return ScanWith(std::string(995, 'a'), {1, 2}); });
  CHECK(document.text.size() == 1000);
  CHECK(document.text.ends_with("a\nwhim"));
  CHECK(document.truncated);
}

}  // namespace dbxes::parsers
