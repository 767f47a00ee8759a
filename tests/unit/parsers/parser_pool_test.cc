// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_pool.h"

#include <dirent.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "parsers/fake_program.h"
#include "parsers/pool_world.h"
#include "parsers/sandbox.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

constexpr const char* kPdftotext = "/usr/bin/pdftotext";

struct PdftotextWorld : PoolWorld {
  explicit PdftotextWorld(ParserSettings wanted = {})
      : PoolWorld(WithPdftotext(std::move(wanted))) {}
  static ParserSettings WithPdftotext(ParserSettings settings) {
    if (settings.pdftotext.empty()) settings.pdftotext = kPdftotext;
    return settings;
  }
};

std::size_t OpenDescriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  REQUIRE(folder != nullptr);
  std::size_t count = 0;
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

std::string TwoPagesAround(const std::string& content) {
  const auto page = [](int at) {
    return fmt::format(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R"
        "/Resources<</Font<</F 3 0 R>>>>>>",
        at);
  };
  const auto line = [](std::string_view text) {
    const std::string draw = fmt::format("BT /F 12 Tf 72 700 Td ({}) Tj ET", text);
    return fmt::format("<</Length {}>>stream\n{}\nendstream", draw.size(), draw);
  };
  return PdfOf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[4 0 R 6 0 R 8 0 R]/Count 3>>",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", page(5), line("first"), page(7),
                content, page(9), line("third")});
}

}  // namespace

TEST_CASE("files are read one after the other by a process that stays") {
  PdftotextWorld world;
  CHECK(world.TextOf(Docx(Words("first"))) == "first");
  const std::size_t descriptors = OpenDescriptors();
  CHECK(world.TextOf(Docx(Words("second"))) == "second");
  CHECK(world.ReasonFor("PK no archive") == Unreadable::kDamaged);
  CHECK(world.TextOf(Docx(Words("third"))) == "third");
  CHECK(OpenDescriptors() == descriptors);
  CHECK(world.notes.empty());
}

TEST_CASE("a PDF goes through pdftotext, in a process of its own") {
  PdftotextWorld world;
  const auto read = world.Read(Pdf("Count the whimbrels"));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "Count the whimbrels");
  CHECK((*read)->properties.title == "Notes on birds");
  CHECK((*read)->properties.author == "Ann Lee");
  CHECK_FALSE((*read)->truncated);
  CHECK(world.ReasonFor("%PDF-1.4 and nothing else") == Unreadable::kDamaged);
  CHECK(world.ReasonFor("%PDF-1.4 trailer<</Encrypt 1 0 R>>") == Unreadable::kEncrypted);
}

TEST_CASE("a PDF keeps the text of the pages that can be read, and says that it is damaged") {
  PdftotextWorld world;
  // Two pages, and between them one whose content is not what its filter expects.
  const std::string pdf =
      TwoPagesAround("<</Length 9/Filter/FlateDecode>>stream\nno stream\nendstream");
  const auto read = world.Read(pdf);
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "first\n\nthird");
  CHECK((*read)->damaged_partly);
  const auto whole = world.Read(TwoPagesAround("<</Length 0>>stream\n\nendstream"));
  REQUIRE(whole);
  REQUIRE(*whole);
  CHECK_FALSE((*whole)->damaged_partly);
}

TEST_CASE("what pdftotext had printed before it crashed is text") {
  const FakeProgram crashes("echo '<pre>'; echo 'page one'; kill -SEGV $$");
  ParserSettings settings;
  settings.pdftotext = crashes.path();
  PdftotextWorld world(settings);
  const auto read = world.Read(Pdf("text"));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "page one");
  CHECK((*read)->damaged_partly);
  const FakeProgram silent("kill -SEGV $$");
  settings.pdftotext = silent.path();
  PdftotextWorld other(settings);
  CHECK(other.ReasonFor(Pdf("text")) == Unreadable::kCrashed);
}

TEST_CASE("a program that complains without an end is not ended for it") {
  const FakeProgram complains(
      "n=0; while [ $n -lt 9000 ]; do echo 'Syntax Warning: odd' >&2; n=$((n+1)); done 2>/dev/null;"
      "echo '<pre>'; echo text; echo '</pre>'");
  ParserSettings settings;
  settings.pdftotext = complains.path();
  PdftotextWorld world(settings);
  const auto read = world.Read(Pdf("text"));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "text");
  CHECK_FALSE((*read)->damaged_partly);
}

