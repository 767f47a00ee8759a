// SPDX-License-Identifier: Apache-2.0
// The program, as the pool of parsers starts it.
#include "pdf/server.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/base64.h"
#include "base/os/temp_folder.h"
#include "parsers/attached_pdfs.h"
#include "parsers/old_kernel.h"
#include "parsers/pool_world.h"
#include "parsers/sandbox.h"
#include "parsers/worker_protocol.h"
#include "support/office_files.h"

namespace dbxes::pdf {
namespace {

using parsers::DocumentForm;
using parsers::Parsed;
using parsers::ParsedDocument;
using parsers::Unreadable;

struct ReaderWorld : parsers::PoolWorld {
  explicit ReaderWorld(parsers::ParserSettings wanted = {})
      : PoolWorld(WithReader(std::move(wanted))) {}
  static parsers::ParserSettings WithReader(parsers::ParserSettings settings) {
    if (settings.pdf_reader.empty()) settings.pdf_reader = DBXES_PDF_READER;
    return settings;
  }
};

std::string Content(const std::string& draw) {
  return fmt::format("<</Length {}>>stream\n{}\nendstream", draw.size(), draw);
}

std::string Words(const std::string& text) {
  return Content("BT /F 12 Tf 72 700 Td (" + text + ") Tj ET");
}

// A document with a page for each of these streams.
std::string PagesOf(const std::vector<std::string>& contents) {
  std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R>>", "",
                                   "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
  std::string kids;
  for (const std::string& content : contents) {
    kids += fmt::format("{} 0 R ", objects.size() + 1);
    objects.push_back(
        fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R"
                    "/Resources<</Font<</F 3 0 R>>>>>>",
                    objects.size() + 2));
    objects.push_back(content);
  }
  objects[1] = fmt::format("<</Type/Pages/Kids[{}]/Count {}>>", kids, contents.size());
  return parsers::PdfOf(objects);
}

// A page that draws for a long time: forms that draw forms, a thousand times each.
std::string EndlessPage() {
  std::string draws;
  for (int times = 0; times < 1000; ++times) draws += "/X Do ";
  std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R/Lang(de)>>",
                                   "<</Type/Pages/Kids[4 0 R 6 0 R]/Count 2>>",
                                   "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                                   "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R"
                                   "/Resources<</Font<</F 3 0 R>>>>>>",
                                   Words("page one"),
                                   "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 7 0 R"
                                   "/Resources<</XObject<</X 8 0 R>>>>>>",
                                   Content(draws)};
  for (int level = 8; level < 14; ++level) {
    objects.push_back(
        fmt::format("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>"
                    "/Length {}>>stream\n{}\nendstream",
                    level + 1, draws.size(), draws));
  }
  objects.emplace_back("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream");
  return parsers::PdfOf(objects);
}

struct OldKernel {
  std::optional<parsers::WorkerHello> hello;
  int status = 0;
};

// Starts the program there, and lets it end.
OldKernel StartOnOldKernel(const char* must_confine) {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (!parsers::ForgetLandlock()) ::_exit(1);
    ::dup2(ends[1], parsers::kWorkerSocket);
    ::execl(DBXES_PDF_READER, "dbx-es-pdf", "1073741824", "5", "1048576", "30", must_confine,
            static_cast<char*>(nullptr));
    ::_exit(1);
  }
  ::close(ends[1]);
  OldKernel result;
  std::string packet(parsers::kMostPacketBytes, '\0');
  const ssize_t length = ::recv(ends[0], packet.data(), packet.size(), 0);
  if (length > 0) {
    const auto message = parsers::Decode(packet.substr(0, static_cast<std::size_t>(length)));
    REQUIRE(message);
    result.hello = std::get<parsers::WorkerHello>(*message);
  }
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &result.status, 0) == child);
  return result;
}

// The processes whose parent this is.
std::vector<std::string> ChildrenOf(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/task/" + pid + "/children");
  return {std::istream_iterator<std::string>(file), {}};
}

}  // namespace

