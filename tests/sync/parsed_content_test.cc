// SPDX-License-Identifier: Apache-2.0
// Files that take a parser, through whole syncs.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

struct ParsedWorld : SyncWorld {
  ParsedWorld() { config.extraction.mode = config::ExtractionMode::kLocal; }

  std::uint64_t Downloads() { return dropbox().Count("files/download"); }
  std::string Field(const std::string& id, std::string_view name) const {
    const auto source = elastic.Source("docs", id);
    REQUIRE(source);
    const auto document = ParseJson(*source, "a document");
    REQUIRE(document);
    return std::string(StringMember(*document, name));
  }
  void AnswerWith(parsers::Unreadable reason) {
    parser.answer = [reason](const std::string&) {
      return parsers::Parsed<parsers::ParsedDocument>(tl::unexpected(reason));
    };
  }
};

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message);
}

}  // namespace

TEST_CASE("what a parser finds becomes fields, and is asked for once") {
  ParsedWorld world;
  world.config.extraction.max_body_chars = 6;
  world.parser.answer = [](const std::string& bytes) {
    return parsers::Parsed<parsers::ParsedDocument>(
        parsers::ParsedDocument{"text\r\nof " + bytes, {"The title", "Ann", "de"}, false});
  };
  const std::string id = world.tree().AddFile("/a.docx", "bytes");
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Field(id, "body") == "text\no");
  CHECK(world.Field(id, "title") == "The title");
  CHECK(world.Field(id, "author") == "Ann");
  CHECK(world.Field(id, "language") == "de");
  CHECK(summary.counters.content_fetched == 1);
  CHECK(summary.counters.content_truncated == 1);
  CHECK(world.parser.asked == 1);

  RequireOk(world.Full());
  CHECK(world.Downloads() == 1);
  world.parser.answer = [](const std::string& bytes) {
    return parsers::Parsed<parsers::ParsedDocument>(parsers::ParsedDocument{bytes, {}, {}});
  };
  world.tree().Overwrite("/a.docx", "new");
  RequireOk(world.Incremental());
  CHECK(world.Field(id, "body") == "new");
  CHECK(world.Field(id, "title").empty());
  CHECK(world.Field(id, "author").empty());
}

TEST_CASE("a full sync fetches the files whose format became readable") {
  ParsedWorld world;
  const std::string id = world.tree().AddFile("/a.rtf", "letter");
  const std::string other = world.tree().AddFile("/b.docx", "report");
  // As an older program, which did not read the format.
  world.config.extraction.extensions = "-rtf";
  const report::RunSummary before = world.Full();
  RequireOk(before);
  CHECK(world.Field(id, "body").empty());
  CHECK(before.counters.content_no_type == 1);
  CHECK(world.Downloads() == 1);

  world.config.extraction.extensions = "";
  RequireOk(world.Full());
  CHECK(world.Field(id, "body") == "letter");
  CHECK(world.Field(other, "body") == "report");
  CHECK(world.Downloads() == 2);  // the other one is not fetched again
}

TEST_CASE("a file that cannot be read is counted by its reason, and not fetched again") {
  const auto count = [](parsers::Unreadable reason, std::uint64_t report::Counters::*counter) {
    ParsedWorld world;
    world.AnswerWith(reason);
    const std::string id = world.tree().AddFile("/a.xlsx", "bytes");
    const report::RunSummary summary = world.Full();
    RequireOk(summary);
    CHECK(summary.counters.content_fetched == 0);
    CHECK(summary.counters.*counter == 1);
    CHECK(world.Field(id, "body").empty());
    RequireOk(world.Full());
    CHECK(world.Downloads() == 1);
  };
  count(parsers::Unreadable::kDamaged, &report::Counters::content_unreadable);
  count(parsers::Unreadable::kUnsupported, &report::Counters::content_unreadable);
  count(parsers::Unreadable::kEncrypted, &report::Counters::content_encrypted);
  count(parsers::Unreadable::kTooComplex, &report::Counters::content_parser_failed);
  count(parsers::Unreadable::kCrashed, &report::Counters::content_parser_failed);
}

