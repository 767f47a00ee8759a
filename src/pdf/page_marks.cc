// SPDX-License-Identifier: Apache-2.0
#include "pdf/page_marks.h"

#include <Array.h>

#include <algorithm>
#include <array>
#include <utility>

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostTexts = 100'000;  // of a document
// Each of these marks is searched for in the words of its page.
constexpr std::size_t kMostMarks = 10'000;  // of a document
constexpr std::size_t kMostDrawn = std::size_t{256} << 10;
constexpr std::size_t kMostValue = std::size_t{16} << 20;
constexpr int kDeepestField = 32;
// Flags of an annotation (12.5.3) and of a text field (12.7.5.3).
constexpr int kHidden = 1 << 1;
constexpr int kNoView = 1 << 5;
constexpr int kPassword = 1 << 13;

// Without a text for people, or with one that is drawn from elsewhere.
constexpr std::array<const char*, 3> kNoComments{"Link", "Popup", "Widget"};

int FlagsOf(const Object& dictionary, const char* key) {
  const Object flags = Member(dictionary, key);
  return flags.isInt() ? flags.getInt() : 0;
}

// Attributes of a field may be those of a field above it (12.7.4).
Object Inherited(const Object& field, const char* key) {
  Object level = field.copy();
  for (int depth = 0; depth < kDeepestField && level.isDict(); ++depth) {
    Object value = Member(level, key);
    if (!value.isNull()) return value;
    level = Member(level, "Parent");
  }
  return Object(objNull);
}

// Readers list comments, whatever their flags; what is drawn on the page is hidden by them.
bool IsHiddenDrawing(const Object& mark, const Object& kind) {
  const bool drawing = kind.isName("Widget") || kind.isName("FreeText") || kind.isName("Stamp");
  return drawing && (FlagsOf(mark, "F") & (kHidden | kNoView)) != 0;
}

// What is typed into a text field; "" for any other field.
std::string TypedInto(const Object& field) {
  if (!Inherited(field, "FT").isName("Tx")) return "";
  const Object flags = Inherited(field, "Ff");
  if (flags.isInt() && (flags.getInt() & kPassword) != 0) return "";
  const Object value = Inherited(field, "V");
  return value.isStream() ? DecodeText(BytesOf(value, kMostValue)) : TextOf(value);
}

std::string InOneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

void PageMarks::Add(std::string text) {
  if (text.empty() || count_ >= kMostTexts) return;
  ++count_;
  texts_.push_back(std::move(text));
}

void PageMarks::AddAuthor(const Object& mark) {
  std::string author = TextOf(Member(mark, "T"));
  if (author.empty() || author == author_) return;
  author_ = author;
  Add(std::move(author));
}

void PageMarks::AddUnlessDrawn(const std::string& text, std::string& drawn) {
  const std::string line = InOneLine(text);
  if (++marks_ > kMostMarks || drawn.find(line) != std::string::npos) return;
  if (drawn.size() < kMostDrawn) drawn += " " + line;  // another mark may have it, too
  Add(text);
}

std::vector<std::string> PageMarks::Of(const Object& annotations, std::string_view page_text) {
  texts_.clear();
  const int length = annotations.isArray() ? annotations.arrayGetLength() : 0;
  std::string drawn = length == 0 ? std::string() : InOneLine(page_text);
  for (int at = 0; at < length && count_ < kMostTexts; ++at) {
    const Object mark = annotations.arrayGet(at);
    const Object kind = Member(mark, "Subtype");
    if (!kind.isName() || IsHiddenDrawing(mark, kind)) continue;
    if (kind.isName("Widget")) {
      AddUnlessDrawn(TypedInto(mark), drawn);
      continue;
    }
    if (std::any_of(kNoComments.begin(), kNoComments.end(),
                    [&](const char* name) { return kind.isName(name); })) {
      continue;
    }
    AddAuthor(mark);
    // "Approved": the words of a stamp are a drawing as a rule.
    if (kind.isName("Stamp")) AddUnlessDrawn(TextOf(Member(mark, "Subj")), drawn);
    const std::string text = TextOf(Member(mark, "Contents"));
    if (kind.isName("FreeText")) {
      AddUnlessDrawn(text, drawn);
    } else {
      Add(text);
    }
  }
  return std::move(texts_);
}

}  // namespace dbxes::pdf
