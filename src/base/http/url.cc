// SPDX-License-Identifier: Apache-2.0
#include "base/http/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/ascii.h"

namespace dbxes {
namespace {

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

// What a byte becomes: itself, or three.
struct PercentCode {
  char text[3];
  unsigned char size;
};
using PercentCodes = std::array<PercentCode, 256>;

constexpr bool IsUnreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}
constexpr PercentCodes MakePercentCodes(bool keep_slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  PercentCodes codes{};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(i);
    if (IsUnreserved(byte) || (keep_slash && byte == '/')) {
      codes[i] = {{static_cast<char>(byte), 0, 0}, 1};
    } else {
      codes[i] = {{'%', kDigits[byte >> 4], kDigits[byte & 15]}, 3};
    }
  }
  return codes;
}
constexpr PercentCodes kPercentCodes = MakePercentCodes(false);
constexpr PercentCodes kPercentCodesOfPath = MakePercentCodes(true);

// Decodes a value of a form or query, where a plus sign is a space.
std::string DecodeQueryText(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? HexDigit(text[i + 1]) : -1;
    const int low = escape ? HexDigit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

}  // namespace

Result<UrlParts> ParseUrl(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0);
  UrlParts parts{Part(parsed.get(), CURLUPART_SCHEME), Part(parsed.get(), CURLUPART_HOST),
                 Part(parsed.get(), CURLUPART_PORT), Part(parsed.get(), CURLUPART_PATH)};
  const bool web = parts.scheme == "http" || parts.scheme == "https";
  if (code != CURLUE_OK || !web || parts.host.empty()) {
    return Fail(ErrorKind::kConfig,
                fmt::format("\"{}\" is not an http:// or https:// URL with a host", url));
  }
  if (parts.host.size() > 2 && parts.host.front() == '[') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  return parts;
}

std::string QueryValue(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (DecodeQueryText(pair.substr(0, equals)) != name) continue;
    return DecodeQueryText(pair.substr(std::min(equals + 1, pair.size())));
  }
  return "";
}

bool IsLoopback(const UrlParts& url) {
  // Parsed as an address: anyone can own the name "127.example.org".
  in_addr address{};
  if (::inet_pton(AF_INET, url.host.c_str(), &address) == 1) {
    return ntohl(address.s_addr) >> 24 == 127;
  }
  return EqualIgnoringCase(url.host, "localhost") || url.host == "::1";
}

std::string WithoutTrailingSlash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

std::string PercentEncode(std::string_view text, bool keep_slash) {
  std::string encoded;
  AppendPercentEncoded(text, keep_slash, encoded);
  return encoded;
}

char* WritePercentEncoded(std::string_view text, bool keep_slash, char* to) {
  const PercentCodes& codes = keep_slash ? kPercentCodesOfPath : kPercentCodes;
  // Each byte is written as a code of three bytes; the next one overwrites the unused ones. So no
  // branch depends on the text.
  for (const char c : text) {
    const PercentCode& code = codes[static_cast<unsigned char>(c)];
    std::memcpy(to, code.text, sizeof(code.text));
    to += code.size;
  }
  return to;
}

void AppendPercentEncoded(std::string_view text, bool keep_slash, std::string& out) {
  const std::size_t before = out.size();
  out.resize(before + 3 * text.size());
  const char* const end = WritePercentEncoded(text, keep_slash, out.data() + before);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

}  // namespace dbxes
