// SPDX-License-Identifier: Apache-2.0
#include "parsers/attached_pdfs.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dbxes::parsers {
namespace {

using Outcome = Result<Parsed<ParsedDocument>>;

// Reads a mail with these PDFs, and each PDF as the test says. What is under way is answered on
// request.
class FakeDocuments final : public DocumentParser {
 public:
  struct Script {
    std::vector<std::string> pdfs;
    std::function<Outcome(const std::string&)> pdf = [](const std::string& bytes) {
      return Parsed<ParsedDocument>(ParsedDocument{"text of " + bytes, {"title", "", ""}});
    };
    std::vector<std::string> asked;
    std::optional<Pending<Parsed<ParsedDocument>>> held;
    bool hold = false;
  };
  explicit FakeDocuments(Script& script) : script_(script) {}

  Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm) override {
    const Pending<Parsed<ParsedDocument>> answer;
    script_.asked.push_back(bytes);
    if (script_.asked.size() > 1 && script_.hold) {
      script_.held = answer;
    } else if (script_.asked.size() > 1) {
      answer.Fulfil(script_.pdf(bytes));
    } else {
      ParsedDocument mail{"mail", {"subject", "", ""}};
      mail.attached_pdfs = script_.pdfs;
      answer.Fulfil(Parsed<ParsedDocument>(std::move(mail)));
    }
    return answer;
  }

 private:
  Script& script_;
};

Outcome Read(FakeDocuments::Script& script, std::size_t most = 1000) {
  AttachedPdfs parser(most, std::make_unique<FakeDocuments>(script));
  const auto answer = parser.Parse("bytes of the mail", DocumentForm::kFile);
  REQUIRE(answer.Ready());
  return answer.Take();
}

ParsedDocument Document(FakeDocuments::Script& script, std::size_t most = 1000) {
  auto read = Read(script, most);
  REQUIRE(read);
  REQUIRE(*read);
  return **std::move(read);
}

}  // namespace

TEST_CASE("the PDFs of a mail follow its text, in their order") {
  FakeDocuments::Script script;
  script.pdfs = {"one", "two"};
  const ParsedDocument mail = Document(script);
  CHECK(mail.text == "mail\ntext of one\ntext of two");
  CHECK(mail.properties.title == "subject");
  CHECK(mail.attached_pdfs.empty());
  CHECK_FALSE(mail.truncated);
  CHECK_FALSE(mail.damaged_partly);
  CHECK(script.asked == std::vector<std::string>{"bytes of the mail", "one", "two"});
}

TEST_CASE("a document without PDFs passes as it is") {
  FakeDocuments::Script script;
  CHECK(Document(script).text == "mail");
  CHECK(script.asked.size() == 1);
}

TEST_CASE("a PDF that cannot be read costs its own text") {
  FakeDocuments::Script script;
  script.pdfs = {"broken", "whole"};
  script.pdf = [](const std::string& bytes) -> Outcome {
    if (bytes == "broken") return Parsed<ParsedDocument>(tl::unexpected(Unreadable::kDamaged));
    return Parsed<ParsedDocument>(ParsedDocument{"text", {}});
  };
  CHECK(Document(script).text == "mail\ntext");
  script.asked.clear();
  CHECK(Document(script).damaged_partly);
  // Without a program for it, nothing is damaged.
  FakeDocuments::Script none;
  none.pdfs = {"a"};
  none.pdf = [](const std::string&) -> Outcome {
    return Parsed<ParsedDocument>(tl::unexpected(Unreadable::kUnsupported));
  };
  const ParsedDocument unread = Document(none);
  CHECK(unread.text == "mail");
  CHECK_FALSE(unread.damaged_partly);
}

TEST_CASE("what concerns no file fails the mail, so that the next run reads it") {
  FakeDocuments::Script script;
  script.pdfs = {"late", "later"};
  script.pdf = [](const std::string&) -> Outcome { return Fail(ErrorKind::kInternal, "over"); };
  const auto read = Read(script);
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "over");
  CHECK(script.asked.size() == 2);
}

TEST_CASE("the text ends at its limit, between characters, and no more PDFs are read") {
  FakeDocuments::Script script;
  script.pdfs = {"one", "two"};
  script.pdf = [](const std::string&) -> Outcome {
    return Parsed<ParsedDocument>(ParsedDocument{"\u00e9\u00e9", {}});
  };
  const ParsedDocument mail = Document(script, 8);
  CHECK(mail.text == "mail\n\u00e9");
  CHECK(mail.truncated);
  CHECK(script.asked.size() == 2);
}

TEST_CASE("an answer after the parser is gone goes nowhere") {
  FakeDocuments::Script script;
  script.pdfs = {"one"};
  script.hold = true;
  auto parser = std::make_unique<AttachedPdfs>(100, std::make_unique<FakeDocuments>(script));
  const auto answer = parser->Parse("mail", DocumentForm::kFile);
  CHECK_FALSE(answer.Ready());
  parser.reset();
  script.held->Fulfil(Parsed<ParsedDocument>(ParsedDocument{"text", {}}));
  CHECK_FALSE(answer.Ready());
}

TEST_CASE("PDFs in mails need what other PDFs need") {
  ParserSettings settings;
  CHECK_FALSE(AttachedPdfs::Apply(settings));
  settings.pdftotext = "/usr/bin/pdftotext";
  CHECK(AttachedPdfs::Apply(settings));
  settings.missing_confinement = "Landlock";
  CHECK_FALSE(AttachedPdfs::Apply(settings));
  settings.unconfined_pdf = true;
  CHECK(AttachedPdfs::Apply(settings));
}

}  // namespace dbxes::parsers
