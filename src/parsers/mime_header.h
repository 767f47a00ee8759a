// SPDX-License-Identifier: Apache-2.0
// Header fields of mail and their values (RFC 5322, 2045, 2047 and 2231), as real programs write
// them: bytes that no standard allows are read as well as they can be.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbxes::parsers {

class MimeHeader {
 public:
  // Takes the fields off the beginning of `bytes`, with the empty line after them.
  static MimeHeader Take(std::string_view& bytes);

  // The value of the first field with this name (lower case), unfolded; "" if there is none.
  std::string_view Find(std::string_view name) const;
  // The same in UTF-8, its encoded words decoded (RFC 2047).
  std::string Text(std::string_view name) const;
  bool empty() const { return fields_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;  // names in lower case
};

// "text/plain" of "Text/Plain; charset=utf-8": the value before its parameters, in lower case.
std::string ValueOf(std::string_view field);
// A parameter of a field in UTF-8, its parts joined (RFC 2231); "" if there is none.
std::string ParameterOf(std::string_view field, std::string_view name);

// UTF-8 of bytes whose charset a part of a mail names; "" if they are not text. `charset` may be
// "".
std::string MailText(std::string bytes, std::string_view charset);

}  // namespace dbxes::parsers
