// SPDX-License-Identifier: Apache-2.0
// How the number in a cell of a workbook reads: dates are numbers there, told apart by their
// format alone (ECMA-376, part 1: numFmts).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/xml_reader.h"

namespace dbxes::parsers {

// Reads the part with the styles.
class NumberFormats final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override;
  void End(std::string_view name) override;
  void Text(std::string_view) override {}

  // Do cells with this style show a date or a time of day?
  bool IsDate(std::size_t style) const { return style < dates_.size() && dates_[style]; }

 private:
  std::unordered_map<int, bool> custom_;  // number of a format: is it one of dates?
  std::vector<bool> dates_;               // by style
  bool in_styles_ = false;
};

bool IsDateFormat(std::string_view code);

// "2024-05-01", "2024-05-01 13:30:00" or "13:30:00"; the number as it is when it is no date.
// `epoch_1904`: the workbook counts its days from there.
std::string FormatDate(std::string_view number, bool epoch_1904);
// With the 15 digits that a spreadsheet shows: "0.3", not "0.30000000000000004".
std::string FormatNumber(std::string_view number);

}  // namespace dbxes::parsers
