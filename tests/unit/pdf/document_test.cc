// SPDX-License-Identifier: Apache-2.0
#include "pdf/document.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "parsers/child_process.h"
#include "pdf/color_profiles.h"
#include "support/office_files.h"

namespace dbxes::pdf {
namespace {

using parsers::Unreadable;

struct Read {
  parsers::WorkerAnswer answer;
  std::string text;
};

Read ReadBytes(const std::string& bytes, std::size_t most = 10'000) {
  const Descriptor file = *parsers::MakeMemoryFile("");
  TextStream stream(file.get(), most);
  parsers::ParseLimits limits;
  limits.max_text_bytes = most;
  Read read{ReadDocument(bytes, limits, stream), ""};
  read.text = *parsers::ReadMemoryFile(file, most);
  return read;
}

// A document without pages. `third`: its third object; `trailer`: what is to be in the trailer.
std::string WithoutPages(const std::string& third, const std::string& trailer,
                         const std::string& catalog = "") {
  return "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalog +
         ">>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n3 0 obj\n<<" + third +
         ">>\nendobj\ntrailer\n<</Root 1 0 R" + trailer + ">>\n%%EOF\n";
}

std::string StreamObject(int number, const std::string& bytes) {
  return fmt::format("{} 0 obj\n<</Length {}>>\nstream\n{}\nendstream\nendobj\n", number,
                     bytes.size(), bytes);
}

// A document with the word "page" on its page 3: members of that page and of the catalog, and
// objects from 5 on. It has a table of its objects: one that is rebuilt would have those of
// attached documents.
std::string WithPage(const std::string& page, const std::string& catalog = "",
                     const std::string& objects = "") {
  const std::string all =
      "1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalog +
      ">>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/"
      "Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F <</Type/Font/Subtype"
      "/Type1/BaseFont/Helvetica>>>>>>" +
      page + ">>\nendobj\n" + StreamObject(4, "BT /F 12 Tf 72 700 Td (page) Tj ET") + objects;
  std::string pdf = "%PDF-1.7\n" + all;
  std::string table = "xref\n0 1\n0000000000 65535 f \n";
  for (int number = 1; number < 20; ++number) {
    const std::size_t at = pdf.find(fmt::format("\n{} 0 obj\n", number));
    if (at == std::string::npos) continue;
    table += fmt::format("{} 1\n{:010} 00000 n \n", number, at + 1);
  }
  const std::size_t begin = pdf.size();
  return pdf + table +
         fmt::format("trailer\n<</Size 20/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", begin);
}

// The text in one line.
std::string WordsOf(const std::string& text) {
  std::string words;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r';
    if (!blank) words += c;
    if (blank && !words.empty() && words.back() != ' ') words += ' ';
  }
  return words;
}

}  // namespace

TEST_CASE("the pages without text are named, so that their pictures can be read") {
  const auto page = [](int number) {
    return fmt::format(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R/Resources<</Font<</F 3 0 "
        "R>>>>>>",
        number);
  };
  const std::string pdf = parsers::PdfOf(
      {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[4 0 R 5 0 R 6 0 R]/Count 3>>",
       "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", page(7), page(8), page(9),
       "<</Length 0>>stream\n\nendstream",
       "<</Length 34>>stream\nBT /F 12 Tf 72 700 Td (word) Tj "
       "ET  \nendstream",
       "<</Length 34>>stream\nBT /F 12 Tf 72 700 Td (    ) Tj ET  \nendstream"});
  const Read read = ReadBytes(pdf);
  CHECK(read.text.find("word") != std::string::npos);
  CHECK(read.answer.textless_pages == std::vector<std::uint32_t>{1, 3});
  CHECK(ReadBytes(WithPage("")).answer.textless_pages.empty());
}

TEST_CASE("a document has text and properties") {
  const Read read = ReadBytes(parsers::Pdf("Count the whimbrels"));
  CHECK(read.text == "Count the whimbrels");
  CHECK_FALSE(read.answer.failure);
  CHECK(read.answer.text_bytes == read.text.size());
  CHECK(read.answer.properties.title == "Notes on birds");
  CHECK(read.answer.properties.author == "Ann Lee");
  CHECK_FALSE(read.answer.truncated);
}

