// SPDX-License-Identifier: Apache-2.0
#include "pdf/document.h"

#include <Error.h>
#include <ErrorCodes.h>
#include <GlobalParams.h>
#include <PDFDoc.h>
#include <Page.h>
#include <TextOutputDev.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "parsers/embedded.h"
#include "parsers/parse_document.h"
#include "parsers/properties.h"
#include "parsers/text_sink.h"
#include "pdf/attachments.h"
#include "pdf/beyond_pages.h"
#include "pdf/form_text.h"
#include "pdf/missing_fonts.h"
#include "pdf/page_marks.h"
#include "pdf/poppler_object.h"
#include "pdf/salvage.h"

namespace dbxes::pdf {
namespace {

// Resolution at which a pixel is a point, the unit of the file: pdftotext's default.
constexpr double kPointsPerInch = 72;

// Poppler reports to a function without a context. It skips what it cannot read, says so, and goes
// on; what it finds odd and reads all the same is a warning.
bool g_damaged = false;
MissingFonts g_missing_fonts;

void OnError(ErrorCategory category, Goffset, const char* message) {
  if (category == errSyntaxError) g_damaged = true;
  g_missing_fonts.OnError(message);
}

void Collect(void* page, const char* text, int length) {
  static_cast<std::string*>(page)->append(text, static_cast<std::size_t>(length));
}

struct OpenFile {
  std::unique_ptr<const std::string> salvaged;  // its bytes, if they are not those that were given
  std::unique_ptr<PDFDoc> file;
};

bool HasPage(PDFDoc& file) {
  if (!file.isOk()) return false;
  constexpr int kMostTried = 1000;
  const int pages = std::min(file.getNumPages(), kMostTried);
  for (int number = 1; number <= pages; ++number) {
    if (file.getPage(number) != nullptr) return true;
  }
  return false;
}

// A file of which no page can be found is salvaged, unless that finds none, either.
OpenFile Open(std::string_view bytes) {
  OpenFile opened{nullptr, std::make_unique<PDFDoc>(StreamOf(bytes))};
  if (opened.file->getErrorCode() == errEncrypted || HasPage(*opened.file)) return opened;
  const Salvage salvage(bytes);
  if (!salvage.has_objects()) return opened;
  for (const PageTree tree : {PageTree::kOfFile, PageTree::kNew}) {
    OpenFile other{std::make_unique<const std::string>(salvage.File(tree)), nullptr};
    other.file = std::make_unique<PDFDoc>(StreamOf(*other.salvaged));
    if (!HasPage(*other.file)) continue;
    g_damaged = true;
    return other;
  }
  return opened;
}

bool HasText(std::string_view page) { return page.find_first_not_of(" \t\r\n\f") != page.npos; }

void WritePage(PDFDoc& file, int number, TextOutputDev& output) {
  file.displayPage(&output, number, kPointsPerInch, kPointsPerInch, /*rotate=*/0,
                   /*useMediaBox=*/true, /*crop=*/false, /*printing=*/false);
}

// With the marks on each page. Returns the pages that have no text.
std::vector<std::uint32_t> WritePages(PDFDoc& file, TextStream& text) {
  std::vector<std::uint32_t> textless;
  std::string page;
  TextOutputDev output(Collect, &page, /*physLayoutA=*/false, /*fixedPitchA=*/0,
                       /*rawOrderA=*/false);
  output.setTextEOL(eolUnix);
  output.setTextPageBreaks(false);
  PageMarks marks;
  const int pages = file.getNumPages();
  for (int number = 1; number <= pages && !text.full() && !text.failed(); ++number) {
    WritePage(file, number, output);
    Page* const read = file.getPage(number);
    auto had = read == nullptr ? std::nullopt : g_missing_fonts.GiveTo(*read, file.getXRef());
    if (had) {
      const std::string without = std::exchange(page, "");
      WritePage(file, number, output);
      if (!GainsWords(without, page)) page = without;
      *read->getResourceDictObject() = std::move(*had);
    }
    const bool counts = !HasText(page) && textless.size() < parsers::kMostTextlessPages;
    if (counts) textless.push_back(static_cast<std::uint32_t>(number));
    text.Append(page);
    if (read != nullptr) {
      for (const std::string& mark : marks.Of(read->getAnnotsObject(), page)) {
        text.AppendParagraph(mark);
      }
    }
    page.clear();
  }
  return textless;
}

parsers::DocumentProperties PropertiesOf(PDFDoc& file) {
  parsers::DocumentProperties properties;
  const Object info = file.getDocInfo();
  properties.title = parsers::CleanProperty(TextOf(Member(info, "Title")));
  properties.author = parsers::CleanProperty(TextOf(Member(info, "Author")));
  const Object catalog = file.getXRef()->getCatalog();
  properties.language = parsers::CleanProperty(TextOf(Member(catalog, "Lang")));
  return properties;
}

// One level deep, as in other formats: what is within it is not read.
void AppendAttachment(const Attachment& attachment, const parsers::ParseLimits& limits,
                      TextStream& text) {
  text.AppendParagraph(attachment.name);
  if (parsers::IsPdf(attachment.bytes)) {
    const OpenFile attached = Open(attachment.bytes);
    if (!attached.file->isOk()) g_damaged = true;
    if (attached.file->isOk()) WritePages(*attached.file, text);
    return;
  }
  parsers::TextSink sink(text.room());
  parsers::ReadEmbedded(attachment.bytes, attachment.name, limits, sink);
  if (sink.left_out()) g_damaged = true;
  text.AppendParagraph(sink.Take());
}

void WriteBeyondPages(PDFDoc& file, const parsers::ParseLimits& limits, TextStream& text) {
  const Object catalog = file.getXRef()->getCatalog();
  for (const std::string& title : BookmarksOf(catalog)) text.AppendParagraph(title);
  text.AppendParagraph(FormTextOf(FormOf(catalog), text.room(), g_damaged));
  ForEachAttachment(file, catalog, [&](const Attachment& attachment) {
    AppendAttachment(attachment, limits, text);
    return !text.full() && !text.failed();
  });
}

}  // namespace

void LoadPoppler() {
  globalParams = std::make_unique<GlobalParams>();
  globalParams->setTextEncoding("UTF-8");
  setErrorCallback(OnError);
}

parsers::WorkerAnswer ReadDocument(std::string_view bytes, const parsers::ParseLimits& limits,
                                   TextStream& text,
                                   const std::function<void(const parsers::WorkerAnswer&)>& begun) {
  parsers::WorkerAnswer answer;
  g_damaged = false;
  const OpenFile opened = Open(bytes);
  PDFDoc& file = *opened.file;
  if (!file.isOk()) {
    answer.failure = file.getErrorCode() == errEncrypted ? parsers::Unreadable::kEncrypted
                                                         : parsers::Unreadable::kDamaged;
    return answer;
  }
  answer.properties = PropertiesOf(file);
  begun(answer);
  answer.textless_pages = WritePages(file, text);
  WriteBeyondPages(file, limits, text);
  if (text.failed()) {
    answer.failure = parsers::Unreadable::kTooComplex;
    return answer;
  }
  // Poppler opens files of which nothing is left.
  if (text.written() == 0 && file.getNumPages() <= 0) {
    answer.failure = parsers::Unreadable::kDamaged;
    return answer;
  }
  answer.text_bytes = text.written();
  answer.truncated = text.full();
  answer.damaged_partly = g_damaged;
  return answer;
}

}  // namespace dbxes::pdf
