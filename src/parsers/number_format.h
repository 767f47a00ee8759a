// SPDX-License-Identifier: Apache-2.0
// Formats the number in a cell of a workbook. Dates are stored as numbers, and only the cell's
// format shows that it is one (ECMA-376, part 1: numFmts).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/xml_reader.h"

namespace dbxes::parsers {

// What a format makes of a number, as far as it is text that people search for: a date, a time or a
// percentage. Other numbers are found by their digits, without separators of thousands, currencies
// and zeros that a format adds.
struct NumberFormat {
  bool date = false;
  std::optional<int> percent_decimals = {};  // how many it shows; nothing if it shows no percentage
};

// By the format's code, and by its number where the file has no code for it.
NumberFormat FormatOfCode(std::string_view code);
NumberFormat BuiltInFormat(int number);

// The number as its cell shows it; the unchanged text when it is no number. `epoch_1904`: the
// workbook counts days from 1904 instead of 1900.
std::string ShowNumber(std::string_view number, const NumberFormat& format, bool epoch_1904);

// Reads the styles part of a workbook.
class NumberFormats final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override;
  void End(std::string_view name) override;
  void Text(std::string_view) override {}

  // That of the cells with this style.
  NumberFormat Of(std::size_t style) const {
    return style < formats_.size() ? formats_[style] : NumberFormat();
  }

 private:
  std::unordered_map<int, NumberFormat> custom_;  // by number of the format
  std::vector<NumberFormat> formats_;             // by style
  bool in_styles_ = false;
};

bool IsDateFormat(std::string_view code);
// Of "0.0%": 1; nothing if the format shows no percentage.
std::optional<int> PercentDecimalsOf(std::string_view code);

// "2024-05-01", "2024-05-01 13:30:00" or "13:30:00"; the unchanged text when it is not a date.
// `epoch_1904`: the workbook counts days from 1904 instead of 1900.
std::string FormatDate(std::string_view number, bool epoch_1904);
// With at most 15 digits, as spreadsheets show them: "0.3", not "0.30000000000000004".
std::string FormatNumber(std::string_view number);
// "15%" of 0.15, with at most `decimals`; the unchanged text when it is not a number.
std::string FormatPercent(std::string_view number, int decimals);

}  // namespace dbxes::parsers
