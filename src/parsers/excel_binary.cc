// SPDX-License-Identifier: Apache-2.0
#include "parsers/excel_binary.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "content/charset.h"
#include "parsers/biff_strings.h"
#include "parsers/code_pages.h"
#include "parsers/encrypted_workbook.h"
#include "parsers/header_codes.h"
#include "parsers/number_format.h"

namespace dbxes::parsers {
namespace {

// Records that matter ([MS-XLS] 2.3); those with a number behind their name are of Excel 3 and 4.
enum Type : std::uint16_t {
  kFormula = 0x06,
  kHeader = 0x14,
  kFooter = 0x15,
  kFormat3 = 0x1e,
  kDateMode = 0x22,
  kFilePass = 0x2f,
  kContinue = 0x3c,
  kCodePageRecord = 0x42,
  kBoundSheet = 0x85,
  kMulRk = 0xbd,
  kRichString = 0xd6,
  kXf = 0xe0,
  kSst = 0xfc,
  kLabelSst = 0xfd,
  kTextObject = 0x1b6,
  kNumber = 0x203,
  kLabel = 0x204,
  kBoolOrError = 0x205,
  kFormula3 = 0x206,
  kString = 0x207,
  kBeginOfPart3 = 0x209,
  kXf3 = 0x243,
  kRk = 0x27e,
  kFormula4 = 0x406,
  kBeginOfPart4 = 0x409,
  kFormat = 0x41e,
  kXf4 = 0x443,
  kBeginOfPart = 0x809,
  kSeriesText = 0x100d,
};
constexpr std::uint16_t kBiff8 = 0x600;
constexpr std::size_t kHead = 4;      // type and length of a record
constexpr std::size_t kCellHead = 6;  // row, column and format of a cell
constexpr std::size_t kMostRecords = 100'000'000;

struct Record {
  std::uint16_t type = 0;
  LittleEndian data;
  std::size_t at = 0;                       // in the stream
  std::vector<std::string_view> with_rest;  // the data, and that of the records that continue it
};

class Records {
 public:
  explicit Records(LittleEndian stream) : stream_(stream) {}

  // False at the end of the stream.
  bool Next(Record& record) {
    if (!stream_.Has(at_, kHead)) return false;
    record.type = stream_.U16(at_);
    record.at = at_;
    record.data = Take();
    record.with_rest.assign(1, record.data.bytes());
    while (stream_.U16(at_) == kContinue && stream_.Has(at_, kHead)) {
      record.with_rest.push_back(Take().bytes());
    }
    return true;
  }
  // Whether the last record was cut off.
  bool broken() const { return broken_; }

 private:
  LittleEndian Take() {
    const std::size_t length = stream_.U16(at_ + 2);
    broken_ = broken_ || !stream_.Has(at_ + kHead, length);
    const LittleEndian data = stream_.Sub(at_ + kHead, length);
    at_ += kHead + length;
    return data;
  }

  LittleEndian stream_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

// The formats of cells, by the number of their style.
class CellFormats {
 public:
  void AddFormat(std::uint16_t number, std::string_view code) {
    custom_[number] = FormatOfCode(code);
  }
  void AddStyle(std::uint16_t format) { styles_.push_back(format); }
  NumberFormat Of(std::size_t style) const {
    if (style >= styles_.size()) return {};
    const auto custom = custom_.find(styles_[style]);
    return custom != custom_.end() ? custom->second : BuiltInFormat(styles_[style]);
  }

 private:
  std::map<std::uint16_t, NumberFormat> custom_;
  std::vector<std::uint16_t> styles_;
};

// An integer or the upper half of a number, perhaps a hundred times as large ([MS-XLS] 2.5.217).
double FromRk(std::uint32_t rk) {
  constexpr std::uint32_t kHundredfold = 1;
  constexpr std::uint32_t kInteger = 2;
  double value = 0;
  if ((rk & kInteger) != 0) {
    value = static_cast<double>(static_cast<std::int32_t>(rk & ~3U) / 4);
  } else {
    value = std::bit_cast<double>(std::uint64_t{rk & ~3U} << 32);
  }
  return (rk & kHundredfold) != 0 ? value / 100 : value;
}

std::string_view ErrorName(std::uint8_t code) {
  static const std::map<std::uint8_t, std::string_view> names{
      {0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0f, "#VALUE!"}, {0x17, "#REF!"},
      {0x1d, "#NAME?"}, {0x24, "#NUM!"},   {0x2a, "#N/A"}};
  const auto found = names.find(code);
  return found == names.end() ? std::string_view("#ERR") : found->second;
}

class WorkbookReader {
 public:
  WorkbookReader(LittleEndian stream, TextSink& sink) : records_(stream), sink_(sink) {}

