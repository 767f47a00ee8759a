// SPDX-License-Identifier: Apache-2.0
#include "parsers/compound_document.h"

#include <array>

#include "base/result.h"
#include "parsers/compound_file.h"
#include "parsers/excel_binary.h"
#include "parsers/outlook_message.h"
#include "parsers/powerpoint_binary.h"
#include "parsers/summary_information.h"
#include "parsers/word_binary.h"

namespace dbxes::parsers {
namespace {

using Reader = Parsed<void> (*)(const CompoundFile& file, TextSink& sink);
struct Format {
  std::string_view stream;  // that every document of the format has
  Reader read;
};
constexpr std::array kFormats{
    Format{"WordDocument", ReadWordDocument}, Format{"Workbook", ReadExcelWorkbook},
    Format{"Book", ReadExcelWorkbook}, Format{"PowerPoint Document", ReadPowerPointPresentation}};

// The whole of a document of Office 2007 or later that has a password ([MS-OFFCRYPTO] 2.3.4.4),
// even if it breaks off.
bool IsEncryptedPackage(std::string_view bytes) {
  constexpr std::string_view kName("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);
  return bytes.find(kName) != std::string_view::npos;
}

}  // namespace

Parsed<DocumentProperties> ParseCompoundDocument(std::string_view bytes, MailPlace place,
                                                 const ParseLimits& limits, TextSink& sink) {
  if (IsEncryptedPackage(bytes)) return tl::unexpected(Unreadable::kEncrypted);
  TRY_ASSIGN(const auto file, CompoundFile::Open(bytes, limits));
  if (IsOutlookMessage(file)) return ReadOutlookMessage(file, place, limits, sink);
  for (const Format& format : kFormats) {
    if (!file.Find(CompoundFile::kRoot, format.stream)) continue;
    TRY(format.read(file, sink));
    return ReadSummaryInformation(file);
  }
  return tl::unexpected(Unreadable::kUnsupported);
}

}  // namespace dbxes::parsers
