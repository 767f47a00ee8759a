// SPDX-License-Identifier: Apache-2.0
// Office documents and what they are made of. A mutated zip file rarely gets past its checksums, so
// the office formats are fuzzed as the list of their entries, which are zipped here.
#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "base/utf8.h"
#include "content/charset.h"
#include "fuzz/fuzz_target.h"
#include "parsers/archive.h"
#include "parsers/compressed_rtf.h"
#include "parsers/header_codes.h"
#include "parsers/language.h"
#include "parsers/number_format.h"
#include "parsers/parse_document.h"
#include "parsers/properties.h"
#include "parsers/tesseract.h"
#include "parsers/worker_protocol.h"
#include "parsers/xml_reader.h"
#include "support/compound_files.h"
#include "support/office_files.h"

namespace dbxes::fuzz {
namespace {

constexpr parsers::ParseLimits kLimits{1 << 20, 4 << 20, 1000};

void CheckDocument(std::string_view bytes, parsers::DocumentForm form) {
  const auto document = parsers::ParseDocument(bytes, form, kLimits);
  if (!document) return;
  Require(document->text.size() <= kLimits.max_text_bytes, "text stays within its limit");
  if (form == parsers::DocumentForm::kFile) {
    Require(IsUtf8(document->text), "the text of a document is UTF-8");
  }
}

// Only valid UTF-8 gets to it, and bytes that are not must do no harm either.
void GuessLanguage(std::string_view bytes) {
  const std::string code = parsers::GuessLanguage(bytes);
  Require(code.size() <= 10 && IsUtf8(code), "a code of a language is short");
  Require(parsers::GuessLanguage(bytes) == code, "the same text has the same language");
}

// Nothing that tesseract prints may be more than its words.
void ReadTable(std::string_view bytes) {
  Require(parsers::WordsOf(bytes).size() <= bytes.size(), "a table has no more words than bytes");
}

void ReadArchive(std::string_view bytes) {
  CheckDocument(bytes, parsers::DocumentForm::kFile);
  auto archive = parsers::Archive::Open(bytes, kLimits);
  if (!archive) return;
  parsers::ReadProperties(*archive, "docProps/core.xml");
  static_cast<void>(archive->ReadAll("mimetype", 256));
}

// With the checksum that each block would have as a header: few mutations get past it.
void ListTar(std::string_view bytes) {
  constexpr std::size_t kBlock = 512;
  constexpr std::size_t kChecksum = 148;
  std::string tar(bytes);
  for (std::size_t at = 0; at + kBlock <= tar.size(); at += kBlock) {
    tar.replace(at + kChecksum, 8, 8, ' ');
    unsigned sum = 0;
    for (const char byte : std::string_view(tar).substr(at, kBlock)) {
      sum += static_cast<unsigned char>(byte);
    }
    for (std::size_t digit = 0; digit < 6; ++digit) {
      tar[at + kChecksum + 5 - digit] = static_cast<char>('0' + (sum >> (3 * digit) & 7U));
    }
  }
  CheckDocument(bytes, parsers::DocumentForm::kArchiveNames);
  CheckDocument(tar, parsers::DocumentForm::kArchiveNames);
}

// The entries of an office document as one text: each begins with a line "=== NAME".
parsers::Entries EntriesOf(std::string_view bytes) {
  constexpr std::string_view kMark = "=== ";
  constexpr std::size_t kMostEntries = 32;
  parsers::Entries entries;
  while (bytes.starts_with(kMark) && entries.size() < kMostEntries) {
    bytes.remove_prefix(kMark.size());
    const std::size_t line = std::min(bytes.find('\n'), bytes.size());
    const std::string name(bytes.substr(0, line));
    bytes.remove_prefix(std::min(line + 1, bytes.size()));
    const std::size_t next = bytes.find("\n=== ");
    entries[name] = bytes.substr(0, next);
    bytes.remove_prefix(next == std::string_view::npos ? bytes.size() : next + 1);
  }
  return entries;
}

// The archive of these entries, "" where libzip refuses a name or an entry.
std::string ArchiveOf(const parsers::Entries& entries) {
  try {
    return parsers::ZipOf(entries);
  } catch (const std::runtime_error&) {
    return "";
  }
}

void ReadOffice(std::string_view bytes) {
  const std::string archive = ArchiveOf(EntriesOf(bytes));
  if (!archive.empty()) CheckDocument(archive, parsers::DocumentForm::kFile);
}

// The streams of a compound file, as a text like the entries of an office document.
void ReadStreams(std::string_view bytes) {
  CheckDocument(parsers::CompoundOf(EntriesOf(bytes)), parsers::DocumentForm::kFile);
}

void ReadProperties(std::string_view bytes) {
  const std::string zip = parsers::ZipOf({{"meta.xml", std::string(bytes)}});
  auto archive = parsers::Archive::Open(zip, kLimits);
  Require(archive.has_value(), "an archive of our own opens");
  const parsers::DocumentProperties properties = parsers::ReadProperties(*archive, "meta.xml");
  for (const std::string& text : {properties.title, properties.author, properties.language}) {
    Require(IsUtf8(text), "properties are UTF-8");
  }
}

void ReadFile(std::string_view bytes) { CheckDocument(bytes, parsers::DocumentForm::kFile); }

void ReadRtf(std::string_view bytes) {
  // Most mutations lose the mark of the format.
  ReadFile("{\\rtf1 " + std::string(bytes));
}

void RestoreRtf(std::string_view bytes) { Touch(parsers::DecompressRtf(bytes)); }

void ReadMail(std::string_view bytes) { ReadFile("Subject: x\n" + std::string(bytes)); }

// A few bytes again and again: what nests without end, or looks at all that was before, shows. The
// first byte chooses the format.
void ReadRepeated(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 64;
  constexpr std::size_t kFileBytes = std::size_t{512} << 10;
  constexpr std::string_view kBegins[] = {"{\\rtf1 ",
                                          "Subject: x\n",
                                          "Content-Type: multipart/mixed; boundary=b\n\n",
                                          "<html>",
                                          "<?xml version=\"1.0\"?><x>",
                                          "From a@b\n"};
  if (bytes.size() < 2 || bytes.size() > kMostBytes) return;
  std::string file(kBegins[static_cast<unsigned char>(bytes[0]) % std::size(kBegins)]);
  while (file.size() < kFileBytes) file += bytes.substr(1);
  ReadFile(file);
}

class Recorder final : public parsers::XmlHandler {
 public:
  void Start(std::string_view name, const parsers::XmlAttributes& attributes) override {
    events_ += "<";
    events_ += name;
    events_ += attributes.Find("id");
    events_ += attributes.FindQualified("id");
  }
  void End(std::string_view name) override {
    events_ += ">";
    events_ += name;
  }
  void Text(std::string_view text) override { events_ += text; }

