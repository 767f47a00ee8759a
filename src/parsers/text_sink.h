// SPDX-License-Identifier: Apache-2.0
// Collects the text of a document up to a limit, with one line break between its lines, and notes
// whether parts of the document are missing from it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/parsed_document.h"

namespace dbxes::parsers {

// Of the PDFs within one document.
inline constexpr std::size_t kMostPdfs = 100;
inline constexpr std::size_t kMostPdfBytes = std::size_t{64} << 20;

class TextSink {
 public:
  explicit TextSink(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Valid UTF-8; cut between characters when the limit is reached.
  void Append(std::string_view text);
  // Separates two cells; writes nothing at the beginning or end of a line.
  void Tab() { tab_ = !AtLineStart(); }
  void EndLine();

  // From now on, text is dropped.
  bool full() const { return full_; }

  // A part of the document, or its rest, cannot be read. The other parts keep their text.
  void LeaveOut(Unreadable why) {
    if (!left_out_) left_out_ = why;
  }
  // The same if reading a part has failed.
  void Note(const Parsed<void>& read) {
    if (!read) LeaveOut(read.error());
  }
  // Why the first part that is missing could not be read; nothing if the text is complete.
  std::optional<Unreadable> left_out() const { return left_out_; }

  // Keeps a PDF within the document, which another program has to read. False where these are too
  // many or too large.
  bool KeepPdf(std::string_view bytes);
  std::vector<std::string> TakePdfs() { return std::move(pdfs_); }

  // The text, without white space at its end.
  std::string Take();

 private:
  bool AtLineStart() const { return text_.empty() || text_.back() == '\n'; }

  std::size_t max_bytes_;
  std::string text_;
  bool tab_ = false;
  bool full_ = false;
  std::optional<Unreadable> left_out_;
  std::vector<std::string> pdfs_;
  std::size_t pdf_bytes_ = 0;
};

}  // namespace dbxes::parsers