  Parsed<void> Read() {
    Record record;
    std::size_t count = 0;
    while (!sink_.full() && records_.Next(record) && ++count < kMostRecords) {
      if (record.type == kFilePass) return tl::unexpected(Unreadable::kEncrypted);
      if (!OnBookRecord(record) && !OnCell(record)) OnOther(record);
    }
    if (count == 0) return tl::unexpected(Unreadable::kDamaged);
    if (records_.broken()) sink_.LeaveOut(Unreadable::kDamaged);
    sink_.EndLine();
    return {};
  }

 private:
  // A string with its length in one or two bytes before it.
  std::string TextAt(LittleEndian data, std::size_t at, std::size_t length_bytes) const {
    const std::size_t length = length_bytes == 1 ? data.U8(at) : data.U16(at);
    const LittleEndian rest = data.Sub(at + length_bytes);
    if (biff8_) return BiffReader({rest.bytes()}).Text(length);
    return FromPage(rest.Sub(0, length).bytes());
  }
  std::string FromPage(std::string_view bytes) const {
    return content::FromCharset(bytes, CharsetOfCodePage(page_));
  }

  // What concerns the whole workbook.
  bool OnBookRecord(const Record& record) {
    const LittleEndian& data = record.data;
    switch (record.type) {
      case kBeginOfPart:
      case kBeginOfPart3:
      case kBeginOfPart4:
        BeginPart(record);
        return true;
      case kCodePageRecord:
        page_ = data.U16(0);
        return true;
      case kDateMode:
        epoch_1904_ = data.U16(0) != 0;
        return true;
      case kFormat3:  // in the order of their numbers
        formats_.AddFormat(old_formats_++, TextAt(data, 0, 1));
        return true;
      case kFormat: {
        const bool numbered = first_part_ == kBeginOfPart;
        formats_.AddFormat(numbered ? data.U16(0) : old_formats_++,
                           TextAt(data, 2, biff8_ ? 2 : 1));
        return true;
      }
      case kXf3:
      case kXf4:
        formats_.AddStyle(data.U8(1));
        return true;
      case kXf:
        formats_.AddStyle(data.U16(2));
        return true;
      case kBoundSheet:
        sheets_[data.U32(0)] = TextAt(data, 6, 1);
        return true;
      case kSst:
        strings_.Read(record.with_rest);
        return true;
      default:
        return false;
    }
  }
  void BeginPart(const Record& record) {
    // The first part is the workbook itself. Excel of today writes workbooks of Excel 95 whose
    // sheets claim to be of its own version.
    if (first_part_ == 0) {
      first_part_ = record.type;
      biff8_ = record.data.U16(0) >= kBiff8 && record.type == kBeginOfPart;
    }
    sink_.EndLine();
    row_ = -1;
    const auto name = sheets_.find(record.at);
    if (name == sheets_.end()) return;
    sink_.Append(name->second);
    sink_.EndLine();
  }

