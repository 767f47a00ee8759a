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

}  // namespace

Parsed<DocumentProperties> ParseCompoundDocument(std::string_view bytes, MailPlace place,
                                                 const ParseLimits& limits, TextSink& sink) {
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
