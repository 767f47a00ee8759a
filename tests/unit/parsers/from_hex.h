// SPDX-License-Identifier: Apache-2.0
// Bytes of files that tests write as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::parsers {

inline std::string FromHex(std::string_view digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(at, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace dbxes::parsers
