// SPDX-License-Identifier: Apache-2.0
#include "auth/authorization.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "auth/scopes.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/http/url.h"
#include "base/json/json_write.h"
#include "base/random.h"

namespace dbxes::auth {
namespace {

// 32 bytes make a verifier of 43 characters, the shortest that RFC 7636 (4.1) allows.
constexpr std::size_t kVerifierBytes = 32;
constexpr std::size_t kStateBytes = 16;

std::string Challenge(const config::Secret& verifier) {
  Sha256 hash;
  hash.Update(verifier.Reveal());
  const Sha256::Digest digest = hash.Finish();
  return Base64UrlEncode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

}  // namespace

Result<Authorization> NewAuthorization(const config::Config& config, std::string redirect_uri) {
  TRY_ASSIGN(const auto verifier, RandomBytes(kVerifierBytes));
  TRY_ASSIGN(const auto state, RandomBytes(kStateBytes));
  Authorization authorization;
  authorization.app_key = config.dropbox.app_key;
  authorization.verifier = config::Secret(Base64UrlEncode(verifier));
  authorization.state = Base64UrlEncode(state);
  authorization.redirect_uri = std::move(redirect_uri);
  return authorization;
}

std::string AuthorizeUrl(const config::Config& config, const Authorization& authorization,
                         bool team) {
  std::string scopes;
  for (const NeededScope& scope : NeededScopes(config, team)) {
    if (!scopes.empty()) scopes += ' ';
    scopes += scope.name;
  }
  std::string url = fmt::format(
      "{}/oauth2/authorize?client_id={}&response_type=code&token_access_type=offline&scope={}"
      "&code_challenge={}&code_challenge_method=S256",
      config.dropbox.web_url, PercentEncode(authorization.app_key), PercentEncode(scopes),
      Challenge(authorization.verifier));
  if (!authorization.redirect_uri.empty()) {
    url += fmt::format("&redirect_uri={}&state={}", PercentEncode(authorization.redirect_uri),
                       PercentEncode(authorization.state));
  }
  return url;
}

std::string CodeIn(std::string_view pasted) {
  const std::string_view text = Trimmed(pasted);
  const std::size_t question = text.find('?');
  if (text.find("://") == std::string_view::npos || question == std::string_view::npos) {
    return std::string(text);
  }
  return QueryValue(text.substr(question + 1, text.find('#') - question - 1), "code");
}

PendingAuthorization::PendingAuthorization(FileSystem& files, const config::Config& config)
    : files_(files), config_(config), path_(config.dropbox.refresh_token_file + ".pending") {}

Result<void> PendingAuthorization::Save(const Authorization& authorization) {
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  if (!folder.empty()) {
    TRY(files_.MakeFolders(folder, 0700));
  }
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, "app_key", authorization.app_key);
  WriteExactly(writer, "verifier", authorization.verifier.Reveal());
  writer.EndObject();
  return files_.ReplaceFile(path_, View(buffer), 0600);
}

Result<std::optional<Authorization>> PendingAuthorization::Load() {
  const auto text = files_.ReadFile(path_);
  if (!text && text.error().kind == ErrorKind::kNotFound) return std::nullopt;
  if (!text) return Fail(text.error());
  const auto json = ParseJson(*text, path_);
  // A damaged file is like none: the user gets a new link.
  if (!json) return std::nullopt;
  Authorization authorization;
  authorization.app_key = StringMember(*json, "app_key");
  authorization.verifier = config::Secret(std::string(StringMember(*json, "verifier")));
  if (authorization.app_key != config_.dropbox.app_key || authorization.verifier.empty()) {
    return std::nullopt;
  }
  return authorization;
}

}  // namespace dbxes::auth
