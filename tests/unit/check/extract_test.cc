// SPDX-License-Identifier: Apache-2.0
#include "check/extract.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/os/file_probe.h"
#include "parsers/parser_pool.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"
#include "support/fake_parser.h"
#include "support/memory_file_system.h"
#include "support/sync_world.h"

namespace dbxes::check {
namespace {

constexpr char kService[] = "https://service.test";

struct ExtractWorld {
  ExtractWorld() {
    config.extraction.service.host = kService;
    config.extraction.service.protocol = config::ServiceProtocol::kTika;
  }

  // `shown`: gets the files even of a failure.
  Result<std::vector<FileText>> Extract(const std::vector<std::string>& names,
                                        std::vector<FileText>* shown = nullptr) {
    Environment here{.files = files,
                     .scratch = files,
                     .probe = probe,
                     .clock = clock,
                     .http = network,
                     .stop_signal = [this] { return signal; },
                     .pdftotext = pdftotext,
                     .tesseract = tesseract,
                     .missing_confinement = missing_confinement};
    std::vector<FileText> found;
    const sync::ParserFactory make_parser = [this](EventLoop& loop, parsers::ParserSettings) {
      return std::make_unique<FakeParser>(loop, parser);
    };
    const auto done = ExtractFiles(
        here, config, names, reporter,
        [&found](FileText file) { found.push_back(std::move(file)); }, make_parser);
    if (shown != nullptr) *shown = found;
    TRY(done);
    return found;
  }
  FileText One(const std::string& name) {
    const auto found = Extract({name});
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    return found->front();
  }

