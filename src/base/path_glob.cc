// SPDX-License-Identifier: Apache-2.0
#include "base/path_glob.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/utf8.h"

namespace dbxes {
namespace {

tl::unexpected<Error> Wrong(std::string message) {
  return Fail(ErrorKind::kConfig, std::move(message));
}

// Of a character that begins at `text[at]`, in valid UTF-8.
std::uint32_t CodePoint(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (length == 1) return byte(0);
  std::uint32_t value = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6U | (byte(i) & 0x3FU);
  return value;
}

// Writes the expression while it reads the pattern.
class GlobReader {
 public:
  explicit GlobReader(std::string_view text) : text_(text) {}

  Result<std::string> Read() {
    while (at_ < text_.size()) TRY(ReadPart());
    if (in_braces_) return Wrong("a brace is not closed");
    return std::move(regex_);
  }

 private:
  bool Takes(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  // Whether the next character begins a name.
  bool AtStartOfName() const { return at_ == 0 || text_[at_ - 1] == '/'; }

  Result<void> ReadPart() {
    if (AtStartOfName() && Takes("**/")) {
      regex_ += "(?:.*/)?";
      return {};
    }
    if (Takes("*")) {
      bool crosses = false;
      while (Takes("*")) crosses = true;
      regex_ += crosses ? ".*" : "[^/]*";
      return {};
    }
    if (Takes("?")) {
      regex_ += "[^/]";
      return {};
    }
    if (Takes("[")) return ReadBracket();
    if (Takes("{")) return OpenBrace();
    if (in_braces_ && Takes(",")) {
      regex_ += '|';
      return {};
    }
    if (in_braces_ && Takes("}")) {
      regex_ += ')';
      in_braces_ = false;
      return {};
    }
    TRY_ASSIGN(const std::uint32_t character, ReadCharacter());
    Put(character);
    return {};
  }

  Result<void> OpenBrace() {
    if (in_braces_) return Wrong("a brace is inside another one");
    in_braces_ = true;
    regex_ += "(?:";
    return {};
  }

  Result<std::uint32_t> ReadCharacter() {
    if (Takes("\\") && at_ == text_.size()) return Wrong("nothing follows the last backslash");
    const std::size_t length = Utf8Length(text_, at_);
    const std::uint32_t character = CodePoint(text_, at_, length);
    at_ += length;
    return character;
  }

  void Put(std::uint32_t character) { regex_ += fmt::format("\\x{{{:X}}}", character); }

  // POSIX.1-2017, shell: Pattern Matching Notation. A slash is never in it.
  Result<void> ReadBracket() {
    const bool negated = Takes("!") || Takes("^");
    regex_ += negated ? "[^/" : "[";
    bool first = true;
    while (first || !Takes("]")) {
      if (at_ == text_.size()) return Wrong("a bracket is not closed");
      if (text_.substr(at_).starts_with("[:")) return Wrong("classes like [:alpha:] are unknown");
      TRY_ASSIGN(const std::uint32_t low, ReadCharacter());
      std::uint32_t high = low;
      const std::string_view rest = text_.substr(at_);
      if (rest.size() > 1 && rest[0] == '-' && rest[1] != ']') {
        ++at_;
        TRY_ASSIGN(high, ReadCharacter());
      }
      if (high < low) return Wrong("a range in a bracket ends before it begins");
      if (low == '/' && high == '/') return Wrong("a bracket cannot match a slash");
      PutRange(low, high);
      first = false;
    }
    regex_ += ']';
    return {};
  }

  void PutRange(std::uint32_t low, std::uint32_t high) {
    if (low < '/') PutEnds(low, high < '/' ? high : '/' - 1);
    if (high > '/') PutEnds(low > '/' ? low : '/' + 1, high);
  }
  void PutEnds(std::uint32_t low, std::uint32_t high) {
    Put(low);
    regex_ += '-';
    Put(high);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool in_braces_ = false;
  std::string regex_;
};

Result<void> CheckText(std::string_view pattern) {
  if (pattern.empty()) return Wrong("it is empty");
  if (pattern.size() > kMaxGlobBytes) {
    return Wrong(fmt::format("it is longer than {} bytes", kMaxGlobBytes));
  }
  if (!IsUtf8(pattern) || pattern.find('\0') != std::string_view::npos) {
    return Wrong("it is not text in UTF-8");
  }
  if (pattern.front() == '!')
    return Wrong("\"!\" has no meaning here; write \\! for the character");
  if (pattern.find("//") != std::string_view::npos) return Wrong("a name between slashes is empty");
  return {};
}

}  // namespace

Result<PathGlob> ParsePathGlob(std::string_view pattern) {
  TRY(CheckText(pattern));
  PathGlob glob;
  const bool anchored = pattern.starts_with('/');
  if (anchored) pattern.remove_prefix(1);
  glob.folders_only = pattern.ends_with('/');
  if (glob.folders_only) pattern.remove_suffix(1);
  if (pattern.empty())
    return Wrong("it is the folder itself: name something in it, or remove the pattern");
  bool inside = false;
  while (!glob.folders_only && pattern.ends_with("/**")) {
    inside = true;
    pattern.remove_suffix(3);
  }
  TRY_ASSIGN(const std::string body, GlobReader(pattern).Read());
  glob.regex = anchored ? "/" : "/(?:.*/)?";
  glob.regex += body + (inside ? "/.+" : "(?:/.+)?");
  return glob;
}

}  // namespace dbxes
