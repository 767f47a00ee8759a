// SPDX-License-Identifier: Apache-2.0
#include "parsers/mail.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const std::string& bytes) {
  return ParseDocument(bytes, DocumentForm::kFile, {});
}

std::string TextOf(const std::string& mail) {
  const auto document = Parse(mail);
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  return document->text;
}

std::string Attachment(const std::string& name, const std::string& bytes) {
  return "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; "
         "filename=\"" +
         name + "\"\nContent-Transfer-Encoding: base64\n\n" + Base64Encode(bytes) + "\n";
}

std::string MailWith(const std::string& parts) {
  return "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n" + parts + "--b--\n";
}

}  // namespace

TEST_CASE("a mail is its subject, people, date and text") {
  const auto document = Parse(
      "Received: from x\r\nFrom: =?utf-8?Q?Andr=C3=A9?= <andre@example.com>\r\nTo: "
      "ana@example.com\r\nCc: bo@example.com\r\nDate: Tue, 1 Jul 2025 10:52:37 +0200\r\n"
      "Subject: =?iso-8859-1?Q?R=E9union?=\r\nContent-Type: text/plain; "
      "charset=windows-1251\r\n\r\n\xcc\xe8\xf0\r\n");
  REQUIRE(document);
  CHECK(document->text ==
        "R\u00e9union\nAndr\u00e9 <andre@example.com>\nana@example.com\nbo@example.com\n"
        "Tue, 1 Jul 2025 10:52:37 +0200\n\u041c\u0438\u0440");
  CHECK(document->properties.title == "R\u00e9union");
  CHECK(document->properties.author == "Andr\u00e9 <andre@example.com>");
}

TEST_CASE("of several versions of a text, the richest is read") {
  const std::string head = "Subject: s\nContent-Type: multipart/alternative; boundary=b\n\n";
  const std::string plain = "--b\nContent-Type: text/plain\n\nplain\n";
  const std::string html =
      "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
      "<p>&Agrave; rich=C3=A9<script>no</script></p>\n";
  const std::string invitation = "--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n";
  CHECK(TextOf(head + plain + html + invitation + "--b--") == "s\n\u00c0 rich\u00e9");
  CHECK(TextOf(head + plain + invitation + "--b--") == "s\nplain");
  // One without text is none.
  CHECK(TextOf(head + plain + "--b\nContent-Type: text/html\n\n<p></p>\n--b--") == "s\nplain");
}

TEST_CASE("attachments are found by their names and their text") {
  const std::string parts =
      "--b\n\nsee below\n" + Attachment("r\u00e9sum\u00e9.docx", Docx(Words("inside"))) +
      Attachment("C:\\x\\letter.rtf", "{\\rtf1 a letter}") + Attachment("notes.txt", "a note") +
      Attachment("page.html", "<p>a page</p>") + Attachment("picture.png", "\x89PNG") +
      Attachment("paper.pdf", Pdf("for another program"));
  CHECK(TextOf(MailWith(parts)) ==
        "s\nsee below\nr\u00e9sum\u00e9.docx\ninside\nletter.rtf\na letter\nnotes.txt\na "
        "note\npage.html\na page\npicture.png\npaper.pdf");
}

TEST_CASE("attached PDFs are kept for their own program, within limits") {
  const std::string pdf = Pdf("whimbrels");
  const auto mail = Parse(MailWith(Attachment("a.pdf", pdf) + Attachment("b.txt", "note") +
                                   Attachment("c.PDF", pdf) + Attachment("d.pdf", "no PDF")));
  REQUIRE(mail);
  CHECK(mail->text == "s\na.pdf\nb.txt\nnote\nc.PDF\nd.pdf\nno PDF");
  CHECK(mail->attached_pdfs == std::vector<std::string>{pdf, pdf});
  // Not those of an attached mail.
  const auto outer = Parse(MailWith(Attachment("inner.eml", MailWith(Attachment("a.pdf", pdf)))));
  REQUIRE(outer);
  CHECK(outer->attached_pdfs.empty());
  std::string many;
  for (int number = 0; number < 101; ++number) many += Attachment("a.pdf", "%PDF-1.4");
  const auto bomb = Parse(MailWith(many));
  REQUIRE(bomb);
  CHECK(bomb->attached_pdfs.size() == 100);
  CHECK(bomb->damaged_partly);
}