TEST_CASE("strings may be in three encodings") {
  const auto title = [](const std::string& string) {
    return ReadBytes(WithoutPages("/Title" + string, "/Info 3 0 R")).answer.properties.title;
  };
  CHECK(title("(plain)") == "plain");
  CHECK(title("(R\\351sum\\351 \\204 x)") == "R\u00e9sum\u00e9 \u2014 x");  // PDFDocEncoding
  CHECK(title("<FEFF 0041 D83D DE00 05D0>") == "A\U0001F600\u05d0");
  CHECK(title("<FFFE 4100 D005>") == "A\u05d0");
  CHECK(title("<EFBBBF C3A9>") == "\u00e9");
  CHECK(title("<FEFF 001B 0065 006E 001B 0041>") == "A");  // "en", the language of the text
  CHECK(title("<FEFF D83D>") == "\ufffd");
  CHECK(title("<FEFF 001B 0065>").empty());
  CHECK(title("7").empty());
}

TEST_CASE("colour profiles are not read, and nothing is damaged without them") {
  const std::string profile =
      "5 0 obj\n<</N 3/Alternate/DeviceRGB/Length 3>>\nstream\nICC\n"
      "endstream\nendobj\n";
  const std::size_t before = ProfilesLeftOut();
  const Read read =
      ReadBytes(WithPage("", "/OutputIntents[<</S/GTS_PDFA1/DestOutputProfile 5 0 R>>]", profile));
  CHECK(read.text == "page");
  CHECK_FALSE(read.answer.damaged_partly);
  CHECK(ProfilesLeftOut() > before);
}

TEST_CASE("a text whose font is missing is read as Latin letters") {
  const std::string shows = "BT /F 12 Tf 72 700 Td (page) Tj /G 12 Tf 0 -20 Td (rest \\351) Tj ET";
  const auto page = [&](const std::string& resources) {
    return parsers::PdfOf(
        {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
         "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R" + resources + ">>",
         fmt::format("<</Length {}>>stream\n{}\nendstream", shows.size(), shows)});
  };
  const std::string font = "/F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
  for (const std::string& resources :
       {std::string("/Resources<</Font<<") + font + ">>>>", std::string("/Resources<</Font 7>>"),
        std::string("/Resources 3"), std::string()}) {
    const Read read = ReadBytes(page(resources));
    CHECK(WordsOf(read.text) == "page rest \u00e9");
    CHECK(read.answer.damaged_partly);
  }
}

TEST_CASE("what would be no letters without its font is left out") {
  const std::string shows = "BT /F 12 Tf 72 700 Td (page) Tj /G 12 Tf 0 -20 Td (! $ 3 a *) Tj ET";
  const Read read = ReadBytes(WithPage("/Contents 5 0 R", "", StreamObject(5, shows)));
  CHECK(WordsOf(read.text) == "page");
}

TEST_CASE("each page is judged by itself where pages share their fonts") {
  const std::string shows = "BT /F 12 Tf 72 700 Td (page) Tj /G 12 Tf 0 -20 Td (! $ 3 a *) Tj ET";
  const std::string page = "<</Type/Page/Parent 2 0 R/Contents 6 0 R>>";
  const Read read = ReadBytes(parsers::PdfOf(
      {"<</Type/Catalog/Pages 2 0 R>>",
       "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3/MediaBox[0 0 612 792]/Resources<</Font<</F"
       "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
       page, page, page, fmt::format("<</Length {}>>stream\n{}\nendstream", shows.size(), shows)}));
  CHECK(WordsOf(read.text) == "page page page");
}

TEST_CASE("the language is that of the catalog") {
  CHECK(ReadBytes(WithoutPages("", "", "/Lang(de-CH)")).answer.properties.language == "de-CH");
}

TEST_CASE("what is no PDF is damaged, and a locked one is encrypted") {
  CHECK(ReadBytes("%PDF-1.4 and nothing else").answer.failure == Unreadable::kDamaged);
  CHECK(ReadBytes("").answer.failure == Unreadable::kDamaged);
  const std::string key(64, '0');
  const std::string locked =
      WithoutPages(fmt::format("/Filter/Standard/V 1/R 2/P -4/O<{}>/U<{}>", key, key),
                   "/Encrypt 3 0 R/ID[<00><00>]");
  CHECK(ReadBytes(locked).answer.failure == Unreadable::kEncrypted);
}