  bool OnCell(const Record& record) {
    const LittleEndian& data = record.data;
    switch (record.type) {
      case kLabelSst:
        Cell(data, strings_.At(data.U32(kCellHead)));
        return true;
      case kLabel:
      case kRichString:
        Cell(data, TextAt(data, kCellHead, 2));
        return true;
      case kNumber:
        Cell(data, Shown(data.F64(kCellHead), data.U16(4)));
        return true;
      case kRk:
        Cell(data, Shown(FromRk(data.U32(kCellHead)), data.U16(4)));
        return true;
      case kMulRk:
        for (std::size_t at = 4; at + kCellHead + 2 <= data.size(); at += kCellHead) {
          Cell(data, Shown(FromRk(data.U32(at + 2)), data.U16(at)));
        }
        return true;
      case kBoolOrError:
        Cell(data, BoolOrError(data.U8(kCellHead), data.U8(kCellHead + 1) != 0));
        return true;
      case kFormula:
      case kFormula3:
      case kFormula4:
        Cell(data, Result(data));
        return true;
      case kString:  // the result of the formula before it
        sink_.Append(biff8_ ? Continued(record) : TextAt(data, 0, 2));
        return true;
      default:
        return false;
    }
  }
  static std::string Continued(const Record& record) {
    BiffReader reader(record.with_rest);
    const auto characters = static_cast<std::size_t>(reader.Number(2));
    return reader.Text(characters);
  }
  void Cell(LittleEndian data, std::string_view shown) {
    const int row = data.U16(0);
    if (row != row_) sink_.EndLine();
    row_ = row;
    sink_.Tab();
    sink_.Append(shown);
  }
  std::string Shown(double value, std::size_t style) const {
    if (!std::isfinite(value)) return "";
    return ShowNumber(fmt::format("{:.17g}", value), formats_.Of(style), epoch_1904_);
  }
  static std::string BoolOrError(std::uint8_t value, bool error) {
    if (error) return std::string(ErrorName(value));
    return value != 0 ? "TRUE" : "FALSE";
  }
  // A number, or a mark and the kind of another value ([MS-XLS] 2.5.133).
  std::string Result(LittleEndian data) const {
    if (data.U16(kCellHead + 6) != 0xffff) return Shown(data.F64(kCellHead), data.U16(4));
    const std::uint8_t kind = data.U8(kCellHead);
    if (kind == 1 || kind == 2) return BoolOrError(data.U8(kCellHead + 2), kind == 2);
    return "";
  }

  void OnOther(const Record& record) {
    const LittleEndian& data = record.data;
    switch (record.type) {
      case kHeader:
      case kFooter:
        if (data.size() > 0) Paragraph(WithoutHeaderCodes(TextAt(data, 0, biff8_ ? 2 : 1)));
        return;
      case kSeriesText:
        return Paragraph(TextAt(data, 2, 1));
      case kTextObject:
        if (record.with_rest.size() > 1) Paragraph(TextOfObject(record));
        return;
      default:
        return;
    }
  }
  // The records that continue it are its text and then its look.
  std::string TextOfObject(const Record& record) const {
    const std::size_t length = record.data.U16(10);
    std::vector<std::string_view> text(record.with_rest.begin() + 1, record.with_rest.end());
    if (!biff8_) return FromPage(text.front().substr(0, length));
    return BiffReader(std::move(text)).Text(length);
  }
  void Paragraph(std::string_view text) {
    sink_.EndLine();
    sink_.Append(text);
    sink_.EndLine();
    row_ = -1;
  }

  Records records_;
  TextSink& sink_;
  BiffStringTable strings_;
  CellFormats formats_;
  std::map<std::uint64_t, std::string> sheets_;  // names by their place in the stream
  unsigned page_ = kWesternPage;
  bool biff8_ = true;
  std::uint16_t first_part_ = 0;   // what its record begins with
  std::uint16_t old_formats_ = 0;  // how many there are, where they have no numbers
  bool epoch_1904_ = false;
  int row_ = -1;
};

}  // namespace

Parsed<void> ReadExcelWorkbook(const CompoundFile& file, TextSink& sink) {
  // Excel 97 writes both for older versions; its own has what they cannot hold.
  const bool is_new = file.Find(CompoundFile::kRoot, "Workbook").has_value();
  CompoundFile::Stream stream = file.Read(CompoundFile::kRoot, is_new ? "Workbook" : "Book");
  DecryptWorkbook(stream.bytes);
  if (!stream.whole) sink.LeaveOut(Unreadable::kDamaged);
  return WorkbookReader(LittleEndian(stream.bytes), sink).Read();
}

bool IsExcelStream(std::string_view bytes) {
  constexpr std::size_t kShortest = 6;  // of the records that begin a part
  const LittleEndian stream(bytes);
  const std::uint16_t type = stream.U16(0);
  const bool begins = type == kBeginOfPart3 || type == kBeginOfPart4 || type == kBeginOfPart;
  return begins && stream.U16(2) >= kShortest && stream.U16(2) <= 16;
}

Parsed<void> ReadExcelStream(std::string_view bytes, TextSink& sink) {
  return WorkbookReader(LittleEndian(bytes), sink).Read();
}

}  // namespace dbxes::parsers
