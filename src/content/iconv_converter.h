// SPDX-License-Identifier: Apache-2.0
// Converts bytes of one charset to UTF-8 (iconv). Only names of content/charset_list.h are used.
#pragma once

#include <iconv.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes::content {

class IconvConverter {
 public:
  // The system's converter is opened once in a process and kept: a confined process cannot load its
  // module later.
  explicit IconvConverter(const std::string& charset);

  // False if the system has no converter for it; then Convert must not be called.
  bool known() const;
  // Returns the text, with U+FFFD for each byte that is invalid in the charset; `bad` counts these.
  std::string Convert(std::string_view bytes, std::size_t& bad);

 private:
  iconv_t handle_;
};

}  // namespace dbxes::content