TEST_CASE("the text ends at its limit") {
  const Read read = ReadBytes(parsers::Pdf("Count the whimbrels"), 5);
  CHECK(read.text == "Count");
  CHECK(read.answer.truncated);
}

TEST_CASE("comments are text with their authors, and what else is marked on a page is not") {
  const std::string pdf = WithPage(
      "/Annots[<</Subtype/Text/Contents(Ask the notary)/T(Bruno)/Subj(Note)>>"
      "<</Subtype/Highlight/Contents<FEFF005A00FC0072006900630068>/T(Bruno)>>"
      "<</Subtype/Ink/T(Ann)>><</Subtype/Text/Contents(Done)/T(Bruno)>>"
      "<</Subtype/Stamp/Subj(Approved)>>"
      "<</Subtype/Link/Contents(a target)>><</Subtype/Widget/Contents(a tip)/T(Text6)>>"
      "<</Subtype/Popup/Contents(a window)>><</Subtype/Text>> 7 (no annotation)]");
  CHECK(WordsOf(ReadBytes(pdf).text) ==
        "page Bruno Ask the notary Z\u00fcrich Ann Bruno Done Approved");
}

TEST_CASE("comments follow the page that they are on") {
  const auto page = [](int contents, const std::string& comment) {
    return fmt::format(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {} 0 R/Resources<</Font<</F 3 0 "
        "R>>>>/Annots[<</Subtype/Text/Contents({})>>]>>",
        contents, comment);
  };
  const std::string pdf =
      parsers::PdfOf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[4 0 R 5 0 R]/Count 2>>",
                      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", page(6, "first note"),
                      page(7, "second note"),
                      "<</Length 34>>stream\nBT /F 12 Tf 72 700 Td (one1) Tj ET  \nendstream",
                      "<</Length 34>>stream\nBT /F 12 Tf 72 700 Td (two2) Tj ET  \nendstream"});
  CHECK(WordsOf(ReadBytes(pdf).text) == "one1 first note two2 second note");
}

TEST_CASE("what is typed into a page is text once, however it is drawn") {
  const auto typed = [](const std::string& marks) {
    return WordsOf(ReadBytes(WithPage("/Annots[" + marks + "]")).text);
  };
  const auto field = [](const std::string& members) {
    return "<</Subtype/Widget/FT/Tx/T(name)/Rect[0 0 9 9]" + members + ">>";
  };
  // Free text of letters that the standard fonts lack; what the page has already; a value of two
  // lines, and of a field above, which a second mark has, too.
  CHECK(typed("<</Subtype/FreeText/Rect[0 0 9 9]/Contents<FEFF0142014205050501>/T(Ann)>>") ==
        "page Ann \u0142\u0142\u0505\u0501");
  CHECK(typed("<</Subtype/FreeText/AP<</N 4 0 R>>/Contents(page)>>") == "page");
  CHECK(typed(field("/V(two\\r  lines)") + field("/V(two lines)")) == "page two lines");
  CHECK(typed("<</Subtype/Widget/Parent<</FT/Tx/V(above)/Parent<</T(x)>>>>>>") == "page above");
  CHECK(typed(field("/V 4 0 R")) == "page BT /F 12 Tf 72 700 Td (page) Tj ET");  // a stream
  // A password, hidden fields, a button, a field without a value.
  CHECK(typed(field("/Ff 8192/V(secret)")) == "page");
  CHECK(typed(field("/F 2/V(hidden)") + field("/F 32/V(unseen)")) == "page");
  CHECK(typed("<</Subtype/FreeText/F 2/Contents(hidden)>><</Subtype/Stamp/F 32/Subj(unseen)>>") ==
        "page");
  CHECK(typed("<</Subtype/Widget/FT/Btn/V/Off>>" + field("")) == "page");
}

TEST_CASE("bookmarks are text in their order, and a circle of them ends") {
  const std::string pdf = WithPage("", "/Outlines 5 0 R",
                                   "5 0 obj\n<</First 6 0 R>>\nendobj\n"
                                   "6 0 obj\n<</Title(One)/First 7 0 R/Next 8 0 R>>\nendobj\n"
                                   "7 0 obj\n<</Title(One a)/Next 6 0 R>>\nendobj\n"
                                   "8 0 obj\n<</Title(Two)/Next 8 0 R>>\nendobj\n");
  CHECK(WordsOf(ReadBytes(pdf).text) == "page One One a Two");
}