  config::Config config;
  FakeClock clock;
  FakeNetwork network{clock};
  MemoryFileSystem files;
  FileProbe probe = SystemFileProbe();
  RecordingReporter reporter;
  ParserScript parser;
  std::string pdftotext = "/usr/bin/pdftotext";
  std::string tesseract;
  std::string missing_confinement;
  int signal = 0;
};

}  // namespace

TEST_CASE("files are read as a sync reads them, in the order given") {
  ExtractWorld world;
  world.files.files() = {{"/t/a.html", "<title>T</title><p>caf&eacute;</p>"},
                         {"/t/b.docx", "zip"},
                         {"/t/C.TXT", "caf\xe9"}};
  world.parser.answer = [](const std::string& bytes) {
    parsers::ParsedDocument document{"text of " + bytes, {"Title", "Ann", "en"}, false};
    document.damaged_partly = true;
    return parsers::Parsed<parsers::ParsedDocument>(document);
  };
  const auto found = world.Extract({"/t/b.docx", "/t/a.html", "/t/C.TXT"});
  REQUIRE(found);
  REQUIRE(found->size() == 3);
  const FileText& office = found->at(0);
  CHECK(office.file == "/t/b.docx");
  CHECK(office.cause == "");
  CHECK(office.extracted.text == "text of zip");
  CHECK(office.extracted.title == "Title");
  CHECK(office.extracted.author == "Ann");
  CHECK(office.extracted.language == "en");
  CHECK(office.extracted.damaged_partly);
  CHECK(found->at(1).extracted.text == "caf\u00e9");
  CHECK(found->at(1).extracted.title == "T");
  CHECK(found->at(2).extracted.text == "caf\u00e9");
}

TEST_CASE("several files are read at the same time, and shown in the order given") {
  ExtractWorld world;
  std::vector<std::string> names;
  for (int at = 0; at < 50; ++at) {
    names.push_back("/" + std::to_string(at) + (at % 4 == 3 ? ".txt" : ".docx"));
    world.files.files()[names.back()] = "text " + std::to_string(at);
  }
  const auto found = world.Extract(names);
  REQUIRE(found);
  REQUIRE(found->size() == names.size());
  for (std::size_t at = 0; at < names.size(); ++at) {
    CHECK(found->at(at).file == names[at]);
    CHECK(found->at(at).extracted.text == "text " + std::to_string(at));
  }
  CHECK(world.parser.most_under_way >= 10);
  // Not all that there are: their texts are held until those before them are shown.
  CHECK(world.parser.most_under_way <= 16);
}

TEST_CASE("the settings of extraction apply") {
  ExtractWorld world;
  world.files.files() = {{"/a.txt", "one  two"}, {"/b.notes", "three"}};
  world.config.extraction.max_body_chars = 5;
  world.config.extraction.reduce_whitespace = true;
  CHECK(world.One("/a.txt").extracted.text == "one t");
  CHECK(world.One("/a.txt").extracted.truncated);
  CHECK(world.One("/b.notes").cause != "");
  world.config.extraction.extensions = "+notes";
  CHECK(world.One("/b.notes").extracted.text == "three");
}

TEST_CASE("a file without an extension is what its bytes show") {
  ExtractWorld world;
  world.files.files() = {{"/letter", "{\\rtf1 x"},
                         {"/page", "<html><p>a&amp;b"},
                         {"/NOTES", "<b>plain</b>"},
                         {"/program", std::string("\x7f"
                                                  "ELF\0\1",
                                                  6)}};
  CHECK(world.One("/letter").extracted.text == "{\\rtf1 x");  // as the parser of this test reads it
  CHECK(world.parser.asked == 1);
  CHECK(world.One("/page").extracted.text == "a&b");
  CHECK(world.One("/NOTES").extracted.text == "<b>plain</b>");
  CHECK(world.One("/program").cause ==
        "it cannot be read: its bytes are neither text nor of a known format");
  CHECK(world.parser.asked == 1);
}

TEST_CASE("a language is guessed where the setting asks for it, and the file names none") {
  ExtractWorld world;
  const std::string words = "Der Vertrag wurde gestern von beiden Seiten unterschrieben.";
  world.files.files() = {{"/a.txt", words}, {"/b.html", "<html lang=nl><p>" + words}};
  CHECK(world.One("/a.txt").extracted.language == "");
  world.config.extraction.guess_language = true;
  CHECK(world.One("/a.txt").extracted.language == "de");
  CHECK(world.One("/a.txt").extracted.text == words);
  CHECK(world.One("/b.html").extracted.language == "nl");
}

TEST_CASE("why nothing is indexed of a file") {
  ExtractWorld world;
  world.files.files() = {{"/a.jpg", "x"},      {"/README", "x"},    {"/a.txt", ""},
                         {"/b.txt", "xx"},     {"/a.pdf", "%PDF-"}, {"/a.docx", "zip"},
                         {"/blank.txt", " \n"}};
  CHECK(world.One("/a.jpg").cause.starts_with("its extension is not read"));
  CHECK(world.One("/README").cause == "");
  world.config.extraction.extensions = "-.";
  CHECK(world.One("/README").cause == "its name has no extension");
  world.config.extraction.extensions = "";
  CHECK(world.One("/a.txt").cause == "the file is empty");
  world.config.extraction.reduce_whitespace = true;
  CHECK(world.One("/blank.txt").cause == "no text was found in it");
  world.parser.answer = [](const std::string&) {
    return parsers::Parsed<parsers::ParsedDocument>(
        tl::unexpected(parsers::Unreadable::kEncrypted));
  };
  CHECK(world.One("/a.docx").cause == "it cannot be read: encrypted");
  world.missing_confinement = "Landlock";
  CHECK(world.One("/a.pdf").cause == "PDFs are not read where Landlock is missing");
  world.pdftotext = "";
  CHECK(world.One("/a.pdf").cause == "PDFs need a program: install dbx-es-pdf or poppler-utils");
  world.config.extraction.ocr.on = true;
  CHECK(world.One("/a.jpg").cause == "pictures need a program: install tesseract-ocr");
  world.tesseract = "/usr/bin/tesseract";
  CHECK(world.One("/a.jpg").cause == "pictures are not read where Landlock is missing");
  world.missing_confinement.clear();
  world.parser.answer = [](const std::string&) {
    parsers::ParsedDocument document;
    document.ocr_postponed = true;
    return parsers::Parsed<parsers::ParsedDocument>(std::move(document));
  };
  CHECK(world.One("/a.jpg").cause == "the words in its pictures cannot be read");
  world.config.extraction.max_file_download_size = 1;
  CHECK(world.One("/b.txt").cause == "it is larger than 1 bytes, the limit on files");
  world.config.extraction.mode = config::ExtractionMode::kOff;
  CHECK(world.One("/b.txt").cause == "extraction.mode is off");
  world.config.extraction.mode = config::ExtractionMode::kPipeline;
  world.config.extraction.max_file_download_size = 10;
  CHECK(world.One("/b.txt").cause.starts_with("an ingest pipeline"));
}

TEST_CASE("a service reads the files where one is configured") {
  ExtractWorld world;
  world.config.extraction.mode = config::ExtractionMode::kService;
  world.files.files() = {{"/a.rtf", "{\\rtf x}"}};
  std::string asked;
  world.network.Route(kService, [&asked](const FakeRequest& request) {
    asked = request.body;
    FakeAnswer answer;
    answer.body = std::make_shared<const std::string>(R"({"X-TIKA:content":"from Tika"})");
    return answer;
  });
  CHECK(world.One("/a.rtf").extracted.text == "from Tika");
  CHECK(asked == "{\\rtf x}");
  world.config.extraction.service.host = "";
  const auto without = world.Extract({"/a.rtf"});
  REQUIRE_FALSE(without);
  CHECK(without.error().kind == ErrorKind::kConfig);
}

TEST_CASE("a file that cannot be opened ends the command, as a signal does") {
  ExtractWorld world;
  world.files.files() = {{"/a.docx", "zip"}};
  const auto missing = world.Extract({"/no.txt"});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::kConfig);
  CHECK(missing.error().message.find("/no.txt") != std::string::npos);
  world.files.files()["/a.txt"] = "x";
  std::vector<FileText> shown;
  const auto some = world.Extract({"/no.txt", "/a.txt", "/nor.txt"}, &shown);
  REQUIRE_FALSE(some);
  CHECK(some.error().kind == ErrorKind::kConfig);
  CHECK(some.error().message == "2 of 3 files cannot be opened");
  REQUIRE(shown.size() == 3);
  CHECK_FALSE(shown[0].opened);
  CHECK(shown[0].cause.find("/no.txt") != std::string::npos);
  CHECK(shown[1].extracted.text == "x");
  world.signal = 2;
  const auto stopped = world.Extract({"/a.docx"});
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::kInterrupted);
}

}  // namespace dbxes::check