TEST_CASE("PDFs are read one after the other by a program that stays") {
  ReaderWorld world;
  const ParsedDocument document = world.Document(parsers::Pdf("Count the whimbrels"));
  CHECK(document.text == "Count the whimbrels");
  CHECK(document.properties.title == "Notes on birds");
  CHECK(document.properties.author == "Ann Lee");
  CHECK_FALSE(document.truncated);
  const std::vector<std::string> children = ChildrenOf(std::to_string(::getpid()));
  CHECK(children.size() == 1);
  CHECK(world.Document(parsers::Pdf("second")).text == "second");
  CHECK(ChildrenOf(std::to_string(::getpid())) == children);
  CHECK(ChildrenOf(children.at(0)).empty());
  CHECK(world.ReasonFor("%PDF-1.4 and nothing else") == Unreadable::kDamaged);
  CHECK(world.ReasonFor("%PDF-1.4 trailer<</Encrypt 1 0 R>>") == Unreadable::kEncrypted);
  CHECK(world.notes.empty());
}

TEST_CASE("a PDF keeps the text of the pages that can be read, and says that it is damaged") {
  ReaderWorld world;
  const std::string broken = "<</Length 9/Filter/FlateDecode>>stream\nno stream\nendstream";
  const ParsedDocument read = world.Document(PagesOf({Words("first"), broken, Words("third")}));
  CHECK(read.text == "first\n\nthird");
  CHECK(read.damaged_partly);
  const ParsedDocument whole =
      world.Document(PagesOf({Words("first"), Content(""), Words("third")}));
  CHECK(whole.text == "first\n\nthird");
  CHECK_FALSE(whole.damaged_partly);
}

TEST_CASE("a PDF that takes too long keeps what was read, and the next one finds its reader") {
  parsers::ParserSettings settings;
  settings.cpu_seconds = 1;
  ReaderWorld thrifty(settings);
  const ParsedDocument cut = thrifty.Document(EndlessPage());
  CHECK(cut.text == "page one");
  CHECK(cut.damaged_partly);
  CHECK(cut.properties.language == "de");  // known before the pages
  CHECK(thrifty.Document(parsers::Pdf("next")).text == "next");
  settings.cpu_seconds = 100;
  settings.wall_time = Milliseconds(1500);
  ReaderWorld impatient(settings);
  const ParsedDocument late = impatient.Document(EndlessPage());
  CHECK(late.text == "page one");
  CHECK(late.damaged_partly);
  CHECK(late.properties.language == "de");
  CHECK(impatient.Document(parsers::Pdf("next")).text == "next");
  CHECK(impatient.notes.empty());
}

TEST_CASE("a PDF that takes too much memory loses only its own text" *
          doctest::skip(!parsers::kLimitsMemory)) {
  parsers::ParserSettings settings;
  settings.memory_bytes = std::size_t{192} << 20;
  ReaderWorld world(settings);
  // A table of a hundred million objects.
  const std::string greedy =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\nxref\n0 100000000\n"
      "trailer<</Size 100000000/Root 1 0 R>>\nstartxref\n47\n%%EOF\n";
  const auto read = world.Read(greedy);
  REQUIRE(read);
  CHECK_FALSE(*read);
  CHECK(world.Document(parsers::Pdf("next")).text == "next");
}

TEST_CASE("a long text is cut") {
  parsers::ParserSettings settings;
  settings.max_text_bytes = 1000;
  ReaderWorld world(settings);
  std::vector<std::string> pages(200, Words("and so on, for ever and ever"));
  const ParsedDocument read = world.Document(PagesOf(pages));
  CHECK(read.truncated);
  CHECK(read.text.size() == 1000);
  CHECK_FALSE(read.damaged_partly);
}

TEST_CASE("PDFs that are attached to a mail pass from its process to the program") {
  const std::string mail =
      "Subject: Offer\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
      "application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" +
      Base64Encode(parsers::Pdf("Count the whimbrels")) + "\n--b--\n";
  parsers::ParserSettings settings = ReaderWorld::WithReader({});
  ReaderWorld world(settings);
  const ParsedDocument kept = world.Document(mail);
  CHECK(kept.text == "Offer\na.pdf");
  REQUIRE(kept.attached_pdfs.size() == 1);
  CHECK(kept.attached_pdfs[0].starts_with("%PDF-"));
  parsers::AttachedPdfs parser(
      1000, std::make_unique<parsers::ParserPool>(world.loop, std::move(settings)));
  const auto read = world.loop.Await(parser.Parse(mail, DocumentForm::kFile));
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "Offer\na.pdf\nCount the whimbrels");
}

