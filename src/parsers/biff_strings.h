// SPDX-License-Identifier: Apache-2.0
// Text in workbooks of Excel 97 to 2003 (BIFF8, [MS-XLS] 2.5.293) and Excel 5 and 95 (BIFF5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/little_endian.h"

namespace dbxes::parsers {

// Reads what one record holds and the records that continue it. Beyond the end,
// numbers are zero and text is empty.
class BiffReader {
 public:
  explicit BiffReader(std::vector<std::string_view> records) : records_(std::move(records)) {}

  bool AtEnd();
  std::uint64_t Number(std::size_t bytes);
  void Skip(std::size_t bytes);
  // A string of BIFF8 with this many characters: flags, text, and what belongs to its look.
  std::string Text(std::size_t characters);

 private:
  // The text alone: its width may change with each record.
  std::string Characters(std::size_t count, bool wide);

  std::vector<std::string_view> records_;
  std::size_t record_ = 0;
  std::size_t at_ = 0;  // in the record
};

// Characters whose code is one byte, as in UTF-16 without its zeros.
std::string FromLatin1(std::string_view bytes);

// All strings of a workbook, concatenated: a million small strings would take three times the
// memory.
class BiffStringTable {
 public:
  // The record SST with those that continue it.
  void Read(std::vector<std::string_view> records);
  std::string_view At(std::size_t index) const;

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace dbxes::parsers