TEST_CASE("attachments have their names, and their text if it is of a format that is read") {
  const std::string nested = parsers::Pdf("whimbrels");
  const std::string docx = parsers::Docx(parsers::Words("quinces"));
  const std::string pdf = WithPage(
      "/Annots[<</Subtype/FileAttachment/FS 9 0 R>>]", "/Names<</EmbeddedFiles 5 0 R>>",
      // A tree with two nodes, one of them its own child.
      "5 0 obj\n<</Kids[6 0 R 7 0 R]>>\nendobj\n"
      "6 0 obj\n<</Names[(a)<</UF(birds.pdf)/EF<</F 10 0 R>>>>(b)<</F(order.docx)/EF<</F 11 0 R>>"
      ">>]>>\nendobj\n"
      "7 0 obj\n<</Kids[7 0 R]/Names[(c) 8 0 R(d) 9 0 R]>>\nendobj\n"
      "8 0 obj\n<</F(x.jpg)/EF<</F 10 0 R>>>>\nendobj\n"
      "9 0 obj\n<</F(list.txt)/EF<</F 12 0 R>>>>\nendobj\n" +
          StreamObject(10, nested) + StreamObject(11, docx) + StreamObject(12, "twelve crates"));
  const Read read = ReadBytes(pdf);
  CHECK(WordsOf(read.text) ==
        "page birds.pdf whimbrels order.docx quinces x.jpg whimbrels list.txt twelve crates");
}

TEST_CASE("an attachment that cannot be read leaves the rest as it is") {
  const std::string pdf = WithPage("",
                                   "/Names<</EmbeddedFiles<</Names[(a)<</F(a.docx)/EF<</F 10 0 "
                                   "R>>>>(b) 7 (c)<</F(lost.txt)>>]>>>>",
                                   StreamObject(10, "PK no archive"));
  const Read read = ReadBytes(pdf);
  CHECK(WordsOf(read.text) == "page a.docx");
  CHECK(read.answer.damaged_partly);
}

TEST_CASE("a form in XFA has the texts of its template and the values of its data") {
  const std::string head = "<xdp:xdp xmlns:xdp='x'><config><text>no text</text></config>";
  const std::string form =
      "<template><subform name='f'><draw><value><text>Sponsor</text></value></draw><draw><value>"
      "<exData><body><p>first</p><p>second</p></body></exData></value></draw><script>code()"
      "</script></subform></template>";
  const std::string data =
      "<xfa:datasets xmlns:xfa='y'><xfa:data><f><name>Mireille &amp; Co & more</name><photo "
      "contentType="
      "'image/png'>iVBORw0K</photo><town>Lyon</town></f></xfa:data></xfa:datasets></xdp:xdp>";
  const std::string words = "page Sponsor first second Mireille & Co & more Lyon";
  const Read whole = ReadBytes(
      WithPage("", "/AcroForm<</Fields[]/XFA 10 0 R>>", StreamObject(10, head + form + data)));
  CHECK(WordsOf(whole.text) == words);
  const Read parts =
      ReadBytes(WithPage("", "/AcroForm<</Fields[]/XFA[(a) 10 0 R(template) 11 0 R(b) 12 0 R]>>",
                         StreamObject(10, head) + StreamObject(11, form) + StreamObject(12, data)));
  CHECK(WordsOf(parts.text) == words);
  const Read broken =
      ReadBytes(WithPage("", "/AcroForm<</Fields[]/XFA 10 0 R>>", StreamObject(10, head + form)));
  CHECK(WordsOf(broken.text) == "page Sponsor first second");
  CHECK(broken.answer.damaged_partly);
}

TEST_CASE("what is beyond the pages ends at the limit of the text, too") {
  const Read read = ReadBytes(WithPage("/Annots[<</Subtype/Text/Contents(Ask the notary)>>]"), 9);
  CHECK(read.answer.truncated);
  CHECK(read.text.size() <= 9);
}

}  // namespace dbxes::pdf
