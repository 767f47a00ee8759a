// SPDX-License-Identifier: Apache-2.0
// What office documents contain besides their own paragraphs and cells: charts, diagrams, imported
// texts and whole documents.
#include "parsers/embedded_part.h"

#include <doctest/doctest.h>

#include <string>

#include "parsers/parse_document.h"
#include "support/office_files.h"

namespace dbxes::parsers {
namespace {

ParsedDocument Parse(const Entries& entries) {
  auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, {});
  REQUIRE(document);
  return *std::move(document);
}

std::string Cache(const std::string& element, const std::string& text) {
  return "<c:" + element + "><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache><c:ptCount val='1'/>" +
         "<c:pt idx='0'><c:v>" + text + "</c:v></c:pt></c:strCache></c:strRef></c:" + element + ">";
}

const std::string kChart =
    "<c:chartSpace xmlns:c='urn:c' xmlns:a='urn:a'><c:chart><c:title><a:p><a:r><a:t>Rainfall"
    "</a:t></a:r></a:p></c:title><c:ser>" +
    Cache("tx", "Reykjavik") + Cache("cat", "Midwinter") +
    "<c:val><c:numRef><c:numCache><c:formatCode>General</c:formatCode><c:pt><c:v>17</c:v></c:pt>"
    "</c:numCache></c:numRef></c:val></c:ser><c:ser>" +
    Cache("tx", "Akureyri") + Cache("cat", "Midwinter") + "</c:ser></c:chart></c:chartSpace>";
const std::string kChartText = "Rainfall\nReykjavik\nMidwinter\n17\nAkureyri\nMidwinter";
const std::string kDiagram =
    "<dgm:dataModel xmlns:dgm='urn:d' xmlns:a='urn:a'><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t>"
    "</a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>";

Entries Document(const std::string& text, const std::string& relations) {
  return OfficeEntries("word/document.xml",
                       "<w:document xmlns:w='urn:w'>" + Words(text) + "</w:document>", relations);
}

Entries Sheet(const std::string& cells, const std::string& styles = "") {
  Entries entries = OfficeEntries(
      "xl/workbook.xml",
      "<workbook xmlns:r='urn:r'><sheets><sheet name='Data' r:id='a'/></sheets></workbook>",
      Relation("a", "worksheet", "sheet1.xml") + Relation("t", "styles", "styles.xml"));
  entries["xl/sheet1.xml"] = "<worksheet><sheetData>" + cells + "</sheetData></worksheet>";
  entries["xl/styles.xml"] = "<styleSheet>" + styles + "</styleSheet>";
  return entries;
}

}  // namespace

TEST_CASE("charts and diagrams of a document have text") {
  Entries entries = Document(
      "See:", Relation("1", "chart", "charts/c.xml") + Relation("2", "diagramData", "d.xml"));
  entries["word/charts/c.xml"] = kChart;
  entries["word/d.xml"] = kDiagram;
  CHECK(Parse(entries).text == "See:\n" + kChartText + "\nPlan");
}

TEST_CASE("numbers are categories of a chart, too, and places of its points") {
  const auto numbers = [](const std::string& element, const std::string& value) {
    return "<c:" + element + "><c:numRef><c:numCache><c:pt><c:v>" + value +
           "</c:v></c:pt></c:numCache></c:numRef></c:" + element + ">";
  };
  Entries entries = Document("See:", Relation("1", "chart", "c.xml"));
  entries["word/c.xml"] = "<c:chart xmlns:c='urn:c'><c:ser>" + numbers("cat", "2019") +
                          numbers("xVal", "0.8") + numbers("yVal", "2.7") +
                          numbers("bubbleSize", "44") + "</c:ser></c:chart>";
  CHECK(Parse(entries).text == "See:\n2019\n0.8\n2.7");
}

