// SPDX-License-Identifier: Apache-2.0
#include "config/index_name.h"

#include <fmt/format.h>

namespace dbxes::config {

std::string IndexNameProblem(std::string_view name) {
  constexpr std::size_t kMaxBytes = 255;
  constexpr std::string_view kForbidden = "\\/*?\"<>| ,#:";
  if (name.empty()) return "it must not be empty";
  if (name == "." || name == "..") return "it must not be \".\" or \"..\"";
  if (name.size() > kMaxBytes) return fmt::format("it must not exceed {} bytes", kMaxBytes);
  if (name[0] == '-' || name[0] == '_' || name[0] == '+') return "it must not start with -, _ or +";
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') return "it must be lower case";
    if (kForbidden.find(c) != std::string_view::npos) {
      return fmt::format("it must not contain '{}'", c);
    }
    if (static_cast<unsigned char>(c) < 0x20) return "it must not contain control characters";
  }
  return "";
}

}  // namespace dbxes::config
