// SPDX-License-Identifier: Apache-2.0
#include "parsers/rtf.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "content/charset.h"
#include "parsers/code_pages.h"
#include "parsers/properties.h"
#include "parsers/rtf_scanner.h"
#include "parsers/rtf_words.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostGroups = 10'000;  // within each other; real documents have some dozens
constexpr std::size_t kMostProperty = 4096;  // bytes that are kept of a title

enum class Destination : std::uint8_t { kText, kSkipped, kFonts, kInfo, kTitle, kAuthor };

// The fonts of a document, and what their bytes mean.
class CodePages {
 public:
  void SetDocument(unsigned page) { document_ = page; }
  void SetDefaultFont(int font) { default_font_ = font; }
  int default_font() const { return default_font_; }
  void SetFont(int font, unsigned page) {
    if (page != 0) fonts_[font] = page;
  }
  unsigned Of(int font) const {
    const auto found = fonts_.find(font);
    return found == fonts_.end() ? document_ : found->second;
  }

 private:
  unsigned document_ = kWesternPage;
  int default_font_ = 0;
  std::unordered_map<int, unsigned> fonts_;
};

// Collects text that is partly bytes of a code page and partly characters of Unicode. A character
// of several bytes may consist of several tokens.
class MixedText {
 public:
  void AddByte(char byte, unsigned page) {
    if (page != page_) Convert();
    page_ = page;
    bytes_ += byte;
  }
  void AddText(std::string_view utf8) {
    Convert();
    text_ += utf8;
  }
  // Characters beyond U+FFFF come as two halves.
  void AddUnit(unsigned unit) {
    Convert();
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    if (low && high_ != 0) {
      AppendUtf8(0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00), text_);
    } else if (unit >= 0xf020 && unit < 0xf100) {
      text_ += ' ';  // a sign of a symbol font, which has no meaning without it
    } else if (unit < 0xd800 || unit >= 0xe000) {
      AppendUtf8(unit, text_);
    }
    high_ = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
  }
  std::string Take() {
    Convert();
    return std::exchange(text_, {});
  }
  // Bytes that wait to be taken.
  std::size_t size() const { return bytes_.size() + text_.size(); }

 private:
  void Convert() {
    if (bytes_.empty()) return;
    text_ += content::FromCharset(bytes_, CharsetOfCodePage(page_));
    bytes_.clear();
    high_ = 0;
  }

  std::string bytes_;
  std::string text_;
  unsigned page_ = kWesternPage;
  unsigned high_ = 0;
};

class RtfReader {
 public:
  RtfReader(std::string_view bytes, TextSink& sink) : scanner_(bytes), sink_(sink) {}

  DocumentProperties Read() {
    using Kind = RtfToken::Kind;
    for (RtfToken token = scanner_.Next(); !sink_.full(); token = scanner_.Next()) {
      if (token.kind == Kind::kEnd) {
        sink_.LeaveOut(Unreadable::kDamaged);  // its outer group is open
        break;
      }
      if (token.kind == Kind::kOpen && !Open()) break;
      if (token.kind == Kind::kClose && !Close()) break;
      if (token.kind == Kind::kByte) OnByte(token.byte);
      if (token.kind == Kind::kWord) OnWord(token);
    }
    Flush();
    return {CleanProperty(title_), CleanProperty(author_), ""};
  }

 private:
  static constexpr std::size_t kMostPending = 1 << 16;  // bytes; not a limit, only a rhythm

  struct Group {
    Destination destination = Destination::kText;
    Destination around = Destination::kText;  // of the group that a skipped one is in
    int font = -1;                            // -1: the default
    int fallback = 1;                         // how many characters follow one of Unicode
    bool deleted = false;
    bool fresh = true;       // nothing of it has been read
    bool optional = false;   // \* has been read, and no word after it
    bool own_lines = false;  // no line continues after it
  };

  bool Open() {
    skip_ = 0;
    if (groups_.size() >= kMostGroups) {
      sink_.LeaveOut(Unreadable::kTooComplex);
      return false;
    }
    groups_.push_back(groups_.empty() ? Group() : groups_.back());
    groups_.back().fresh = true;
    groups_.back().optional = false;
    groups_.back().own_lines = false;
    return true;
  }
  // False at the end of the outermost group: nothing that follows is RTF.
  bool Close() {
    skip_ = 0;
    if (!groups_.empty()) {
      const Destination ended = groups_.back().destination;
      if (groups_.back().own_lines) EndLineOrCell(true);
      groups_.pop_back();
      if (!groups_.empty() && groups_.back().destination != ended) Flush(ended);
    }
    return !groups_.empty();
  }

  void OnByte(char byte) {
    if (skip_ > 0) {
      --skip_;
      return;
    }
    if (!IsRead()) return;
    groups_.back().fresh = false;
    text_.AddByte(byte, pages_.Of(Font()));
    if (text_.size() > kMostPending && IsAscii(byte)) Flush();
  }