TEST_CASE("charts of a sheet are found through its drawing") {
  Entries entries = Sheet("<row><c><v>1</v></c></row>");
  entries["xl/_rels/sheet1.xml.rels"] =
      "<Relationships>" + Relation("d", "drawing", "drawings/d.xml") + "</Relationships>";
  entries["xl/drawings/d.xml"] = "<xdr:wsDr xmlns:xdr='urn:x'/>";
  entries["xl/drawings/_rels/d.xml.rels"] =
      "<Relationships>" + Relation("c", "chart", "../charts/c.xml") + "</Relationships>";
  entries["xl/charts/c.xml"] = kChart;
  CHECK(Parse(entries).text == "Data\n1\n" + kChartText);
}

TEST_CASE("a document within a document has text, one within that has not") {
  Entries inner = Document("inner", Relation("p", "package", "embeddings/deep.docx"));
  inner["word/embeddings/deep.docx"] = Docx(Words("deep"));
  Entries entries = Document("outer", Relation("1", "package", "embeddings/a.docx") +
                                          Relation("2", "package", "embeddings/b.xlsx") +
                                          Relation("3", "package", "embeddings/c.bin"));
  entries["word/embeddings/a.docx"] = ZipOf(inner);
  entries["word/embeddings/b.xlsx"] = ZipOf(Sheet("<row><c><v>95</v></c></row>"));
  entries["word/embeddings/c.bin"] = ZipOf({{"x", "of no known format"}});
  const ParsedDocument document = Parse(entries);
  CHECK(document.text == "outer\ninner\nData\n95");
  CHECK_FALSE(document.damaged_partly);
  entries["word/embeddings/a.docx"].resize(300);
  const ParsedDocument damaged = Parse(entries);
  CHECK(damaged.text.find("95") != std::string::npos);
  CHECK(damaged.damaged_partly);
}