TEST_CASE("what is within an attachment is not read") {
  const std::string inner = MailWith("--b\n\ninner text\n" + Attachment("deep.txt", "deep"));
  CHECK(TextOf(MailWith(Attachment("inner.eml", inner))) ==
        "s\ninner.eml\ns\ninner text\ndeep.txt");
}

TEST_CASE("a forwarded mail belongs to its mail") {
  const std::string inner =
      "--b\nContent-Type: message/rfc822\n\nSubject: older\nFrom: bo\n\nhello\n";
  CHECK(TextOf(MailWith("--b\n\nsee\n" + inner)) == "s\nsee\nolder\nbo\nhello");
}

TEST_CASE("an attachment that cannot be read costs its own text") {
  const auto document = Parse(MailWith("--b\n\ntext\n" + Attachment("a.docx", "PK\x03\x04") +
                                       Attachment("b.rtf", "{\\rtf1 words}")));
  REQUIRE(document);
  CHECK(document->text == "s\ntext\na.docx\nb.rtf\nwords");
  CHECK(document->damaged_partly);
  const auto cut = Parse("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst");
  REQUIRE(cut);
  CHECK(cut->text == "s\nfirst");
  CHECK(cut->damaged_partly);
}

TEST_CASE("an mbox is all its mails") {
  const auto document = Parse(
      "From a@b Mon Jan 1 10:00:00 2024\nSubject: one\n\nfirst\nFrom here on\n\n"
      "From c@d Mon Jan 1 10:00:00 2024\nSubject: two\n\nsecond\n");
  REQUIRE(document);
  CHECK(document->text == "one\nfirst\nFrom here on\ntwo\nsecond");
  CHECK(document->properties.title.empty());
}

TEST_CASE("a saved web page is its text and title") {
  const auto document = Parse(
      "From: <Saved by Blink>\nSubject: \nDate: Tue, 1 Jul 2025 10:52:37 -0000\nMIME-Version: 1.0\n"
      "Content-Type: multipart/related;\n\ttype=\"text/html\"; "
      "boundary=\"b\"\n\n--b\nContent-Type: "
      "text/html\n\n<title>Tides</title><p>ebb</p>\n--b\nContent-Type: text/css\n\np{}\n--b\n"
      "Content-Type: image/png\nContent-Location: http://x/a.png\n\nx\n--b--");
  REQUIRE(document);
  CHECK(document->text == "ebb");
  CHECK(document->properties.title == "Tides");
  CHECK(document->properties.author.empty());
}

TEST_CASE("only what begins like a mail is one") {
  CHECK(IsMail("\r\nX-Odd: 1\r\nSubject: a\r\n\r\n"));
  CHECK(IsMail("From a@b Mon Jan 1 10:00:00 2024\nTo: x\n"));
  CHECK_FALSE(IsMail("just: text\n"));
  CHECK_FALSE(IsMail("From here on\nit is text"));
  CHECK_FALSE(IsMail(std::string("Subject: a\n\0", 12)));
  CHECK_FALSE(IsMail(""));
}

TEST_CASE("parts within parts come to an end") {
  std::string nested = "Subject: s\n";
  for (int depth = 0; depth < 50; ++depth) {
    const std::string boundary = "b" + std::to_string(depth);
    nested += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  const auto document = Parse(nested + "\ntext");
  REQUIRE(document);
  CHECK(document->damaged_partly);
}

}  // namespace dbxes::parsers
