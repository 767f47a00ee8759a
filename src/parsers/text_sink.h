// SPDX-License-Identifier: Apache-2.0
// Collects the text of a document up to a limit, with one line break between its lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes::parsers {

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
  // The text, without white space at its end.
  std::string Take();

 private:
  bool AtLineStart() const { return text_.empty() || text_.back() == '\n'; }

  std::size_t max_bytes_;
  std::string text_;
  bool tab_ = false;
  bool full_ = false;
};

}  // namespace dbxes::parsers