// Otherwise a file of 10 MiB could have a thousand of them, each inflated to the limit.
TEST_CASE("documents within a document share its limits") {
  ParseLimits limits;
  limits.max_inflated_bytes = 200'000;
  std::string relations;
  Entries entries;
  for (const char* name : {"a", "b", "c", "d"}) {
    relations += Relation(name, "package", std::string(name) + ".docx");
  }
  entries = Document("outer", relations);
  for (const char* name : {"a", "b", "c", "d"}) {
    entries[std::string("word/") + name + ".docx"] = Docx(Words(std::string(90'000, 'x') + name));
  }
  const auto document = ParseDocument(ZipOf(entries), DocumentForm::kFile, limits);
  REQUIRE(document);
  CHECK(document->damaged_partly);
  CHECK(document->text.size() < 200'000);
}

TEST_CASE("imported texts belong to the document") {
  Entries entries =
      Document("", Relation("1", "aFChunk", "chunk.html") + Relation("2", "aFChunk", "chunk.txt") +
                       Relation("3", "aFChunk", "chunk.docx"));
  entries["word/document.xml"] =
      "<w:document xmlns:w='urn:w' xmlns:r='urn:r'>" + Words("Before.") +
      "<w:altChunk r:id='1'/><w:altChunk r:id='2'/><w:altChunk r:id='3'/>" + Words("After.") +
      "</w:document>";
  entries["word/chunk.html"] = "<meta charset=windows-1252><p>Terms of <b>deliv\xe9ry</b>";
  entries["word/chunk.txt"] = "plain";
  entries["word/chunk.docx"] = Docx(Words("document"));
  CHECK(Parse(entries).text == "Before.\nTerms of deliv\u00e9ry\nplain\ndocument\nAfter.");
  CHECK_FALSE(Parse(entries).damaged_partly);
  entries.erase("word/chunk.docx");
  CHECK(Parse(entries).damaged_partly);
  CHECK(Parse(entries).text.ends_with("plain\nAfter."));
}

TEST_CASE("entries with backslashes are those with slashes") {
  Entries entries;
  for (const auto& [name, content] : Sheet("<row><c><v>7</v></c></row>")) {
    std::string other = name;
    for (char& c : other) c = c == '/' ? '\\' : c;
    entries[other] = content;
  }
  CHECK(Parse(entries).text == "Data\n7");
}

TEST_CASE("percentages are shown as percentages") {
  const Entries entries = Sheet(
      "<row><c s='0'><v>0.15</v></c><c s='1'><v>0.28999999999999998</v></c>"
      "<c s='2'><v>0.125</v></c><c s='3'><v>0.5</v></c><c s='1'><v>1e300</v></c></row>",
      "<numFmts><numFmt numFmtId='170' formatCode='0.0%;[Red]-0.0%'/>"
      "<numFmt numFmtId='171' formatCode='0.00&quot;%&quot;'/></numFmts><cellXfs>"
      "<xf numFmtId='10'/><xf numFmtId='9'/><xf numFmtId='170'/><xf numFmtId='171'/></cellXfs>");
  CHECK(Parse(entries).text == "Data\n15%\t29%\t12.5%\t0.5\t1e+300");
}

TEST_CASE("headers and footers of sheets have text besides their codes") {
  Entries entries = Sheet("<row><c><v>7</v></c></row>");
  entries["xl/sheet1.xml"] =
      "<worksheet><sheetData/><headerFooter><oddHeader>&amp;L&amp;\"Arial,Bold\"&amp;12Annual "
      "report&amp;R&amp;D</oddHeader><oddFooter>&amp;CR&amp;&amp;D&amp;K01+000 dept&amp;P/&amp;N"
      "</oddFooter></headerFooter></worksheet>";
  CHECK(Parse(entries).text == "Data\nAnnual report\nR&D dept/");
}

TEST_CASE("objects of an OpenDocument text are read, and charts in them") {
  Entries entries = OpenDocumentEntries(
      "text",
      "<office:text xmlns:draw='urn:dr' xmlns:xlink='urn:x'><text:p>Invoice</text:p><text:p>"
      "<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame><draw:object "
      "xlink:href='http://example.com/x'/></text:p></office:text>");
  entries["Object 1/content.xml"] =
      OpenDocumentEntries("spreadsheet",
                          "<office:spreadsheet><table:table table:name='S'><table:table-row>"
                          "<table:table-cell><text:p>Hourly rate</text:p></table:table-cell>"
                          "<table:table-cell><text:p>95</text:p></table:table-cell>"
                          "</table:table-row></table:table></office:spreadsheet>")["content.xml"];
  CHECK(Parse(entries).text == "Invoice\nS\nHourly rate\t95");
}

TEST_CASE("dates of a letter are text, numbers of pages are not, pictures have titles") {
  const Entries entries = OpenDocumentEntries(
      "text",
      "<office:text xmlns:svg='urn:svg' xmlns:draw='urn:dr'><text:p>Oslo, <text:date>3 May 2024"
      "</text:date>, <text:creator>Ann</text:creator></text:p><text:p>x<office:annotation>"
      "<dc:creator>Bo</dc:creator><dc:date>2024-05-04</dc:date><text:p>remark</text:p>"
      "</office:annotation></text:p><text:p><draw:frame><svg:title>dusk</svg:title><svg:desc>A "
      "harbour</svg:desc></draw:frame></text:p><text:p>page <text:page-number>&lt;number&gt;"
      "</text:page-number></text:p></office:text>");
  CHECK(Parse(entries).text == "Oslo, 3 May 2024, Ann\nx\nremark\ndusk\nA harbour\npage");
}

TEST_CASE("books and texts that lack their type are known by what they contain") {
  Entries text = OpenDocumentEntries("text", "<office:text><text:p>word</text:p></office:text>");
  text["META-INF/manifest.xml"] = "<manifest/>";
  text.erase("mimetype");
  CHECK(Parse(text).text == "word");
  const Entries book = {
      {"META-INF/container.xml", "<c><rootfile full-path='p.opf'/></c>"},
      {"p.opf",
       "<package xmlns:dc='urn:dc'><dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>"
       "<manifest><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/></spine>"
       "</package>"},
      {"a.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><p>word</p>"}};
  CHECK(Parse(book).text == "word");
  CHECK(Parse(book).properties.author == "Ann, Bo");
}

}  // namespace dbxes::parsers
