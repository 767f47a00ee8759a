// SPDX-License-Identifier: Apache-2.0
#include "content/content_plan.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/hash.h"

namespace dbxes::content {
namespace {

delta::Entry File(std::string_view name) {
  delta::Entry entry;
  entry.kind = delta::EntryKind::kFile;
  entry.id = "id:1";
  entry.name = name;
  entry.rev = "rev1";
  entry.content_hash = "hash1";
  entry.size = 100;
  return entry;
}

delta::Entry Document(bool markdown, bool html, std::string_view export_as) {
  delta::Entry entry = File("plan.paper");
  entry.is_downloadable = false;
  entry.exports_markdown = markdown;
  entry.exports_html = html;
  entry.export_as = export_as;
  return entry;
}

ContentPlan Plan(const delta::Entry& entry, const config::ExtractionConfig& config = {}) {
  return ContentPlanner(config).Plan(entry);
}

}  // namespace

TEST_CASE("what is fetched follows from the entry") {
  const ContentPlan text = Plan(File("A.TXT"));
  CHECK(text.fetch);
  CHECK(text.route == FetchRoute::kDownload);
  CHECK(text.bytes == 100);
  CHECK(text.fingerprint != 0);
  CHECK(Plan(File("a.html")).format == TextFormat::kHtml);
  CHECK(Plan(File("a.jpg")).reason == NoContent::kType);
  for (const char* name : {"README", ".profile", "Minutes."}) {
    CAPTURE(name);
    CHECK(Plan(File(name)).fetch);
    CHECK(Plan(File(name)).format == TextFormat::kByContent);
  }
  config::ExtractionConfig without_names;
  without_names.extensions = "-.";
  CHECK(Plan(File("README"), without_names).reason == NoContent::kType);

  CHECK(Plan(File("a.docx")).format == TextFormat::kParsed);

  delta::Entry entry = File("a.txt");
  entry.size = 0;
  // An odd size that was dropped, as the hash shows.
  CHECK(Plan(entry).fetch);
  CHECK(Plan(entry).bytes == config::ExtractionConfig().MaxFileBytes());
  entry.content_hash = {};
  CHECK(Plan(entry).reason == NoContent::kEmpty);
  entry.content_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  CHECK(Plan(entry).reason == NoContent::kEmpty);
  entry.size = config::ExtractionConfig().max_file_download_size;
  CHECK(Plan(entry).fetch);
  ++entry.size;
  CHECK(Plan(entry).reason == NoContent::kTooLarge);
  entry = File("a.txt");
  entry.is_symlink = true;
  CHECK(Plan(entry).reason == NoContent::kType);
  entry = File("a.txt");
  entry.kind = delta::EntryKind::kFolder;
  CHECK_FALSE(Plan(entry).fetch);
  CHECK(Plan(entry).reason == NoContent::kNone);
}

TEST_CASE("documents of the cloud are exported as text, whatever their size and name") {
  config::ExtractionConfig html;
  html.paper_format = config::PaperFormat::kHtml;
  delta::Entry both = Document(true, true, "markdown");
  both.name = "plan";
  both.size = 0;
  CHECK(Plan(both).fetch);
  CHECK(Plan(both).route == FetchRoute::kExport);
  CHECK(Plan(both).export_format == "markdown");
  CHECK(Plan(both).format == TextFormat::kPlain);
  CHECK(Plan(both, html).export_format == "html");
  CHECK(Plan(both, html).format == TextFormat::kHtml);
  CHECK(Plan(Document(false, true, "")).export_format == "html");
  CHECK(Plan(Document(true, false, ""), html).export_format == "markdown");
  // Named nowhere but in export_as.
  CHECK(Plan(Document(false, false, "markdown")).export_format == "markdown");
  CHECK(Plan(Document(false, false, "csv")).export_format == "csv");
  CHECK(Plan(Document(false, false, "xlsx")).format == TextFormat::kParsed);
  CHECK(Plan(Document(false, false, "gdraw")).reason == NoContent::kType);
  CHECK(Plan(Document(false, false, "")).reason == NoContent::kType);
  config::ExtractionConfig no_paper;
  no_paper.extensions = "-paper";
  CHECK(Plan(both, no_paper).reason == NoContent::kType);
  // Downloadable, and merely called so.
  CHECK(Plan(File("x.paper")).route == FetchRoute::kDownload);
  // A template of Paper is exported like a document.
  delta::Entry model = both;
  model.name = "model.papert";
  CHECK(Plan(model).fetch);
  CHECK(Plan(model).export_format == "markdown");
}

TEST_CASE("a file that came by a link is fetched through it, as its revision says") {
  dropbox::LinkedFile file;
  file.name = "offer.TXT";
  file.url = "https://www.dropbox.com/scl/fi/x/offer.txt?dl=0";
  file.rev = "rev1";
  file.size = 100;
  const config::ExtractionConfig config;
  const ContentPlanner planner(config);
  const ContentPlan plan = planner.Plan(file);
  CHECK(plan.fetch);
  CHECK(plan.route == FetchRoute::kSharedLink);
  CHECK(plan.link == file.url);
  CHECK(plan.bytes == 100);
  CHECK(planner.FingerprintOf({"", "rev1", ""}, false, plan.format) == plan.fingerprint);
  dropbox::LinkedFile other = file;
  other.rev = "rev2";
  CHECK(planner.Plan(other).fingerprint != plan.fingerprint);
  other = file;
  other.name = "offer.jpg";
  CHECK(planner.Plan(other).reason == NoContent::kType);
  other = file;
  other.size = 0;
  CHECK(planner.Plan(other).reason == NoContent::kEmpty);
  other.size = config.max_file_download_size + 1;
  CHECK(planner.Plan(other).reason == NoContent::kTooLarge);
  other = file;
  other.allows_download = false;
  CHECK(planner.Plan(other).reason == NoContent::kRefused);
  config::ExtractionConfig off;
  off.mode = config::ExtractionMode::kOff;
  CHECK_FALSE(ContentPlanner(off).Plan(file).fetch);
  CHECK(ContentPlanner(off).Plan(file).reason == NoContent::kNone);
}

TEST_CASE("the fingerprint changes with the content and with what becomes of it, and else never") {
  const delta::Entry entry = File("a.txt");
  const std::uint64_t fingerprint = Plan(entry).fingerprint;
  delta::Entry moved = File("b.md");
  moved.rev = "rev2";
  CHECK(Plan(moved).fingerprint == fingerprint);
  delta::Entry changed = entry;
  changed.content_hash = "hash2";
  CHECK(Plan(changed).fingerprint != fingerprint);
  CHECK(Plan(File("a.html")).fingerprint != fingerprint);
  delta::Entry without = entry;
  without.content_hash = {};
  CHECK(Plan(without).fingerprint != fingerprint);
  delta::Entry edited = without;
  edited.rev = "rev2";
  CHECK(Plan(edited).fingerprint != Plan(without).fingerprint);

  config::ExtractionConfig config;
  config.max_body_chars = 5;
  CHECK(Plan(entry, config).fingerprint != fingerprint);
  config = {};
  config.reduce_whitespace = true;
  CHECK(Plan(entry, config).fingerprint != fingerprint);
  config = {};
  config.guess_language = true;
  CHECK(Plan(entry, config).fingerprint != fingerprint);
  config.mode = config::ExtractionMode::kService;
  const std::uint64_t service = Plan(entry, config).fingerprint;
  config.guess_language = false;  // nothing guesses there
  CHECK(Plan(entry, config).fingerprint == service);
  config = {};
  config.extensions = "txt";
  config.max_file_download_size = 1000;
  config.max_memory = 10'000;
  CHECK(Plan(entry, config).fingerprint == fingerprint);
}

// The numbers change only with a reader: no other update extracts every file again.
TEST_CASE("a fingerprint has the version of the reader of its format") {
  const auto with_version = [](TextFormat format, int version) {
    return static_cast<int>(format) + (version << 8);
  };
  CHECK(Plan(File("a.txt")).fingerprint ==
        Hash64(fmt::format("hash1\n{}\n1 local 0 false", with_version(TextFormat::kPlain, 1))));
  // Only files of a family whose reader has changed are fetched again.
  const auto parsed = [&](int version) {
    return Hash64(
        fmt::format("hash1\n{}\n1 local 0 false", with_version(TextFormat::kParsed, version)));
  };
  for (const char* name : {"a.odt", "a.epub", "a.xps"}) {
    CHECK_MESSAGE(Plan(File(name)).fingerprint == parsed(4), name);
  }
  CHECK(Plan(File("a.docx")).fingerprint == parsed(5));
  CHECK(Plan(File("a.eml")).fingerprint == parsed(5));
  CHECK(Plan(File("a.rtf")).fingerprint == parsed(5));
  CHECK(Plan(File("a.doc")).fingerprint == parsed(7));
  // A file that gets an extension, or another one, is read in another way.
  config::ExtractionConfig archives;
  archives.extensions = "+zip";
  const ContentPlanner planner(archives);
  CHECK(planner.Plan(File("backup")).fingerprint != planner.Plan(File("backup.zip")).fingerprint);
  CHECK(ContentPlanner({}, {.pdf_program = false}).Plan(File("a.pdf")).fingerprint == parsed(7));
  config::ExtractionConfig pipeline;
  pipeline.mode = config::ExtractionMode::kPipeline;
  CHECK(
      Plan(File("a.txt"), pipeline).fingerprint ==
      Hash64(fmt::format("hash1\n{}\n1 pipeline 0 false", static_cast<int>(TextFormat::kOpaque))));
  delta::Entry exported = File("a.html");
  exported.content_hash = {};
  CHECK(Plan(exported).fingerprint ==
        Hash64(fmt::format("rev1\n{}\n1 local 0 false", with_version(TextFormat::kHtml, 1))));
}

TEST_CASE("what was served counts, not what was listed") {
  const config::ExtractionConfig config;
  const ContentPlanner planner(config);
  const ContentPlan plan = planner.Plan(File("a.txt"));
  CHECK(planner.FingerprintOf({"", "rev9", "hash1"}, true, plan.format) == plan.fingerprint);
  CHECK(planner.FingerprintOf({"", "rev1", "hash2"}, true, plan.format) != plan.fingerprint);
  delta::Entry without = File("a.txt");
  without.content_hash = {};
  CHECK(planner.FingerprintOf({"", "rev1", "hash1"}, false, plan.format) ==
        planner.Plan(without).fingerprint);
}

TEST_CASE("nothing is fetched when extraction is off") {
  config::ExtractionConfig config;
  config.mode = config::ExtractionMode::kOff;
  CHECK_FALSE(Plan(File("a.txt"), config).fetch);
  CHECK(Plan(File("a.txt"), config).reason == NoContent::kNone);
}

TEST_CASE("PDFs are left where they are while nothing reads them, but for who reads all itself") {
  config::ExtractionConfig config;
  CHECK(ContentPlanner(config).Plan(File("a.pdf")).fetch);
  CHECK(ContentPlanner(config, {.pdf = false}).Plan(File("a.pdf")).reason ==
        NoContent::kNoPdftotext);
  CHECK(ContentPlanner(config, {.pdf = false}).Plan(File("a.docx")).fetch);
  CHECK(ContentPlanner(config, {.pdf = false}).Plan(Document(false, false, "pdf")).reason ==
        NoContent::kNoPdftotext);
  config.mode = config::ExtractionMode::kPipeline;
  CHECK(ContentPlanner(config, {.pdf = false}).Plan(File("a.pdf")).fetch);
}

TEST_CASE("pictures are fetched with ocr; without tesseract, what was read of them stays") {
  config::ExtractionConfig config;
  const ContentPlan pdf = Plan(File("a.pdf"), config);
  const ContentPlan text = Plan(File("a.txt"), config);
  CHECK(Plan(File("a.png"), config).reason == NoContent::kType);
  config.ocr.on = true;
  const ContentPlan picture = Plan(File("a.png"), config);
  CHECK(picture.fetch);
  CHECK(picture.format == TextFormat::kPicture);
  // A scanned PDF has words now, and a text has the same ones.
  CHECK(Plan(File("a.pdf"), config).fingerprint != pdf.fingerprint);
  CHECK(Plan(File("a.txt"), config).fingerprint == text.fingerprint);
  const ContentPlan without = ContentPlanner(config, {.pictures = false}).Plan(File("a.png"));
  CHECK_FALSE(without.fetch);
  CHECK(without.reason == NoContent::kNoOcr);
  CHECK(without.fingerprint == picture.fingerprint);
  CHECK(ContentPlanner(config, {.pictures = false}).Plan(File("a.pdf")).fetch);
  config.ocr.languages = "deu";
  CHECK(Plan(File("a.png"), config).fingerprint != picture.fingerprint);
  config.mode = config::ExtractionMode::kPipeline;
  CHECK(Plan(File("a.png"), config).reason == NoContent::kType);
}

TEST_CASE("dbx-es-pdf reads again what pdftotext has read, and not the other way") {
  const config::ExtractionConfig config;
  const ContentPlanner program(config);
  const ContentPlanner pdftotext(config, {.pdf_program = false});
  const ContentPlan better = program.Plan(File("a.pdf"));
  const ContentPlan worse = pdftotext.Plan(File("a.pdf"));
  CHECK(better.fingerprint != worse.fingerprint);
  CHECK_FALSE(better.IsCurrent(worse.fingerprint));
  CHECK(better.IsCurrent(better.fingerprint));
  CHECK(worse.IsCurrent(worse.fingerprint));
  CHECK(worse.IsCurrent(better.fingerprint));
  CHECK_FALSE(worse.IsCurrent(0));
  CHECK_FALSE(better.IsCurrent(0));
  // With neither, both stay.
  const ContentPlan none =
      ContentPlanner(config, {.pdf = false, .pdf_program = false}).Plan(File("a.pdf"));
  CHECK(none.IsCurrent(better.fingerprint));
  CHECK(none.IsCurrent(worse.fingerprint));
  CHECK(pdftotext.Plan(File("a.docx")).better_fingerprint == 0);
  CHECK(pdftotext.FingerprintOf({"", "rev1", "hash1"}, true, TextFormat::kPdf) ==
        worse.fingerprint);
}

}  // namespace dbxes::content
