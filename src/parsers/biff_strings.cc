// SPDX-License-Identifier: Apache-2.0
#include "parsers/biff_strings.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "content/charset.h"

namespace dbxes::parsers {
namespace {

constexpr std::uint64_t kWideFlag = 1;
constexpr std::uint64_t kPhoneticFlag = 4;
constexpr std::uint64_t kRunsFlag = 8;
constexpr std::size_t kRunBytes = 4;
constexpr std::size_t kMostTableBytes = std::size_t{256} << 20;

}  // namespace

std::string FromLatin1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) AppendUtf8(static_cast<unsigned char>(c), text);
  return text;
}

bool BiffReader::AtEnd() {
  while (record_ < records_.size() && at_ >= records_[record_].size()) {
    ++record_;
    at_ = 0;
  }
  return record_ >= records_.size();
}

std::uint64_t BiffReader::Number(std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t byte = 0; byte < bytes && !AtEnd(); ++byte) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(records_[record_][at_++]))
             << (8 * byte);
  }
  return value;
}

void BiffReader::Skip(std::size_t bytes) {
  while (bytes > 0 && !AtEnd()) {
    const std::size_t step = std::min(bytes, records_[record_].size() - at_);
    at_ += step;
    bytes -= step;
  }
}

std::string BiffReader::Text(std::size_t characters) {
  const std::uint64_t flags = Number(1);
  const auto runs = static_cast<std::size_t>((flags & kRunsFlag) != 0 ? Number(2) : 0);
  const auto phonetic = static_cast<std::size_t>((flags & kPhoneticFlag) != 0 ? Number(4) : 0);
  std::string text = Characters(characters, (flags & kWideFlag) != 0);
  Skip(runs * kRunBytes);
  Skip(phonetic);
  return text;
}

std::string BiffReader::Characters(std::size_t count, bool wide) {
  std::string text;
  std::string units;  // UTF-16LE; a character of two units may be divided among two records
  while (count > 0 && record_ < records_.size()) {
    const std::size_t width = wide ? 2 : 1;
    const std::size_t here = std::min(count, (records_[record_].size() - at_) / width);
    const std::string_view bytes = records_[record_].substr(at_, here * width);
    if (wide) {
      units += bytes;
    } else {
      for (const char c : bytes) (units += c) += '\0';
    }
    at_ += here * width;
    count -= here;
    if (count == 0) break;
    at_ = records_[record_].size();
    if (AtEnd()) break;
    wide = (Number(1) & kWideFlag) != 0;
  }
  return content::FromCharset(units, "utf-16le");
}

void BiffStringTable::Read(std::vector<std::string_view> records) {
  BiffReader reader(std::move(records));
  reader.Skip(4);  // how often the strings are used
  const std::uint64_t count = reader.Number(4);
  for (std::uint64_t number = 0; number < count && !reader.AtEnd(); ++number) {
    const auto characters = static_cast<std::size_t>(reader.Number(2));
    text_ += reader.Text(characters);
    ends_.push_back(text_.size());
    if (text_.size() > kMostTableBytes) return;
  }
}

std::string_view BiffStringTable::At(std::size_t index) const {
  if (index >= ends_.size()) return "";
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

}  // namespace dbxes::parsers
