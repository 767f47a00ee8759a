// SPDX-License-Identifier: Apache-2.0
#include "dropbox/kept_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "base/json/json.h"
#include "base/json/json_write.h"

namespace dbxes::dropbox {
namespace {

constexpr std::int64_t kMicrosOfMs = 1000;
// Dropbox's tokens live that long. One of unknown life is kept no longer.
constexpr Milliseconds kLongestUse = std::chrono::hours(4);

// Times in microseconds of UTC since 1970.
struct Content {
  std::string credentials;  // SHA-256
  std::string access_token;
  std::string scopes;
  std::uint64_t made_at = 0;
  std::uint64_t use_until = 0;
};

// Each part with its length, so that no two lists have the same bytes.
std::string HashOf(std::initializer_list<std::string_view> parts) {
  Sha256 hash;
  for (const std::string_view part : parts) {
    hash.Update(fmt::format("{}:", part.size()));
    hash.Update(part);
  }
  return ToHex(hash.Finish());
}

std::string HashOf(const config::DropboxConfig& config) {
  return HashOf(
      {config.refresh_token.Reveal(), config.app_key, config.app_secret.Reveal(), config.api_url});
}

std::string SealOf(const Content& content, const config::DropboxConfig& config) {
  return HashOf({config.refresh_token.Reveal(), content.credentials, content.access_token,
                 content.scopes, fmt::format("{} {}", content.made_at, content.use_until)});
}

std::string JsonOf(const Content& content, const config::DropboxConfig& config) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, "credentials", content.credentials);
  WriteExactly(writer, "access_token", content.access_token);
  WriteExactly(writer, "scopes", content.scopes);
  WriteNumber(writer, "made_at", content.made_at);
  WriteNumber(writer, "use_until", content.use_until);
  WriteExactly(writer, "seal", SealOf(content, config));
  writer.EndObject();
  return std::string(View(buffer)) + '\n';
}

std::uint64_t NowOf(const Clock& clock) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(clock.WallMicros(), 0));
}

// Not more than 0 also if the clock was set back since the token was made: then nobody knows.
Milliseconds UsableFor(const Content& content, const Clock& clock) {
  const std::uint64_t now = NowOf(clock);
  if (now < content.made_at || now >= content.use_until) return Milliseconds(0);
  const auto left = static_cast<std::int64_t>((content.use_until - now) / 1000);
  return std::min(Milliseconds(left), kLongestUse);
}

}  // namespace

bool KeepsToken(const config::Config& config) {
  const config::DropboxConfig& dropbox = config.dropbox;
  return dropbox.keep_access_token && !dropbox.access_token_file.empty() &&
         !dropbox.refresh_token_in_no_file && config.sync.state == config::StateKind::kFolder;
}

Result<StoredToken> ReadKeptToken(FileSystem& files, const FileProbe& probe, const Clock& clock,
                                  const config::DropboxConfig& config) {
  const std::string& path = config.access_token_file;
  if (std::string why = probe.exposed(path); !why.empty()) {
    return Fail(ErrorKind::kConfig, std::move(why));
  }
  TRY_ASSIGN(const std::string text, files.ReadFile(path));
  const auto json = ParseJson(text, path);
  Content content;
  std::string_view seal;
  if (json) {
    content = {std::string(StringMember(*json, "credentials")),
               std::string(StringMember(*json, "access_token")),
               std::string(StringMember(*json, "scopes")), UintMember(*json, "made_at").value_or(0),
               UintMember(*json, "use_until").value_or(0)};
    seal = StringMember(*json, "seal");
  }
  if (!content.credentials.empty() && content.credentials != HashOf(config)) {
    return Fail(ErrorKind::kAuth, fmt::format("{} was made with other credentials", path));
  }
  if (content.access_token.empty() || seal != SealOf(content, config)) {
    return Fail(ErrorKind::kInternal, fmt::format("{} is damaged", path));
  }
  return StoredToken{config::Secret(std::move(content.access_token)), content.scopes,
                     UsableFor(content, clock)};
}

Result<void> RemoveKeptToken(FileSystem& files, const config::DropboxConfig& config) {
  const std::filesystem::path path = config.access_token_file;
  if (path.empty()) return {};
  TRY(files.Remove(path.string()));
  auto left = files.RemoveAll(path.parent_path().string(), path.filename().string() + '.', ".tmp");
  if (!left && left.error().kind == ErrorKind::kNotFound) return {};  // no folder
  return left;
}

KeptToken::KeptToken(FileSystem& files, const FileProbe& probe, const Clock& clock,
                     const config::DropboxConfig& config, OnTrouble on_trouble)
    : files_(files),
      probe_(probe),
      clock_(clock),
      config_(config),
      on_trouble_(std::move(on_trouble)) {}

std::optional<StoredToken> KeptToken::Load() {
  auto stored = ReadKeptToken(files_, probe_, clock_, config_);
  if (stored && stored->usable_for.count() > 0) return *std::move(stored);
  if (stored) return std::nullopt;
  const ErrorKind kind = stored.error().kind;
  // What was made with other credentials was right then.
  if (kind != ErrorKind::kNotFound && kind != ErrorKind::kAuth) {
    on_trouble_(
        fmt::format("the access token of an earlier run is not used: {}; this run gets another",
                    stored.error().message),
        /*urgent=*/true);
  }
  return std::nullopt;
}

void KeptToken::Keep(const TokenGrant& grant) {
  const Milliseconds use = std::min(dropbox::UsableFor(grant.lifetime), kLongestUse);
  const std::uint64_t now = NowOf(clock_);
  const Content content{HashOf(config_), grant.access_token.Reveal(), grant.scopes, now,
                        now + static_cast<std::uint64_t>(use.count() * kMicrosOfMs)};
  Result<void> kept = RemoveKeptToken(files_, config_);
  if (kept) kept = files_.ReplaceFile(config_.access_token_file, JsonOf(content, config_), 0600);
  if (!kept) {
    on_trouble_(
        fmt::format("the access token is not kept for the next run: {}", kept.error().message),
        /*urgent=*/false);
  }
}

void KeptToken::Forget() {
  const auto removed = RemoveKeptToken(files_, config_);
  if (!removed) {
    on_trouble_(
        fmt::format("the access token of an earlier run stays: {}", removed.error().message),
        /*urgent=*/true);
  }
}

}  // namespace dbxes::dropbox
