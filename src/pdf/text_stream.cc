// SPDX-License-Identifier: Apache-2.0
#include "pdf/text_stream.h"

#include <sys/types.h>
#include <unistd.h>

#include "base/safe_text.h"
#include "base/utf8.h"

namespace dbxes::pdf {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";

}  // namespace

void TextStream::Append(std::string_view text) {
  if (full_ || failed_) return;
  const std::string valid = IsUtf8(text) ? std::string() : WellFormedUtf8(text);
  if (!valid.empty()) text = valid;
  const std::size_t end = text.find_last_not_of(kWhiteSpace) + 1;
  const std::string_view rest = text.substr(end);
  if (end > 0) {
    if (written_ == 0) held_back_.clear();
    held_back_ += text.substr(0, end);
    Write(held_back_);
    held_back_.clear();
  }
  // Pages without a word cost nothing, however many there are.
  constexpr std::size_t kMostWhiteSpace = 4096;
  if (held_back_.size() < kMostWhiteSpace) held_back_ += rest.substr(0, kMostWhiteSpace);
}

void TextStream::AppendParagraph(std::string_view text) {
  if (text.find_first_not_of(kWhiteSpace) == std::string_view::npos) return;
  Append("\n");
  Append(text);
  Append("\n");
}

void TextStream::Write(std::string_view text) {
  if (text.size() > room()) {
    full_ = true;
    text = CutUtf8(text, room());
  }
  while (!text.empty()) {
    const ssize_t done = ::write(file_, text.data(), text.size());
    if (done < 0) {
      failed_ = true;
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(done));
    written_ += static_cast<std::size_t>(done);
  }
}

}  // namespace dbxes::pdf
