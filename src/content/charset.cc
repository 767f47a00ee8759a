// SPDX-License-Identifier: Apache-2.0
#include "content/charset.h"

#include <iconv.h>
#include <uchardet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <memory>

#include "base/ascii.h"
#include "base/ascii_run.h"
#include "base/utf8.h"
#include "content/charset_list.h"

namespace dbxes::content {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::size_t kDeclarationBytes = 1024;            // HTML: the first 1024 bytes count
constexpr std::size_t kGuessedBytes = 256 << 10;           // enough for a guess; guessing is slow
// Fewer characters beyond ASCII are too few for statistics: western text is the likeliest.
constexpr std::size_t kLeastForGuess = 8;

struct ByteOrderMark {
  std::string_view bytes;
  const char* charset;
};
// The longer marks first: the mark of UTF-32 begins like the mark of UTF-16.
constexpr std::array<ByteOrderMark, 5> kByteOrderMarks{{
    {"\xef\xbb\xbf", "UTF-8"},
    {std::string_view("\xff\xfe\0\0", 4), "UTF-32LE"},
    {std::string_view("\0\0\xfe\xff", 4), "UTF-32BE"},
    {"\xff\xfe", "UTF-16LE"},
    {"\xfe\xff", "UTF-16BE"},
}};

std::size_t FindIgnoringCase(std::string_view text, std::string_view word) {
  const auto found =
      std::search(text.begin(), text.end(), word.begin(), word.end(),
                  [](char left, char right) { return EqualIgnoringCase(left, right); });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

// Returns the value after `word`, an equals sign and an optional quote.
std::string_view ValueAfter(std::string_view text, std::string_view word) {
  const std::size_t found = FindIgnoringCase(text, word);
  if (found == std::string_view::npos) return {};
  text.remove_prefix(found + word.size());
  const std::size_t begin = text.find_first_not_of(" \t\r\n=\"'");
  if (begin == std::string_view::npos || text.find('=') >= begin) return {};
  text.remove_prefix(begin);
  return text.substr(0, text.find_first_of(" \t\r\n\"';/>?"));
}

// UTF-16 without a byte order mark: every other byte of western text is zero.
const char* GuessUtf16(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, 4096);
  if (sample.find('\0') == std::string_view::npos) return nullptr;
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    if (sample[i] == '\0') ++zeros[i % 2];
  }
  const std::size_t pairs = sample.size() / 2;
  if (pairs == 0) return nullptr;
  if (zeros[1] * 10 > pairs * 4 && zeros[0] * 20 < pairs) return "UTF-16LE";
  if (zeros[0] * 10 > pairs * 4 && zeros[1] * 20 < pairs) return "UTF-16BE";
  return nullptr;
}

// Control characters that text never has show that it is other data.
bool LooksBinary(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, 64 << 10);
  std::size_t controls = 0;
  for (std::size_t at = 0; at < sample.size(); at += PrintableRun(sample, at, ' ')) {
    const auto byte = static_cast<unsigned char>(sample[at++]);
    const bool usual = byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' ||
                       byte == '\f' || byte == 0x1b || byte == '\b' || byte == '\v';
    if (!usual) ++controls;
  }
  return controls * 20 > sample.size();
}

// iconv's name; texts that name ISO-8859-1 or ASCII mean windows-1252 (WHATWG Encoding).
std::string NameOf(std::string_view label) {
  return label.empty() ? "WINDOWS-1252" : IconvName(label);
}

std::string GuessCharset(std::string_view bytes) {
  const auto high = std::count_if(bytes.begin(), bytes.end(), [](char c) { return !IsAscii(c); });
  if (static_cast<std::size_t>(high) < kLeastForGuess) return "WINDOWS-1252";
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                       uchardet_delete);
  const std::string_view sample = bytes.substr(0, kGuessedBytes);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return NameOf(uchardet_get_charset(detector.get()));
}

// NOLINTNEXTLINE(performance-no-int-to-ptr): iconv reports an unknown encoding this way.
const iconv_t kNone = reinterpret_cast<iconv_t>(-1);

struct CloseConverter {
  void operator()(iconv_t handle) const {
    if (handle != kNone) iconv_close(handle);
  }
};

// Opened once: a confined process cannot load another module of iconv, so it opens all before.
iconv_t OpenConverter(const std::string& charset) {
  static std::map<std::string, std::unique_ptr<void, CloseConverter>> open;
  const auto [found, is_new] = open.try_emplace(charset);
  if (is_new) found->second.reset(iconv_open("UTF-8", charset.c_str()));
  return found->second.get();
}