TEST_CASE("without pdftotext a PDF is of a format that is not read") {
  PdftotextWorld world;
  world.pool.emplace(world.loop, ParserSettings{});
  CHECK(world.ReasonFor(Pdf("text")) == Unreadable::kUnsupported);
}

TEST_CASE("several processes share the work, and each file gets its own text") {
  ParserSettings settings;
  settings.processes = 3;
  settings.files_per_process = 4;
  PdftotextWorld world(settings);
  std::vector<Pending<Parsed<ParsedDocument>>> all;
  for (int number = 0; number < 30; ++number) {
    const std::string text = "number " + std::to_string(number);
    all.push_back(
        world.pool->Parse(number % 10 == 9 ? Pdf(text) : Docx(Words(text)), DocumentForm::kFile));
  }
  for (int number = 0; number < 30; ++number) {
    const auto read = world.loop.Await(all[static_cast<std::size_t>(number)]);
    REQUIRE(read);
    REQUIRE(*read);
    CHECK((*read)->text == "number " + std::to_string(number));
  }
}

TEST_CASE("a file that takes too long ends its process, and the next one finds another") {
  const FakeProgram hangs("while :; do :; done");
  ParserSettings settings;
  settings.pdftotext = hangs.path();
  settings.wall_time = Milliseconds(1);
  PdftotextWorld impatient(settings);
  CHECK(impatient.ReasonFor(Pdf("text")) == Unreadable::kTooComplex);
  settings.wall_time = Milliseconds(600'000);
  settings.cpu_seconds = 1;
  PdftotextWorld thrifty(settings);
  CHECK(thrifty.ReasonFor(Pdf("text")) == Unreadable::kTooComplex);
  CHECK(thrifty.TextOf(Docx(Words("next"))) == "next");
}

TEST_CASE("a program that is caught at what it must not do has crashed") {
  const FakeProgram forks("/bin/true; echo '<pre>'; echo text; echo '</pre>'");
  ParserSettings settings;
  settings.pdftotext = forks.path();
  PdftotextWorld world(settings);
  CHECK(world.ReasonFor(Pdf("text")) == Unreadable::kCrashed);
}

TEST_CASE("a text without end is cut") {
  const FakeProgram talks("echo '<pre>'; while :; do echo 'and so on, for ever and ever'; done");
  ParserSettings settings;
  settings.pdftotext = talks.path();
  settings.max_text_bytes = 100'000;
  PdftotextWorld world(settings);
  const auto read = world.Read(Pdf("text"));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->truncated);
  CHECK((*read)->text.size() <= 100'000);
  CHECK((*read)->text.size() > 99'000);
}

TEST_CASE("where no process can be started, that is no fault of the file") {
  PdftotextWorld world;
  rlimit descriptors{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
  const rlimit none{0, descriptors.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto pending = world.pool->Parse(Docx(Words("text")), DocumentForm::kFile);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &descriptors) == 0);
  const auto read = world.loop.Await(pending);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::kInternal);
  CHECK(world.TextOf(Docx(Words("text"))) == "text");
}

TEST_CASE("a file that takes too much memory ends its process, and the next one finds another" *
          doctest::skip(!kLimitsMemory)) {
  ParserSettings settings;
  settings.memory_bytes = std::size_t{64} << 20;
  settings.max_text_bytes = std::size_t{64} << 20;
  PdftotextWorld world(settings);
  const std::string paragraph = Words(std::string(100'000, 'x'));
  std::string body;
  for (int times = 0; times < 500; ++times) body += paragraph;
  CHECK(world.ReasonFor(Docx(body)) == Unreadable::kTooComplex);
  CHECK(world.TextOf(Docx(Words("next"))) == "next");
}

TEST_CASE("what is under way when the pool goes is not answered") {
  PdftotextWorld world;
  const auto pending = world.pool->Parse(Docx(Words("text")), DocumentForm::kFile);
  const auto waiting = world.pool->Parse(Docx(Words("text")), DocumentForm::kFile);
  world.pool.reset();
  world.loop.RunOnce(Milliseconds(1));
  CHECK_FALSE(pending.Ready());
  CHECK_FALSE(waiting.Ready());
}

TEST_CASE("the environment of a parser process is empty") {
  REQUIRE(::setenv("DBX_ES_TEST_SECRET", "hush", 1) == 0);
  PdftotextWorld world;
  CHECK(world.TextOf(Docx(Words("text"))) == "text");
  // The one child that we have is the worker.
  std::string children;
  {
    const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    FILE* file = std::fopen(path.c_str(), "r");
    REQUIRE(file != nullptr);
    char line[64] = "";
    REQUIRE(std::fgets(line, sizeof line, file) != nullptr);
    std::fclose(file);
    children = line;
  }
  const std::string pid = children.substr(0, children.find(' '));
  FILE* file = std::fopen(("/proc/" + pid + "/environ").c_str(), "r");
  REQUIRE(file != nullptr);
  CHECK(std::fgetc(file) == EOF);
  std::fclose(file);
  ::unsetenv("DBX_ES_TEST_SECRET");
}

TEST_CASE("text of any listed charset is converted in a parser process") {
  PdftotextWorld world;
  const auto convert = [&](const std::string& bytes, DocumentForm form) {
    const auto read = world.Read(bytes, form);
    REQUIRE(read);
    REQUIRE(*read);
    return (*read)->text;
  };
  // Each needs a module of iconv, which the process cannot load any more.
  CHECK(convert("\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0! \xdd\xf2\xee \xf0\xf3\xf1\xf1\xea\xe8\xe9 "
                "\xf2\xe5\xea\xf1\xf2.",
                DocumentForm::kText) ==
        "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! "
        "\u042d\u0442\u043e \u0440\u0443\u0441\u0441\u043a\u0438\u0439 "
        "\u0442\u0435\u043a\u0441\u0442.");
  CHECK(convert("<meta charset=shift_jis>\x93\xfa\x96\x7b\x8c\xea", DocumentForm::kMarkup) ==
        "<meta charset=shift_jis>\u65e5\u672c\u8a9e");
  CHECK(convert("<meta charset=gbk>\xc4\xe3\xba\xc3", DocumentForm::kMarkup) ==
        "<meta charset=gbk>\u4f60\u597d");
  CHECK(convert(std::string("\xff\xfe"
                            "a\0b\0",
                            6),
                DocumentForm::kText) == "ab");
  const auto binary = world.Read(std::string("\x80\0\1\2\3\4\5\6", 8), DocumentForm::kText);
  REQUIRE(binary);
  REQUIRE_FALSE(*binary);
  CHECK(binary->error() == Unreadable::kNotText);
  CHECK(world.notes == "");
}

TEST_CASE("slow files use up a budget, and the others are left for the next run") {
  ParserSettings settings;
  settings.budget = Milliseconds(0);
  PdftotextWorld world(settings);
  const auto read = world.Read(Docx(Words("text")));
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::kInternal);
  CHECK(read.error().message ==
        "slow files have used up the time for parsing in one run (0 s, extraction.parse_budget): "
        "the next run reads it");
}

TEST_CASE("a budget that is used up costs no guess of a language") {
  ParserSettings settings;
  settings.budget = Milliseconds(0);
  PdftotextWorld world(settings);
  CHECK(world.Read("the words of a text that was read", DocumentForm::kLanguage));
}

TEST_CASE("files that take less than a second use up nothing") {
  ParserSettings settings;
  settings.budget = Milliseconds(1);
  PdftotextWorld world(settings);
  for (int file = 0; file < 5; ++file) CHECK(world.TextOf(Docx(Words("text"))) == "text");
}

TEST_CASE("many relationships to many entries cost no more than their number") {
  Entries entries{{"[Content_Types].xml", "<Types/>"},
                  {"_rels/.rels",
                   "<Relationships><Relationship Id='r' Type='x/officeDocument' "
                   "Target='word/document.xml'/></Relationships>"},
                  {"word/document.xml", "<document><p><t>text</t></p></document>"}};
  std::string relationships = "<Relationships>";
  for (int number = 0; number < 19'000; ++number) {
    entries[fmt::format("word/entry-with-a-long-name-{}", number)] = "";
  }
  for (int number = 0; number < 200'000; ++number) {
    relationships += "<Relationship Id='r' Type='x/comments' Target='absent'/>";
  }
  entries["word/_rels/document.xml.rels"] = relationships + "</Relationships>";
  ParserSettings settings;
  settings.cpu_seconds = 2;
  PdftotextWorld world(settings);
  CHECK(world.TextOf(ZipOf(entries)) == "text");
}

}  // namespace dbxes::parsers
