// SPDX-License-Identifier: Apache-2.0
#include "parsers/text_sink.h"

#include <utility>

#include "base/utf8.h"

namespace dbxes::parsers {

void TextSink::Append(std::string_view text) {
  if (full_ || text.empty()) return;
  if (std::exchange(tab_, false)) text_ += '\t';
  std::size_t room = max_bytes_ > text_.size() ? max_bytes_ - text_.size() : 0;
  if (text.size() > room) {
    full_ = true;
    text = CutUtf8(text, room);
  }
  text_ += text;
}

void TextSink::EndLine() {
  tab_ = false;
  if (!AtLineStart()) Append("\n");
}

bool TextSink::KeepPdf(std::string_view bytes) {
  if (pdfs_.size() >= kMostPdfs || bytes.size() > kMostPdfBytes - pdf_bytes_) return false;
  pdf_bytes_ += bytes.size();
  pdfs_.emplace_back(bytes);
  return true;
}

std::string TextSink::Take() {
  const std::size_t last = text_.find_last_not_of(" \t\n");
  text_.resize(last == std::string::npos ? 0 : last + 1);
  return std::move(text_);
}

}  // namespace dbxes::parsers