class Converter {
 public:
  explicit Converter(const std::string& charset)
      : handle_(charset.empty() ? kNone : OpenConverter(charset)) {
    // An earlier text may have left it in a shifted state.
    if (known()) iconv(handle_, nullptr, nullptr, nullptr, nullptr);
  }

  bool known() const { return handle_ != kNone; }

  // Returns the text; `bad` counts the bytes that are invalid in the encoding.
  std::string Convert(std::string_view bytes, std::size_t& bad) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    std::array<char, 16'384> chunk;
    char* in = const_cast<char*>(bytes.data());  // iconv does not write to it
    std::size_t in_left = bytes.size();
    while (in_left > 0) {
      char* to = chunk.data();
      std::size_t room = chunk.size();
      const std::size_t done = iconv(handle_, &in, &in_left, &to, &room);
      const int problem = done == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(chunk.data(), chunk.size() - room);
      if (problem == 0 || problem == E2BIG) continue;
      ++bad;
      out += kReplacement;
      ++in;
      --in_left;
    }
    return out;
  }

 private:
  iconv_t handle_;
};

std::optional<std::string> Convert(std::string_view bytes, const std::string& charset,
                                   bool believe) {
  Converter converter(charset);
  if (!converter.known()) return std::nullopt;
  std::size_t bad = 0;
  std::string text = ReplaceInvalidUtf8(converter.Convert(bytes, bad));
  // With this many invalid bytes the guess or the declaration is wrong.
  if (!believe && bad * 50 > bytes.size()) return std::nullopt;
  return text;
}

}  // namespace

std::string_view DeclaredCharset(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kDeclarationBytes);
  if (head.substr(0, 5) == "<?xml") {
    return ValueAfter(head.substr(0, head.find("?>")), "encoding");
  }
  const std::size_t meta = FindIgnoringCase(head, "<meta");
  return meta == std::string_view::npos ? std::string_view()
                                        : ValueAfter(head.substr(meta), "charset");
}

std::string ReplaceInvalidUtf8(std::string text) {
  if (IsUtf8(text)) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = Utf8Length(text, at);
    if (length == 0) {
      out += kReplacement;
    } else {
      out.append(text, at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

void LoadCharsets() {
  for (const char* name : IconvNames()) OpenConverter(name);
}

bool NeedsConversion(std::string_view bytes) {
  for (const ByteOrderMark& mark : kByteOrderMarks) {
    if (bytes.substr(0, mark.bytes.size()) != mark.bytes) continue;
    return &mark != kByteOrderMarks.data() || !IsUtf8(bytes);
  }
  return GuessUtf16(bytes) != nullptr || (!LooksBinary(bytes) && !IsUtf8(bytes));
}

std::optional<std::string> ToUtf8(std::string bytes, std::string_view declared) {
  const std::string_view text = bytes;
  for (const ByteOrderMark& mark : kByteOrderMarks) {
    if (text.substr(0, mark.bytes.size()) != mark.bytes) continue;
    if (&mark == kByteOrderMarks.data()) {
      return ReplaceInvalidUtf8(bytes.substr(mark.bytes.size()));
    }
    return Convert(text.substr(mark.bytes.size()), mark.charset, true);
  }
  if (const char* wide = GuessUtf16(text)) return Convert(text, wide, false);
  if (LooksBinary(text)) return std::nullopt;
  if (IsUtf8(text)) return bytes;
  const std::string name = NameOf(declared);
  // Declared as UTF-8, with a few invalid bytes: another encoding would turn each accent into two
  // letters.
  const bool believe = FindIgnoringCase(declared, "utf-8") == 0;
  if (!declared.empty()) {
    if (auto converted = Convert(text, name, believe)) return converted;
  }
  if (auto converted = Convert(text, GuessCharset(text), false)) return converted;
  return Convert(text, "WINDOWS-1252", true);
}

std::string FromCharset(std::string_view bytes, std::string_view label) {
  const std::string name = IconvName(label);
  // In these, an ASCII byte may be part of another character.
  const bool shifts = name.rfind("UTF-", 0) == 0 || name.rfind("ISO-2022", 0) == 0;
  if (IsAscii(bytes) && !shifts) return std::string(bytes);
  auto converted = Convert(bytes, name, true);
  if (!converted) converted = Convert(bytes, "WINDOWS-1252", true);
  return converted ? *std::move(converted) : ReplaceInvalidUtf8(std::string(bytes));
}

}  // namespace dbxes::content
