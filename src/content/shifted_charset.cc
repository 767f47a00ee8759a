// SPDX-License-Identifier: Apache-2.0
#include "content/shifted_charset.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"
#include "base/ascii_run.h"

namespace dbxes::content {
namespace {

constexpr char kEscape = '\x1b';
constexpr char kShiftOut = '\x0e';
constexpr char kShiftIn = '\x0f';

// What a character of a selected set is in the charset of eight bits that contains the set.
struct Set {
  const char* charset;
  std::string_view prefix;  // of each character
  std::size_t length;       // bytes of a character, without the prefix
};
constexpr Set kAscii{"EUC-JP-MS", "", 1};  // any charset that contains ASCII
constexpr Set kJapanese{"EUC-JP-MS", "", 2};
constexpr Set kJapaneseMore{"EUC-JP-MS", "\x8f", 2};
constexpr Set kHalfKana{"EUC-JP-MS", "\x8e", 1};
constexpr Set kKorean{"CP949", "", 2};
constexpr Set kChinese{"GB18030", "", 2};
constexpr Set kTaiwan{"EUC-TW", "", 2};

struct Sequence {
  std::string_view bytes;  // after the escape
  Set set;
  bool shifted;  // it counts between shift-out and shift-in only
};
constexpr std::array kSequences{
    Sequence{"$@", kJapanese, false},      Sequence{"$B", kJapanese, false},
    Sequence{"$(@", kJapanese, false},     Sequence{"$(B", kJapanese, false},
    Sequence{"$(D", kJapaneseMore, false}, Sequence{"$A", kChinese, false},
    Sequence{"$(C", kKorean, false},       Sequence{"(I", kHalfKana, false},
    Sequence{"(B", kAscii, false},         Sequence{"(J", kAscii, false},
    Sequence{"(H", kAscii, false},         Sequence{"$)C", kKorean, true},
    Sequence{"$)A", kChinese, true},       Sequence{"$)G", kTaiwan, true},
};

const Sequence* SequenceAt(std::string_view after_escape) {
  const auto* found = std::find_if(
      kSequences.begin(), kSequences.end(),
      [after_escape](const Sequence& one) { return after_escape.starts_with(one.bytes); });
  return found == kSequences.end() ? nullptr : found;
}

// Terminals and printers have sequences of their own; only these select a set of many characters.
bool SelectsSet(std::string_view bytes) {
  for (std::size_t at = bytes.find(kEscape); at != std::string_view::npos;
       at = bytes.find(kEscape, at + 1)) {
    const Sequence* sequence = SequenceAt(bytes.substr(at + 1));
    if (sequence != nullptr && sequence->set.charset != nullptr &&
        (sequence->set.length > 1 || !sequence->set.prefix.empty())) {
      return true;
    }
  }
  return false;
}

bool IsGraphic(char c) { return c > 0x20 && c < 0x7f; }

// The length of a run "~{...~}" of whole characters at the beginning; 0 if there is none.
std::size_t HzRun(std::string_view text) {
  if (!text.starts_with("~{")) return 0;
  std::size_t at = 2;
  while (at + 1 < text.size() && text[at] >= 0x21 && text[at] <= 0x77 && IsGraphic(text[at + 1])) {
    at += 2;
  }
  return at > 2 && text.substr(at).starts_with("~}") ? at + 2 : 0;
}

// Without a declaration, every "~{" has to begin such a run.
bool IsHz(std::string_view bytes, bool declared) {
  std::size_t runs = 0;
  for (std::size_t at = bytes.find("~{"); at != std::string_view::npos;) {
    const std::size_t length = HzRun(bytes.substr(at));
    if (length == 0 && !declared) return false;
    if (length > 0) ++runs;
    at = bytes.find("~{", at + std::max<std::size_t>(length, 2));
  }
  return runs > 0;
}

class Unshifter {
 public:
  explicit Unshifter(std::string_view bytes) : rest_(bytes) {}

  std::vector<ShiftedPiece> Read() {
    hz_ = rest_.find(kEscape) == std::string_view::npos;
    while (!rest_.empty()) {
      if (hz_ ? TakeTilde() : TakeEscape()) continue;
      TakeCharacter();
    }
    return std::move(pieces_);
  }

 private:
  void Skip(std::size_t length) { rest_.remove_prefix(std::min(length, rest_.size())); }

  bool TakeEscape() {
    if (rest_.front() == kShiftOut || rest_.front() == kShiftIn) {
      out_ = rest_.front() == kShiftOut;
      Skip(1);
      return true;
    }
    if (rest_.front() != kEscape) return false;
    const Sequence* sequence = SequenceAt(rest_.substr(1));
    if (sequence == nullptr) return false;
    (sequence->shifted ? shifted_ : direct_) = sequence->set;
    Skip(1 + sequence->bytes.size());
    return true;
  }

  bool TakeTilde() {
    if (rest_.starts_with("~{") || rest_.starts_with("~}")) {
      direct_ = rest_[1] == '{' ? kChinese : kAscii;
      Skip(2);
      return true;
    }
    if (direct_.length > 1 || !(rest_.starts_with("~~") || rest_.starts_with("~\n"))) return false;
    if (rest_[1] == '~') Add(kAscii, "~");
    Skip(2);
    return true;
  }

  void TakeCharacter() {
    const Set& set = out_ ? shifted_ : direct_;
    const bool whole = rest_.size() >= set.length &&
                       std::all_of(rest_.begin(), rest_.begin() + set.length, IsGraphic);
    const bool ascii = set.length == 1 && set.prefix.empty();
    if (ascii || !whole) {
      // A line ends the effect of a set, so that one lost sequence costs no more than a line.
      if (rest_.front() == '\n') {
        direct_ = kAscii;
        out_ = false;
      }
      Add(kAscii, rest_.substr(0, 1));
      return Skip(1);
    }
    std::string bytes(set.prefix);
    for (const char c : rest_.substr(0, set.length)) bytes += static_cast<char>(c | '\x80');
    Add(set, bytes);
    Skip(set.length);
  }

  void Add(const Set& set, std::string_view bytes) {
    const bool ascii = set.length == 1 && set.prefix.empty();
    const bool same =
        !pieces_.empty() && (ascii || std::string_view(pieces_.back().charset) == set.charset);
    if (!same) pieces_.push_back({set.charset, {}});
    pieces_.back().bytes += bytes;
  }

  std::string_view rest_;
  std::vector<ShiftedPiece> pieces_;
  Set direct_ = kAscii;
  Set shifted_ = kAscii;
  bool out_ = false;
  bool hz_ = false;
};

}  // namespace

bool IsShifted(std::string_view bytes, std::string_view declared) {
  const bool hz = EqualIgnoringCase(declared, "hz-gb-2312");
  if (!SelectsSet(bytes) && !IsHz(bytes, hz)) return false;
  return AsciiRun(bytes, 0) == bytes.size() && bytes.find('\0') == std::string_view::npos;
}

std::vector<ShiftedPiece> ShiftedPieces(std::string_view bytes) { return Unshifter(bytes).Read(); }

}  // namespace dbxes::content
