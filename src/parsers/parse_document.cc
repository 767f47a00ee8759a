// SPDX-License-Identifier: Apache-2.0
#include "parsers/parse_document.h"

#include <string>
#include <utility>

#include "base/result.h"
#include "base/safe_text.h"
#include "content/charset.h"
#include "content/first_bytes.h"
#include "parsers/archive.h"
#include "parsers/compound_document.h"
#include "parsers/compound_file.h"
#include "parsers/encrypted_package.h"
#include "parsers/epub.h"
#include "parsers/excel_binary.h"
#include "parsers/language.h"
#include "parsers/mail.h"
#include "parsers/office_open_xml.h"
#include "parsers/open_document.h"
#include "parsers/page_archive.h"
#include "parsers/pdf_text.h"
#include "parsers/rtf.h"
#include "parsers/tar_names.h"
#include "parsers/text_sink.h"
#include "parsers/xml_document.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kPdfMarkWithin = 1024;
constexpr std::size_t kMostMimetype = 256;

Parsed<DocumentProperties> ParseArchive(std::string_view bytes, const ParseLimits& limits,
                                        TextSink& sink) {
  TRY_ASSIGN(auto archive, Archive::Open(bytes, limits));
  if (archive.salvaged()) sink.LeaveOut(Unreadable::kDamaged);
  if (IsVisioDrawing(archive)) return ParseVisioDrawing(archive, sink);
  if (IsXps(archive)) return ParseXps(archive, sink);
  if (archive.Has("[Content_Types].xml")) return ParseOfficeOpenXml(archive, sink);
  const auto type = archive.ReadAll("mimetype", kMostMimetype);
  if (type && type->find("application/epub+zip") == 0) return ParseEpub(archive, sink);
  const bool successor = type && type->starts_with("application/vnd.oasis.opendocument.");
  if (successor || (type && type->starts_with("application/vnd.sun.xml."))) {
    return ParseOpenDocument(archive, sink);
  }
  // Some programs forget the type.
  if (archive.Has("META-INF/container.xml")) return ParseEpub(archive, sink);
  if (archive.Has("META-INF/manifest.xml") && archive.Has("content.xml")) {
    return ParseOpenDocument(archive, sink);
  }
  return tl::unexpected(Unreadable::kUnsupported);
}

Parsed<DocumentProperties> ConvertText(std::string_view bytes, DocumentForm form, TextSink& sink) {
  const bool markup = form == DocumentForm::kMarkup;
  const auto text = content::ToUtf8(std::string(bytes),
                                    markup ? content::DeclaredCharset(bytes) : std::string_view());
  if (!text) return tl::unexpected(Unreadable::kNotText);
  sink.Append(*text);
  return DocumentProperties{};
}

Parsed<DocumentProperties> ListArchive(std::string_view bytes, const ParseLimits& limits,
                                       TextSink& sink) {
  if (IsGzip(bytes) || IsTar(bytes)) {
    TRY(IsGzip(bytes) ? ListGzip(bytes, limits, sink) : ListTar(bytes, limits, sink));
    return DocumentProperties{};
  }
  TRY_ASSIGN(const auto archive, Archive::Open(bytes, limits));
  if (archive.salvaged()) sink.LeaveOut(Unreadable::kDamaged);
  for (const std::string& name : archive.Names()) {
    // What is in a folder names it.
    if (sink.full() || name.ends_with('/')) continue;
    sink.Append(WellFormedUtf8(name));
    sink.EndLine();
  }
  return DocumentProperties{};
}

Parsed<DocumentProperties> ParseCompound(std::string_view bytes, MailPlace place,
                                         const ParseLimits& limits, TextSink& sink) {
  const bool names_package = NamesEncryptedPackage(bytes);
  if (const auto package = names_package ? OpenEncryptedPackage(bytes, limits) : std::nullopt) {
    return ParseArchive(*package, limits, sink);
  }
  auto read = ParseCompoundDocument(bytes, place, limits, sink);
  // It may also be the attachment of a mail.
  if (!read && names_package) return tl::unexpected(Unreadable::kEncrypted);
  return read;
}

// By its first bytes.
Parsed<DocumentProperties> ParseFile(std::string_view bytes, MailPlace place,
                                     const ParseLimits& limits, TextSink& sink) {
  if (bytes.substr(0, 2) == "PK") return ParseArchive(bytes, limits, sink);
  if (IsCompoundFile(bytes)) return ParseCompound(bytes, place, limits, sink);
  if (IsRtf(bytes)) return ParseRtf(bytes, sink);
  if (IsMarkup(bytes)) return ParseMarkup(bytes, sink);
  if (IsMail(bytes)) return ParseMail(bytes, place, limits, sink);
  if (IsExcelStream(bytes)) {
    TRY(ReadExcelStream(bytes, sink));
    return DocumentProperties{};
  }
  // Programs save tables as "xls" and notes as "doc" that are plain text.
  if (!bytes.empty() && content::FormatByContent(bytes) == content::TextFormat::kPlain) {
    return ConvertText(bytes, DocumentForm::kText, sink);
  }
  return tl::unexpected(Unreadable::kDamaged);
}

Parsed<DocumentProperties> ParseAny(std::string_view bytes, DocumentForm form,
                                    const ParseLimits& limits, TextSink& sink) {
  if (form == DocumentForm::kLanguage) return DocumentProperties{"", "", GuessLanguage(bytes)};
  if (form == DocumentForm::kPicture) return tl::unexpected(Unreadable::kUnsupported);
  if (form == DocumentForm::kArchiveNames) return ListArchive(bytes, limits, sink);
  if (form == DocumentForm::kPdfText) return ParsePdfText(bytes, sink);
  if (form != DocumentForm::kFile) return ConvertText(bytes, form, sink);
  return ParseFile(bytes, MailPlace::kOutermost, limits, sink);
}

}  // namespace

Parsed<ParsedDocument> ParseDocument(std::string_view bytes, DocumentForm form,
                                     const ParseLimits& limits) {
  TextSink sink(limits.max_text_bytes);
  TRY_ASSIGN(auto properties, ParseAny(bytes, form, limits, sink));
  ParsedDocument document;
  document.properties = std::move(properties);
  document.truncated = sink.full();
  document.text = sink.Take();
  document.attached_pdfs = sink.TakePdfs();
  document.damaged_partly = sink.left_out().has_value();
  // Without any text, it does not matter how many of the parts could be read.
  if (document.damaged_partly && document.text.empty() && document.attached_pdfs.empty())
    return tl::unexpected(*sink.left_out());
  return document;
}

Parsed<void> ParseEmbedded(std::string_view bytes, const ParseLimits& limits, TextSink& sink) {
  const auto read = ParseFile(bytes, MailPlace::kEmbedded, limits, sink);
  if (!read) return tl::unexpected(read.error());
  return {};
}

bool IsPdf(std::string_view bytes) {
  if (bytes.starts_with("%PDF-")) return true;
  // Other formats may contain one, as their first bytes or their last.
  if (bytes.starts_with("PK") || IsCompoundFile(bytes) || IsRtf(bytes)) return false;
  const std::string_view begin = bytes.substr(0, kPdfMarkWithin);
  const std::string_view end = bytes.substr(bytes.size() - begin.size());
  const bool begins = begin.find("%PDF-") != std::string_view::npos;
  const bool ends = end.find("startxref") != std::string_view::npos &&
                    end.find("%%EOF") != std::string_view::npos;
  if (begins && ends) return true;
  return (begins || ends) && !IsMail(bytes) && !IsMarkup(bytes);
}

}  // namespace dbxes::parsers