  void OnWord(const RtfToken& token) {
    if (groups_.empty()) return;
    Group& group = groups_.back();
    const bool fresh = std::exchange(group.fresh, false);
    const bool optional = std::exchange(group.optional, false);
    const RtfWord* row = FindRtfWord(token.word);
    if (skip_ > 0 && (row == nullptr || row->act != RtfAct::kUnicode)) {
      --skip_;
      return;
    }
    if (row == nullptr) {
      if (optional) Begin(Destination::kSkipped);
      return;
    }
    // Elsewhere than at the beginning of a group, as OpenOffice writes it before a style, \* means
    // nothing.
    if (row->act == RtfAct::kOptional) group.optional = fresh;
    if (!BeginDestination(row->act)) Apply(*row, token);
  }

  // Whether the word begins a destination.
  bool BeginDestination(RtfAct act) {
    switch (act) {
      case RtfAct::kSkip:
        Begin(Destination::kSkipped);
        return true;
      case RtfAct::kReturn:
        Begin(groups_.back().around);
        return true;
      case RtfAct::kFonts:
        Begin(Destination::kFonts);
        return true;
      case RtfAct::kInfo:
        Begin(Destination::kInfo);
        return true;
      case RtfAct::kTitle:
      case RtfAct::kAuthor:
        // The words have other meanings elsewhere.
        if (groups_.back().destination == Destination::kInfo) {
          Begin(act == RtfAct::kTitle ? Destination::kTitle : Destination::kAuthor);
        }
        return true;
      case RtfAct::kRead:
        if (groups_.back().destination == Destination::kText) {
          EndLineOrCell(true);
          groups_.back().own_lines = true;
        }
        return true;
      default:
        return false;
    }
  }
  void Begin(Destination destination) {
    Group& group = groups_.back();
    Flush();
    if (group.destination != Destination::kSkipped) group.around = group.destination;
    group.destination = destination;
  }

  void Apply(const RtfWord& row, const RtfToken& token) {
    Group& group = groups_.back();
    const auto value = static_cast<unsigned>(std::max(token.value, 0));
    switch (row.act) {
      case RtfAct::kText:
        if (IsRead()) text_.AddText(row.text);
        break;
      case RtfAct::kLine:
      case RtfAct::kCell:
        EndLineOrCell(row.act == RtfAct::kLine);
        break;
      case RtfAct::kFlag:
        group.deleted = !token.has_value || token.value != 0;
        break;
      case RtfAct::kPlain:
        group.font = -1;
        group.deleted = false;
        break;
      case RtfAct::kFallback:
        group.fallback = std::clamp(token.value, 0, 1000);
        break;
      case RtfAct::kUnicode:
        // A number beyond 32,767 is written as a negative one.
        if (IsRead()) text_.AddUnit(static_cast<unsigned>(token.value) & 0xffff);
        skip_ = group.fallback;
        break;
      default:
        ApplyToPages(row.act, token.value, value);
    }
  }
  void ApplyToPages(RtfAct act, int number, unsigned value) {
    Group& group = groups_.back();
    if (act == RtfAct::kFont) group.font = number;
    if (act == RtfAct::kDefaultFont) pages_.SetDefaultFont(number);
    if (act == RtfAct::kPage && value != 0) pages_.SetDocument(value);
    if (act == RtfAct::kMac) pages_.SetDocument(10000);
    if (act == RtfAct::kPc) pages_.SetDocument(437);
    if (act == RtfAct::kPca) pages_.SetDocument(850);
    if (group.destination != Destination::kFonts) return;
    if (act == RtfAct::kFontCharset) pages_.SetFont(group.font, CodePageOfFont(value));
    if (act == RtfAct::kFontPage) pages_.SetFont(group.font, value);
  }
  void EndLineOrCell(bool line) {
    if (!IsRead() || groups_.back().destination != Destination::kText) return;
    Flush();
    if (line) {
      sink_.EndLine();
    } else {
      sink_.Tab();
    }
  }

  int Font() const {
    return groups_.back().font >= 0 ? groups_.back().font : pages_.default_font();
  }
  bool IsRead() const {
    if (groups_.empty() || groups_.back().deleted) return false;
    const Destination destination = groups_.back().destination;
    return destination == Destination::kText || destination == Destination::kTitle ||
           destination == Destination::kAuthor;
  }

  void Flush() { Flush(groups_.empty() ? Destination::kText : groups_.back().destination); }
  void Flush(Destination destination) {
    if (text_.size() == 0) return;
    const std::string text = text_.Take();
    if (destination == Destination::kText) return sink_.Append(text);
    std::string& property = destination == Destination::kTitle ? title_ : author_;
    if (property.size() + text.size() <= kMostProperty) property += text;
  }

  RtfScanner scanner_;
  TextSink& sink_;
  std::vector<Group> groups_;
  CodePages pages_;
  MixedText text_;
  int skip_ = 0;  // characters that repeat one of Unicode, for programs that do not know it
  std::string title_;
  std::string author_;
};

}  // namespace

bool IsRtf(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf") bytes.remove_prefix(3);
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  bytes.remove_prefix(begin);
  // A fragment may begin with any word, as a text never does.
  return bytes.starts_with("{\\") && bytes.size() > 2 && LowerAscii(bytes[2]) >= 'a' &&
         LowerAscii(bytes[2]) <= 'z';
}

DocumentProperties ParseRtf(std::string_view bytes, TextSink& sink) {
  return RtfReader(bytes, sink).Read();
}

}  // namespace dbxes::parsers
