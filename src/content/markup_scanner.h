// SPDX-License-Identifier: Apache-2.0
// Splits HTML or XML into tags and character data, as browsers do (WHATWG HTML, 13.2.5:
// Tokenization). One without an end extends to the end of the input. No input is read twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbxes::content {

struct MarkupToken {
  enum class Kind : std::uint8_t { kEnd, kText, kVerbatim, kOpen, kClose };
  Kind kind = Kind::kEnd;
  std::string_view text = {};  // of kText, with its references, and of kVerbatim (CDATA)
  std::string name = {};       // of a tag, in lower case
  bool self_closing = false;   // the tag ends in "/>"

  // Of an opening tag: the value of its first attribute with this name in lower case, with its
  // references; "" if there is none.
  std::string_view Attribute(std::string_view attribute) const;
  std::vector<std::pair<std::string_view, std::string_view>> attributes = {};
};

class MarkupScanner {
 public:
  explicit MarkupScanner(std::string_view markup) : rest_(markup) {}

  MarkupToken Next();
  // Right after an opening tag: takes the content of an element that contains no tags, up to its
  // closing tag, which is skipped. That of `script` may be within a comment.
  std::string_view TakeRawContent(std::string_view name);
  // Whether a closing tag with this name may follow.
  bool HasClosingTag(std::string_view name);

 private:
  bool Starts(std::string_view text) const { return rest_.starts_with(text); }
  bool IsMarkup() const;
  std::size_t NextMarkup() const;
  std::string_view Take(std::size_t length);
  void SkipPast(std::string_view end);
  void SkipComment();
  void SkipDeclaration();
  MarkupToken TakeTag();
  bool TakeAttribute(MarkupToken& token);
  std::string_view TakeAttributeValue();
  std::size_t EndOfRaw(std::string_view name) const;

  std::string_view rest_;
  std::vector<std::string> without_closing_;  // names of which no closing tag follows
};

}  // namespace dbxes::content
