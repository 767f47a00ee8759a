// SPDX-License-Identifier: Apache-2.0
// Writes the text of a document to a file while it is read, so that what there is of it survives
// the process.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes::pdf {

class TextStream {
 public:
  // The caller keeps `file` open. The text ends after `max_bytes`.
  TextStream(int file, std::size_t max_bytes) : file_(file), max_bytes_(max_bytes) {}

  // Bytes that are no UTF-8 become U+FFFD: fonts may map to them. White space at the end waits for
  // more text.
  void Append(std::string_view text);
  // As a paragraph of its own.
  void AppendParagraph(std::string_view text);

  bool full() const { return full_; }      // from now on, text is dropped
  bool failed() const { return failed_; }  // the file could not be written
  std::size_t written() const { return written_; }
  std::size_t room() const { return max_bytes_ - written_; }

 private:
  void Write(std::string_view text);

  int file_;
  std::size_t max_bytes_;
  std::size_t written_ = 0;
  std::string held_back_;  // white space
  bool full_ = false;
  bool failed_ = false;
};

}  // namespace dbxes::pdf