TEST_CASE("several readers share the work") {
  parsers::ParserSettings settings;
  settings.processes = 3;
  ReaderWorld world(settings);
  std::vector<Pending<Parsed<ParsedDocument>>> all;
  for (int number = 0; number < 30; ++number) {
    const std::string text = "number " + std::to_string(number);
    all.push_back(world.pool->Parse(
        number % 3 == 0 ? parsers::Docx(parsers::Words(text)) : parsers::Pdf(text),
        DocumentForm::kFile));
  }
  for (int number = 0; number < 30; ++number) {
    const auto read = world.loop.Await(all[static_cast<std::size_t>(number)]);
    REQUIRE(read);
    REQUIRE(*read);
    CHECK((*read)->text == "number " + std::to_string(number));
  }
}

TEST_CASE("a reader that is killed between two files is replaced") {
  ReaderWorld world;
  CHECK(world.Document(parsers::Pdf("first")).text == "first");
  const pid_t reader = std::stoi(ChildrenOf(std::to_string(::getpid())).at(0));
  REQUIRE(::kill(reader, SIGKILL) == 0);
  while (!ChildrenOf(std::to_string(::getpid())).empty()) world.loop.RunOnce(Milliseconds(1));
  CHECK(world.Document(parsers::Pdf("second")).text == "second");
}

TEST_CASE("a reader that is killed while its neighbour reads another file disturbs none") {
  parsers::ParserSettings settings;
  settings.processes = 1;
  ReaderWorld world(settings);
  CHECK(world.Document(parsers::Pdf("first")).text == "first");
  const pid_t reader = std::stoi(ChildrenOf(std::to_string(::getpid())).at(0));
  const auto second = world.pool->Parse("{\\rtf1 second}", DocumentForm::kFile);
  const auto third = world.pool->Parse("{\\rtf1 third}", DocumentForm::kFile);
  REQUIRE(::kill(reader, SIGKILL) == 0);
  const auto read = world.loop.Await(second);
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->text == "second");
  const auto next = world.loop.Await(third);
  REQUIRE(next);
  REQUIRE(*next);
  CHECK((*next)->text == "third");
  CHECK(world.Document(parsers::Pdf("fourth")).text == "fourth");
}

TEST_CASE("where the program does not start, pdftotext takes its place") {
  parsers::ParserSettings settings;
  settings.processes = 3;
  settings.pdf_reader = "/bin/false";
  settings.pdftotext = "/usr/bin/pdftotext";
  ReaderWorld world(settings);
  const auto one = world.pool->Parse(parsers::Pdf("one"), DocumentForm::kFile);
  const auto two = world.pool->Parse(parsers::Pdf("two"), DocumentForm::kFile);
  CHECK(world.Document(parsers::Pdf("text")).text == "text");
  REQUIRE(world.loop.Await(one));
  REQUIRE(world.loop.Await(two));
  CHECK(world.notes ==
        "/bin/false does not start (status 0x100): PDFs are read by " + settings.pdftotext);
  settings.pdftotext.clear();
  ReaderWorld alone(settings);
  const auto read = alone.Read(parsers::Pdf("text"));
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "/bin/false ended (status 0x100)");
}

TEST_CASE("without Landlock no PDF is read unless that is asked for") {
  const OldKernel strict = StartOnOldKernel(parsers::kMustConfine.data());
  CHECK_FALSE(strict.hello);
  REQUIRE(WIFEXITED(strict.status));
  CHECK(WEXITSTATUS(strict.status) == parsers::kExitUnconfined);
  const OldKernel lenient = StartOnOldKernel("no matter");
  REQUIRE(lenient.hello);
  CHECK_FALSE(lenient.hello->confinement.landlock);
  CHECK(lenient.hello->confinement.seccomp);
  CHECK(lenient.status == 0);
}

TEST_CASE("the environment of the program is empty") {
  REQUIRE(::setenv("DBX_ES_TEST_SECRET", "hush", 1) == 0);
  ReaderWorld world;
  CHECK(world.Document(parsers::Pdf("text")).text == "text");
  std::ifstream file("/proc/" + ChildrenOf(std::to_string(::getpid())).at(0) + "/environ");
  REQUIRE(file);
  CHECK(file.get() == EOF);
  ::unsetenv("DBX_ES_TEST_SECRET");
}

}  // namespace dbxes::pdf
