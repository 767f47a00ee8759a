// SPDX-License-Identifier: Apache-2.0
#include "base/http/redaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace dbxes {
namespace {

constexpr std::string_view kMask = "***";
// Shorter ones would also hide ordinary text.
constexpr std::size_t kLeastCredential = 4;
// Of a body, for each byte that is shown: what is masked becomes shorter.
constexpr std::size_t kSampleFactor = 4;

constexpr std::array<std::string_view, 13> kSecretNames{
    "access_token",  "refresh_token", "id_token", "client_secret", "app_secret",
    "code_verifier", "code",          "api_key",  "apikey",        "password",
    "signature",     "rlkey",         "encoded"};
// Of links that open a file to everyone who knows them (Dropbox API: sharing, get_temporary_link).
constexpr std::array<std::string_view, 3> kLinkPaths{"s/", "sh/", "scl/"};
constexpr std::string_view kContentHost = "dropboxusercontent.com";

bool IsSecretName(std::string_view name) {
  constexpr std::array<std::string_view, 7> kParts{"token", "secret",     "passw",    "apikey",
                                                   "key",   "credential", "signature"};
  if (EqualIgnoringCase(name, "code")) return true;
  const std::string lower = LowerAscii(name);
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

void ReplaceAll(std::string& text, std::string_view secret) {
  if (secret.size() < kLeastCredential) return;
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + kMask.size())) {
    text.replace(at, secret.size(), kMask);
  }
}

// The end of a value that begins at `at`: of a JSON string, or of a parameter in a form or query.
std::size_t EndOfValue(std::string_view text, std::size_t at, bool quoted) {
  if (!quoted) return std::min(text.find_first_of("&\"' \t\r\n,}", at), text.size());
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

// `"name": "value"` and `name=value`, anywhere in the text.
void MaskValues(std::string& text, std::string_view name) {
  std::size_t at = text.find(name);
  for (; at != std::string::npos; at = text.find(name, at + 1)) {
    const char before = at == 0 ? '&' : text[at - 1];
    std::size_t value = at + name.size();
    bool quoted = false;
    if (before == '"') {
      value = text.find_first_not_of(" \t\r\n", std::min(value, text.size()));
      if (value == std::string::npos || text[value] != '"') continue;
      value = text.find_first_not_of(" \t\r\n:", value + 1);
      quoted = value != std::string::npos && text[value] == '"';
      if (!quoted) continue;
      ++value;
    } else if ((before != '&' && before != '?') || value >= text.size() || text[value] != '=') {
      continue;
    } else {
      ++value;
    }
    text.replace(value, EndOfValue(text, value, quoted) - value, kMask);
  }
}

bool OpensToEveryone(std::string_view host, std::string_view path) {
  return host.ends_with(kContentHost) ||
         std::any_of(kLinkPaths.begin(), kLinkPaths.end(),
                     [&](std::string_view begin) { return path.starts_with(begin); });
}

// `slash` is the slash as the text has it: JSON allows to escape it.
void MaskLinks(std::string& text, std::string_view slash) {
  const std::string begin = fmt::format(":{0}{0}", slash);
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    const std::size_t end = std::min(text.find_first_of("\"' \t\r\n", at), text.size());
    const std::string_view link = std::string_view(text).substr(at, end - at);
    const std::size_t path = std::min(link.find(slash), link.size());
    std::string plain(link.substr(std::min(path + slash.size(), link.size())));
    std::erase(plain, '\\');
    const std::string_view host = link.substr(0, std::min(path, link.find(':')));
    if (plain.empty() || !OpensToEveryone(host, plain)) continue;
    text.replace(at + path + slash.size(), end - at - path - slash.size(), kMask);
  }
}

bool IsText(std::string_view bytes) {
  return IsUtf8(bytes) && bytes.find('\0') == std::string_view::npos;
}

}  // namespace

std::string WithoutSecrets(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?", begin), url.size());
  const std::string_view authority = url.substr(begin, end - begin);
  std::string shown(url.substr(0, begin));
  shown += authority.substr(authority.rfind('@') + 1);
  const std::size_t question = std::min(url.find('?', end), url.size());
  shown += url.substr(end, question - end);
  std::string_view query = url.substr(question);
  while (!query.empty()) {  // each begins with '?' or '&'
    const std::size_t next = std::min(query.find('&', 1), query.size());
    const std::string_view pair = query.substr(0, next);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const bool secret = equals < pair.size() && IsSecretName(pair.substr(1, equals - 1));
    shown += secret ? pair.substr(0, equals + 1) : pair;
    if (secret) shown += kMask;
    query.remove_prefix(next);
  }
  return shown;
}

std::vector<std::string> CredentialsOf(const HttpRequest& request) {
  std::vector<std::string> credentials;
  for (const std::string& line : request.headers) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = std::string_view(line).substr(0, colon);
    if (!EqualIgnoringCase(name, "authorization") && !IsSecretName(name)) continue;
    std::string_view value = std::string_view(line).substr(std::min(colon + 1, line.size()));
    while (value.starts_with(' ')) value.remove_prefix(1);
    // Without the scheme: "Bearer", "ApiKey", "Basic".
    credentials.emplace_back(value.substr(value.find(' ') + 1));
  }
  return credentials;
}

std::string ShownBody(std::string_view body, const std::vector<std::string>& credentials,
                      std::size_t max_bytes) {
  std::string_view sample = CutUtf8(body, max_bytes * kSampleFactor);
  if (!IsText(sample)) return fmt::format("({} bytes that are not text)", body.size());
  // A secret at the cut might not be recognised: leave out the word that the cut goes through.
  if (sample.size() < body.size()) {
    const std::size_t last = sample.find_last_of("\"& \n,");
    // No credential is as long as what is left out otherwise.
    if (last != std::string_view::npos && last >= max_bytes) sample = sample.substr(0, last + 1);
  }
  std::string shown(sample);
  for (const std::string& credential : credentials) ReplaceAll(shown, credential);
  for (const std::string_view name : kSecretNames) MaskValues(shown, name);
  for (const std::string_view slash : {"/", "\\/"}) MaskLinks(shown, slash);
  shown.resize(CutUtf8(shown, max_bytes).size());
  return shown;
}

}  // namespace dbxes