  const std::string& events() const { return events_; }

 private:
  std::string events_;
};

std::pair<parsers::XmlReader::State, std::string> ReadInPieces(std::string_view bytes,
                                                               std::size_t piece) {
  Recorder recorder;
  parsers::XmlReader reader(recorder);
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto state = reader.Feed(bytes.substr(at, piece));
    if (state != parsers::XmlReader::State::kReading) return {state, recorder.events()};
  }
  const auto state = reader.Finish();
  return {state, recorder.events()};
}

void ReadXml(std::string_view bytes) {
  const auto whole = ReadInPieces(bytes, bytes.size() + 1);
  const auto pieces = ReadInPieces(bytes, 7);
  Require(whole.first == pieces.first, "pieces of XML are read as the whole is");
  // What came before a mistake may depend on where the pieces end.
  if (whole.first != parsers::XmlReader::State::kDone) return;
  Require(whole.second == pieces.second, "pieces of XML have the events of the whole");
}

void ReadPdfText(std::string_view bytes) { CheckDocument(bytes, parsers::DocumentForm::kPdfText); }

void ReadPacket(std::string_view bytes) {
  const auto packet = parsers::Decode(bytes);
  if (!packet) return;
  const std::string again = std::visit([](const auto& one) { return Encode(one); }, *packet);
  Require(parsers::Decode(again).has_value(), "a packet that was read can be written");
}

void FormatCell(std::string_view bytes) {
  const bool epoch_1904 = TakeByte(bytes) % 2 == 1;
  parsers::IsDateFormat(bytes);
  Require(parsers::FormatNumber(bytes).size() <= bytes.size() + 32, "a number stays short");
  Require(parsers::FormatDate(bytes, epoch_1904).size() <= bytes.size() + 32, "a date stays short");
}

void ReadHeaderCodes(std::string_view bytes) {
  Require(parsers::WithoutHeaderCodes(bytes).size() <= bytes.size(), "codes are left out");
}

const Registration archive("archive", ReadArchive);
const Registration tar("tar", ListTar);
const Registration tesseract("tesseract", ReadTable);
const Registration language("language", GuessLanguage);
const Registration docx("docx", ReadOffice);
const Registration xlsx("xlsx", ReadOffice);
const Registration pptx("pptx", ReadOffice);
const Registration open_document("open_document", ReadOffice);
const Registration epub("epub", ReadOffice);
const Registration properties("properties", ReadProperties);
const Registration rtf("rtf", ReadRtf);
const Registration mail("mail", ReadMail);
const Registration repeated("repeated", ReadRepeated);
const Registration compound_file("compound_file", ReadFile);
const Registration compound_streams("compound_streams", ReadStreams);
const Registration compressed_rtf("compressed_rtf", RestoreRtf);
const Registration xml_document("xml_document", ReadFile);
const Registration pages("pages", ReadOffice);
const Registration xml("xml", ReadXml);
const Registration pdf_text("pdf_text", ReadPdfText);
const Registration worker_packet("worker_packet", ReadPacket);
const Registration header_codes("header_codes", ReadHeaderCodes);
const Registration number_format("number_format", FormatCell);

}  // namespace
}  // namespace dbxes::fuzz
