// SPDX-License-Identifier: Apache-2.0
#include "parsers/mime_header.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "content/charset.h"
#include "content/charset_list.h"
#include "parsers/transfer_encoding.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostFields = 1000;
constexpr std::size_t kLongestField = 64 << 10;  // bytes; the rest is cut off
constexpr int kMostPieces = 100;                 // of one parameter
// Bytes in which the end of an encoded word is searched for; the standard allows 75.
constexpr std::size_t kLongestWord = 4096;

// Takes one line off, without its line break.
std::string_view TakeLine(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

// =?charset?encoding?text?=
struct EncodedWord {
  std::string charset;
  std::string bytes;
  std::size_t length = 0;  // in the field
};

std::optional<EncodedWord> WordAt(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  text = text.substr(0, kLongestWord);
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return std::nullopt;
  const char encoding = LowerAscii(text[charset_end + 1]);
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find("?=", begin);
  if (text[charset_end + 2] != '?' || end == std::string_view::npos) return std::nullopt;
  if (encoding != 'q' && encoding != 'b') return std::nullopt;
  const std::string_view coded = text.substr(begin, end - begin);
  EncodedWord word;
  // A language may follow an asterisk (RFC 2231, section 5).
  const std::string_view charset = text.substr(2, charset_end - 2);
  word.charset = LowerAscii(charset.substr(0, charset.find('*')));
  word.bytes = encoding == 'b' ? DecodeBase64Leniently(coded) : DecodeQuotedWord(coded);
  word.length = end + 2;
  return word;
}

// White space between two encoded words is not part of the text, and a character may be divided
// among them (RFC 2047, section 6.2).
std::string DecodeWords(std::string_view field) {
  std::string out;
  std::string plain;
  EncodedWord pending;
  const auto flush_word = [&] {
    if (!pending.bytes.empty()) out += MailText(std::move(pending.bytes), pending.charset);
    pending = {};
  };
  const auto flush_plain = [&] {
    out += MailText(std::move(plain), "");
    plain.clear();
  };
  for (std::size_t at = 0; at < field.size();) {
    auto word = WordAt(field.substr(at));
    if (!word) {
      plain += field[at++];
      continue;
    }
    at += word->length;
    const bool adjoins = !pending.charset.empty() && Trimmed(plain).empty();
    if (adjoins) plain.clear();
    if (!adjoins || word->charset != pending.charset) {
      flush_word();
      flush_plain();
    }
    pending.charset = word->charset;
    pending.bytes += word->bytes;
  }
  flush_word();
  flush_plain();
  return out;
}

using Parameters = std::map<std::string, std::string, std::less<>>;

// Takes one parameter off, its quotes and escapes resolved.
void TakeParameter(std::string_view& rest, Parameters& parameters) {
  const std::size_t name_end = rest.find_first_of("=;");
  if (name_end == std::string_view::npos || rest[name_end] == ';') {
    rest.remove_prefix(name_end == std::string_view::npos ? rest.size() : name_end + 1);
    return;
  }
  const std::string name = LowerAscii(Trimmed(rest.substr(0, name_end)));
  rest.remove_prefix(name_end + 1);
  const std::size_t begin = rest.find_first_not_of(" \t");
  rest.remove_prefix(std::min(begin, rest.size()));
  std::string value;
  if (rest.starts_with('"')) {
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
      // Windows programs do not escape the backslashes of a path.
      const bool escape =
          rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\');
      if (escape) ++at;
      value += rest[at];
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  } else {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    value = Trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (rest.starts_with(';')) rest.remove_prefix(1);
  parameters.try_emplace(name, std::move(value));
}

// charset'language'text with percent signs
std::string DecodeExtended(std::string_view value) {
  const std::size_t first = value.find('\'');
  const std::size_t second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) return MailText(DecodePercent(value), "");
  return MailText(DecodePercent(value.substr(second + 1)), LowerAscii(value.substr(0, first)));
}

// name*0, name*1* and so on
std::string JoinPieces(const Parameters& parameters, const std::string& name) {
  std::string joined;
  bool extended = false;
  for (int number = 0; number < kMostPieces; ++number) {
    const std::string key = name + "*" + std::to_string(number);
    if (const auto coded = parameters.find(key + "*"); coded != parameters.end()) {
      joined += coded->second;
      extended = true;
    } else if (const auto plain = parameters.find(key); plain != parameters.end()) {
      joined += plain->second;
    } else {
      break;
    }
  }
  return extended ? DecodeExtended(joined) : DecodeWords(joined);
}

}  // namespace

MimeHeader MimeHeader::Take(std::string_view& bytes) {
  MimeHeader header;
  while (!bytes.empty()) {
    const std::string_view before = bytes;
    const std::string_view line = TakeLine(bytes);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !header.fields_.empty()) {
      std::string& value = header.fields_.back().second;
      if (value.size() < kLongestField) value += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = Trimmed(line.substr(0, colon));
    if (colon == std::string_view::npos || !IsFieldName(name)) {
      // The separator of mbox and a trace of programs that escape it; else a body without an empty
      // line before it.
      if (line.starts_with("From ") || line.starts_with(">From ")) continue;
      bytes = before;
      break;
    }
    if (header.fields_.size() < kMostFields) {
      header.fields_.emplace_back(LowerAscii(name), line.substr(colon + 1));
    }
  }
  return header;
}

std::string_view MimeHeader::Find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (field == name) return Trimmed(value);
  }
  return {};
}

std::string MimeHeader::Text(std::string_view name) const { return DecodeWords(Find(name)); }

std::string ValueOf(std::string_view field) {
  return LowerAscii(Trimmed(field.substr(0, field.find(';'))));
}

std::string ParameterOf(std::string_view field, std::string_view name) {
  Parameters parameters;
  std::string_view rest = field;
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  if (!rest.empty()) rest.remove_prefix(1);
  while (!rest.empty()) TakeParameter(rest, parameters);
  const std::string key(name);
  if (const auto found = parameters.find(key + "*"); found != parameters.end()) {
    return DecodeExtended(found->second);
  }
  if (const auto found = parameters.find(key); found != parameters.end()) {
    return DecodeWords(found->second);
  }
  return JoinPieces(parameters, key);
}

std::string MailText(std::string bytes, std::string_view charset) {
  // Text in these looks like ASCII.
  const std::string_view name = content::IconvName(charset);
  if (name.starts_with("ISO-2022") || name.starts_with("UTF-16")) {
    return content::FromCharset(bytes, charset);
  }
  return content::ToUtf8(std::move(bytes), charset).value_or("");
}

}  // namespace dbxes::parsers
