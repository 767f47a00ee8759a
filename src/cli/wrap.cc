// SPDX-License-Identifier: Apache-2.0
#include "cli/wrap.h"

#include <algorithm>

namespace dbxes::cli {
namespace {

constexpr std::size_t kWidth = 80;

}  // namespace

std::string Wrap(std::string_view text, std::size_t column, std::size_t indent) {
  std::string wrapped;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool line_start = wrapped.empty() || column == indent;
    if (!line_start && column + 1 + word.size() >= kWidth) {
      wrapped += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!line_start) {
      wrapped += ' ';
      ++column;
    }
    wrapped += word;
    column += word.size();
  }
  return wrapped + "\n";
}

}  // namespace dbxes::cli