TEST_CASE(
    "a file that is damaged in part is indexed with the rest, and says so until it is whole") {
  ParsedWorld world;
  world.parser.answer = [](const std::string& bytes) {
    parsers::ParsedDocument document{bytes, {}, {}};
    document.damaged_partly = bytes == "half";
    return parsers::Parsed<parsers::ParsedDocument>(std::move(document));
  };
  const std::string id = world.tree().AddFile("/a.epub", "half");
  const report::RunSummary damaged = world.Full();
  RequireOk(damaged);
  CHECK(damaged.counters.content_fetched == 1);
  CHECK(damaged.counters.content_damaged_partly == 1);
  CHECK(damaged.counters.content_unreadable == 0);
  CHECK(world.Field(id, "body") == "half");
  CHECK(world.elastic.Source("docs", id)->find(R"("damaged_partly":true)") != std::string::npos);
  RequireOk(world.Full());
  CHECK(world.Downloads() == 1);
  world.tree().Overwrite("/a.epub", "whole");
  const report::RunSummary whole = world.Incremental();
  RequireOk(whole);
  CHECK(whole.counters.content_damaged_partly == 0);
  CHECK(world.Field(id, "body") == "whole");
  CHECK(world.elastic.Source("docs", id)->find(R"("damaged_partly":true)") == std::string::npos);
}

TEST_CASE("a file without a word is counted apart, named, and fetched once") {
  ParsedWorld world;
  world.parser.answer = [](const std::string&) {
    return parsers::Parsed<parsers::ParsedDocument>(
        parsers::ParsedDocument{"", {"Scan 7", "", ""}, {}});
  };
  const std::string id = world.tree().AddFile("/scan.docx", "bytes");
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(summary.counters.content_no_text == 1);
  CHECK(summary.counters.content_fetched == 0);
  CHECK(world.Field(id, "title") == "Scan 7");
  const auto named = [&] {
    return std::any_of(world.reporter.details.begin(), world.reporter.details.end(),
                       [](const std::string& line) {
                         return line.find(
                                    "/scan.docx is indexed without content: no text was "
                                    "found in it") != std::string::npos;
                       });
  };
  CHECK(named());
  const report::RunSummary second = world.Full();
  CHECK(second.counters.content_unchanged == 1);
  CHECK(second.counters.content_no_text == 0);
  CHECK(world.Downloads() == 1);
}

