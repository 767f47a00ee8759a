// SPDX-License-Identifier: Apache-2.0
// Numbers in the binary formats of Office: little-endian, at any offset. What is beyond the end of
// the bytes is zero or empty, so that no offset of a file can lead outside.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dbxes::parsers {

class LittleEndian {
 public:
  LittleEndian() = default;
  explicit LittleEndian(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }

  // Whether `length` bytes from `at` are there.
  bool Has(std::size_t at, std::size_t length) const {
    return at <= bytes_.size() && length <= bytes_.size() - at;
  }
  // At most `length` bytes from `at`.
  LittleEndian Sub(std::size_t at, std::size_t length = std::string_view::npos) const {
    return LittleEndian(at > bytes_.size() ? std::string_view() : bytes_.substr(at, length));
  }

  std::uint8_t U8(std::size_t at) const { return static_cast<std::uint8_t>(Number(at, 1)); }
  std::uint16_t U16(std::size_t at) const { return static_cast<std::uint16_t>(Number(at, 2)); }
  std::uint32_t U32(std::size_t at) const { return static_cast<std::uint32_t>(Number(at, 4)); }
  std::uint64_t U64(std::size_t at) const { return Number(at, 8); }
  double F64(std::size_t at) const { return std::bit_cast<double>(Number(at, 8)); }

 private:
  std::uint64_t Number(std::size_t at, std::size_t length) const {
    if (!Has(at, length)) return 0;
    std::uint64_t value = 0;
    for (std::size_t byte = length; byte-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes_[at + byte]);
    }
    return value;
  }

  std::string_view bytes_;
};

}  // namespace dbxes::parsers