TEST_CASE("a file without an extension is read as its bytes show, and a binary one is left") {
  ParsedWorld world;
  const std::string readme = world.tree().AddFile("/README", "<b> is a tag");
  const std::string letter = world.tree().AddFile("/letter", "{\\rtf1 hello}");
  const std::string page = world.tree().AddFile("/page", "<html><title>T</title><p>x &lt; y");
  const std::string latin = world.tree().AddFile("/notes", "un caf\xe9 et un th\xe9");
  const std::string tool = world.tree().AddFile("/tool", std::string("\x7f"
                                                                     "ELF\0\1",
                                                                     6));
  std::string large(100'000, 'x');
  large[10] = '\0';
  const std::string data = world.tree().AddFile("/data", large);
  const std::string later = world.tree().AddFile("/later", std::string(5000, 'x') + large);
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(world.Field(readme, "body") == "<b> is a tag");
  CHECK(world.Field(letter, "body") == "{\\rtf1 hello}");  // by the parser of this test
  CHECK(world.parser.asked == 1);
  CHECK(world.Field(page, "body") == "x < y");
  CHECK(world.Field(page, "title") == "T");
  CHECK(world.Field(latin, "body") == "un caf\u00e9 et un th\u00e9");
  for (const std::string& id : {tool, data}) CHECK(world.Field(id, "body").empty());
  CHECK(world.Field(later, "body").size() > 100'000);
  CHECK(summary.counters.content_fetched == 5);
  CHECK(summary.counters.content_no_type == 2);
  CHECK(summary.counters.content_not_text == 0);
  const std::uint64_t downloads = world.Downloads();
  CHECK(downloads == 7);
  const report::RunSummary second = world.Full();
  RequireOk(second);
  CHECK(world.Downloads() == downloads);
  CHECK(second.counters.content_unchanged == 7);
  // The binary file becomes text.
  world.tree().Overwrite("/tool", "#!/bin/sh\necho hello");
  RequireOk(world.Incremental());
  CHECK(world.Field(tool, "body") == "#!/bin/sh\necho hello");
  world.tree().Overwrite("/README", std::string("\0\1\2", 3));
  RequireOk(world.Incremental());
  CHECK(world.Field(readme, "body").empty());
}

TEST_CASE("unchanged files are fetched again at the pace that is set, and changed ones at once") {
  ParsedWorld world;
  std::vector<std::string> ids;
  for (const char* path : {"/a.txt", "/b.txt", "/c.docx"}) {
    ids.push_back(world.tree().AddFile(path, std::string("long text of ") + path));
  }
  RequireOk(world.Full());
  CHECK(world.Downloads() == 3);
  // As a reader that has changed: each file gets another text.
  world.config.extraction.max_body_chars = 4;
  world.config.extraction.max_reread_files = 2;
  world.tree().AddFile("/new.txt", "a new file");
  const report::RunSummary first = world.Full();
  RequireOk(first);
  CHECK(world.Downloads() == 6);
  CHECK(first.counters.content_postponed == 1);
  CHECK(first.counters.content_fetched == 3);
  CHECK(first.counters.content_unchanged == 0);
  const auto shortened = [&] {
    return std::ranges::count_if(
        ids, [&](const std::string& id) { return world.Field(id, "body") == "long"; });
  };
  CHECK(shortened() == 2);
  for (const std::string& id : ids) CHECK_FALSE(world.Field(id, "body").empty());
  const report::RunSummary second = world.Full();
  RequireOk(second);
  CHECK(second.counters.content_postponed == 0);
  CHECK(second.counters.content_fetched == 1);
  CHECK(shortened() == 3);
  CHECK(world.Downloads() == 7);
}

TEST_CASE("with guess_language, every text that names none has the language that it is in") {
  const std::string french = "Le contrat a \u00e9t\u00e9 sign\u00e9 hier par les deux parties.";
  ParsedWorld world;
  world.parser.answer = [](const std::string& bytes) {
    return parsers::Parsed<parsers::ParsedDocument>(
        parsers::ParsedDocument{bytes, {"", "", bytes.starts_with("Le") ? "" : "en-GB"}, {}});
  };
  const std::string office = world.tree().AddFile("/a.docx", french);
  const std::string named = world.tree().AddFile("/b.docx", "Our contract was signed yesterday.");
  const std::string text = world.tree().AddFile("/c.txt", french);
  const std::string latin = world.tree().AddFile("/d.txt",
                                                 "Le contrat a \xe9t\xe9 sign\xe9 hier.  "
                                                 "Il engage les deux parties.");
  const std::string code = world.tree().AddFile("/e.csv", "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16");
  const std::string binary = world.tree().AddFile("/f.txt", std::string("\0\1\2\3\4\5", 6));
  RequireOk(world.Full());
  for (const std::string& id : {office, text, latin}) CHECK(world.Field(id, "language").empty());

  world.config.extraction.guess_language = true;
  const report::RunSummary guessed = world.Full();
  RequireOk(guessed);
  CHECK(guessed.counters.content_fetched == 5);
  CHECK(guessed.counters.content_not_text == 1);
  for (const std::string& id : {office, text, latin}) {
    CAPTURE(id);
    CHECK(world.Field(id, "language") == "fr");
    CHECK(world.Field(id, "body").starts_with("Le contrat a \u00e9t\u00e9"));
  }
  CHECK(world.Field(named, "language") == "en-GB");
  CHECK(world.Field(code, "language").empty());
  CHECK_FALSE(world.Field(code, "body").empty());
  CHECK(world.Field(binary, "body").empty());
  const std::uint64_t downloads = world.Downloads();
  RequireOk(world.Full());
  CHECK(world.Downloads() == downloads);
}

TEST_CASE("if no parser can be started, the file is a failed document and is tried again") {
  ParsedWorld world;
  world.parser.answer = [](const std::string&) -> Result<parsers::Parsed<parsers::ParsedDocument>> {
    return Fail(ErrorKind::kInternal, "no process");
  };
  const std::string id = world.tree().AddFile("/a.odt", "bytes");
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kDocumentsFailed);
  CHECK(summary.counters.content_failed == 1);
  world.parser = {};
  RequireOk(world.Incremental());
  CHECK(world.Field(id, "body") == "bytes");
}

TEST_CASE("without pdftotext PDFs are not fetched, and with it they are, once") {
  ParsedWorld world;
  world.pdftotext.clear();
  const std::string id = world.tree().AddFile("/a.PDF", "bytes");
  const report::RunSummary without = world.Full();
  RequireOk(without);
  CHECK(without.counters.content_no_pdftotext == 1);
  CHECK(world.Downloads() == 0);
  world.pdftotext = "/usr/bin/pdftotext";
  const report::RunSummary with = world.Full();
  RequireOk(with);
  CHECK(with.counters.content_no_pdftotext == 0);
  CHECK(with.counters.content_fetched == 1);
  CHECK(world.Field(id, "body") == "bytes");
}

TEST_CASE("the first full sync with dbx-es-pdf reads again what pdftotext has read") {
  ParsedWorld world;
  const std::string id = world.tree().AddFile("/a.pdf", "bytes");
  RequireOk(world.Full());
  world.pdf_reader = "/usr/libexec/dbx-es/dbx-es-pdf";
  world.parser.answer = [](const std::string& bytes) {
    return parsers::Parsed<parsers::ParsedDocument>(
        parsers::ParsedDocument{bytes + " and a comment", {}, {}});
  };
  RequireOk(world.Full());
  CHECK(world.Field(id, "body") == "bytes and a comment");
  CHECK(world.Downloads() == 2);
  // Where it is missing for a while, its texts stay.
  world.pdf_reader.clear();
  RequireOk(world.Full());
  world.pdftotext.clear();
  RequireOk(world.Full());
  CHECK(world.Field(id, "body") == "bytes and a comment");
  CHECK(world.Downloads() == 2);
}

TEST_CASE("what was read in part stays while its reader is missing") {
  ParsedWorld world;
  world.config.extraction.ocr.on = true;
  const std::string scan = world.tree().AddFile("/a.pdf", "typed");
  world.parser.answer = [](const std::string& bytes) {
    parsers::ParsedDocument document{bytes, {}, {}};
    document.ocr_postponed = true;
    return parsers::Parsed<parsers::ParsedDocument>(std::move(document));
  };
  RequireOk(world.Full());
  CHECK(world.Field(scan, "body") == "typed");
  world.pdftotext.clear();
  world.pdf_reader.clear();
  const report::RunSummary without = world.Full();
  RequireOk(without);
  CHECK(without.counters.content_no_pdftotext == 1);
  CHECK(world.Field(scan, "body") == "typed");
  // The text of another content does not stay.
  world.tree().Overwrite("/a.pdf", "new");
  RequireOk(world.Full());
  CHECK(world.Field(scan, "body").empty());
}

TEST_CASE("words in pictures are read by choice, and a setting that changes fetches them again") {
  ParsedWorld world;
  const std::string picture = world.tree().AddFile("/a.PNG", "heron");
  const std::string scan = world.tree().AddFile("/b.pdf", "typed");
  world.parser.answer = [&world](const std::string& bytes) {
    parsers::ParsedDocument document{bytes, {}, {}};
    if (world.config.extraction.ocr.on) document.ocr_time = Milliseconds(700);
    return parsers::Parsed<parsers::ParsedDocument>(std::move(document));
  };
  const report::RunSummary never = world.Full();
  RequireOk(never);
  CHECK(never.counters.content_no_type == 1);
  CHECK(never.counters.content_ocr_files == 0);
  CHECK(world.Field(picture, "body").empty());
  world.config.extraction.ocr.on = true;
  const report::RunSummary read = world.Full();
  RequireOk(read);
  CHECK(world.Field(picture, "body") == "heron");
  CHECK(read.counters.content_fetched == 2);
  CHECK(read.counters.content_ocr_files == 2);
  CHECK(read.counters.content_ocr_milliseconds == 1400);
  RequireOk(world.Full());
  CHECK(world.Downloads() == 3);
  world.config.extraction.ocr.languages = "deu";
  RequireOk(world.Full());
  CHECK(world.Downloads() == 5);
  world.config.extraction.ocr.on = false;
  RequireOk(world.Full());
  CHECK(world.Field(picture, "body").empty());
  CHECK(world.Field(scan, "body") == "typed");
}

TEST_CASE("a photograph without words is no file whose text is missing") {
  ParsedWorld world;
  world.config.extraction.ocr.on = true;
  world.parser.answer = [](const std::string&) {
    return parsers::Parsed<parsers::ParsedDocument>(parsers::ParsedDocument{});
  };
  world.tree().AddFile("/a.jpg", "a heron");
  world.tree().AddFile("/b.pdf", "a blank page");
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(summary.counters.content_empty == 1);
  CHECK(summary.counters.content_no_text == 1);
  RequireOk(world.Full());
  CHECK(world.Downloads() == 2);
}

TEST_CASE("pictures for which a run has no time are read by later full syncs") {
  ParsedWorld world;
  world.config.extraction.ocr.on = true;
  const std::string picture = world.tree().AddFile("/a.png", "heron");
  const std::string scan = world.tree().AddFile("/b.pdf", "typed");
  bool has_time = true;
  world.parser.answer = [&has_time](const std::string& bytes) {
    parsers::ParsedDocument document{has_time ? bytes + " drawn" : bytes, {}, {}};
    document.ocr_postponed = !has_time;
    return parsers::Parsed<parsers::ParsedDocument>(std::move(document));
  };
  has_time = false;
  world.parser.takes_pictures = false;
  const report::RunSummary first = world.Full();
  RequireOk(first);
  CHECK(first.counters.content_postponed == 2);
  CHECK(first.counters.content_no_text == 0);
  CHECK(world.Downloads() == 1);  // nobody would look at the picture
  CHECK(world.Field(picture, "body").empty());
  CHECK(world.Field(scan, "body") == "typed");
  has_time = true;
  world.parser.takes_pictures = true;
  const report::RunSummary second = world.Full();
  RequireOk(second);
  CHECK(second.counters.content_postponed == 0);
  CHECK(world.Field(picture, "body") == "heron drawn");
  CHECK(world.Field(scan, "body") == "typed drawn");
  CHECK(world.Downloads() == 3);
  // What was read of this content stays until there is something better; that of another does not.
  has_time = false;
  world.parser.takes_pictures = false;
  world.config.extraction.ocr.languages = "deu";
  world.tree().Overwrite("/b.pdf", "new");
  const report::RunSummary third = world.Full();
  RequireOk(third);
  CHECK(third.counters.content_postponed == 2);
  CHECK(world.Field(picture, "body") == "heron drawn");
  CHECK(world.Field(scan, "body") == "new");
  has_time = true;
  world.parser.takes_pictures = true;
  RequireOk(world.Full());
  CHECK(world.Field(scan, "body") == "new drawn");
}

TEST_CASE("without tesseract, pictures are not fetched, and keep what was read of them") {
  ParsedWorld world;
  world.config.extraction.ocr.on = true;
  const std::string old = world.tree().AddFile("/a.png", "heron");
  RequireOk(world.Full());
  CHECK(world.Field(old, "body") == "heron");
  world.tesseract.clear();
  const std::string added = world.tree().AddFile("/b.png", "dunlin");
  const report::RunSummary without = world.Full();
  RequireOk(without);
  CHECK(without.counters.content_no_ocr == 2);
  CHECK(world.Field(old, "body") == "heron");
  CHECK(world.Field(added, "body").empty());
  CHECK(world.Downloads() == 1);
  CHECK(std::any_of(world.reporter.lines.begin(), world.reporter.lines.end(),
                    [](const std::string& line) {
                      return line.find(
                                 "2 pictures were not read, because tesseract is not "
                                 "installed") != std::string::npos;
                    }));
  world.tesseract = "/usr/bin/tesseract";
  RequireOk(world.Full());
  CHECK(world.Field(added, "body") == "dunlin");
  CHECK(world.Downloads() == 2);
}

TEST_CASE("where processes cannot be confined, a run warns and reads no PDF") {
  ParsedWorld world;
  world.missing_confinement = "Landlock";
  const std::string pdf = world.tree().AddFile("/a.pdf", "bytes");
  const std::string docx = world.tree().AddFile("/a.docx", "words");
  const auto warned = [&world](const std::string& text) {
    return std::any_of(world.reporter.lines.begin(), world.reporter.lines.end(),
                       [&](const std::string& line) { return line.find(text) == 0; });
  };
  const std::string lacks = "warning: this system lacks Landlock, which confines the processes";
  RequireOk(world.Full());
  CHECK(warned(lacks + " that read files: PDFs are indexed without their text"));
  CHECK(world.Field(pdf, "body").empty());
  CHECK(world.Field(docx, "body") == "words");
  // In every run, although nothing is to be read.
  RequireOk(world.Incremental());
  CHECK(warned(lacks));
  world.config.extraction.unconfined_pdf = true;
  RequireOk(world.Full());
  CHECK(warned(lacks + " that read files: a hostile PDF can read secrets"));
  CHECK(world.Field(pdf, "body") == "bytes");
  world.missing_confinement.clear();
  RequireOk(world.Full());
  CHECK_FALSE(warned("warning: this system lacks"));
}

TEST_CASE("where tesseract cannot be confined, pictures wait, and a run says so") {
  ParsedWorld world;
  world.missing_confinement = "Landlock";
  world.config.extraction.ocr.on = true;
  const std::string picture = world.tree().AddFile("/a.png", "heron");
  const report::RunSummary unconfined = world.Full();
  RequireOk(unconfined);
  CHECK(unconfined.counters.content_no_ocr == 1);
  CHECK(world.Downloads() == 0);
  const std::string warning =
      "warning: this system lacks Landlock, which confines the processes that read files: PDFs and "
      "pictures are indexed without their text";
  const auto& lines = world.reporter.lines;
  CHECK(std::find(lines.begin(), lines.end(), warning) != lines.end());
  world.missing_confinement.clear();
  RequireOk(world.Full());
  CHECK(world.Field(picture, "body") == "heron");
}

TEST_CASE("no more is parsed at a time than the texts have room for") {
  ParsedWorld world;
  world.config.extraction.max_memory = std::size_t{4} << 20;
  world.config.extraction.max_file_download_size = std::size_t{1} << 20;
  for (int number = 0; number < 200; ++number) {
    world.tree().AddFile("/" + std::to_string(number) + ".docx", "text");
  }
  const report::RunSummary summary = world.Full();
  RequireOk(summary);
  CHECK(summary.counters.content_fetched == 200);
  CHECK(world.parser.most_under_way > 1);
  CHECK(world.parser.most_under_way <= 16);
}

}  // namespace dbxes::sync
