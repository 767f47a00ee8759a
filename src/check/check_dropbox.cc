// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "auth/account_report.h"
#include "auth/scopes.h"
#include "base/json/json_write.h"
#include "check/age.h"
#include "check/check_parts.h"
#include "dropbox/route_error.h"

namespace dbxes::check {
namespace {

constexpr std::int64_t kClockTolerance = 30'000'000;  // microseconds
constexpr std::string_view kScopeAdvice =
    "tick it in the Dropbox App Console, on the Permissions tab of the app, submit, and run dbx-es "
    "auth again";

std::string TokenAdvice(const Error& error) {
  if (dropbox::IsInvalidGrant(error)) return "run dbx-es auth for a new refresh token";
  if (dropbox::IsInvalidClient(error)) {
    return "copy App key and App secret from the app's page in the Dropbox App Console; remove the "
           "secret if the token was obtained without it";
  }
  return error.kind == ErrorKind::kAuth ? "run dbx-es auth for a new refresh token" : "";
}

class DropboxCheck {
 public:
  DropboxCheck(EventLoop& loop, dropbox::Client& client, const config::Config& config,
               CheckReport& report)
      : loop_(loop), client_(client), config_(config), report_(report) {}

  std::optional<dropbox::Account> Run() {
    auto account = client_.DiscoverAccount();
    if (account) {
      ReportAccount(*account);
      client_.ActAs(*account);
      CheckScopes(*account);
      CheckPaths();
      return *std::move(account);
    }
    const Error& error = account.error();
    if (error.kind == ErrorKind::kInterrupted) return std::nullopt;
    if (dropbox::LacksScope(error)) {
      report_.Ok("token", "Dropbox accepts it, but does not name its account");
      CheckScopesBlindly(error);
    } else {
      report_.Problem("token", error, TokenAdvice(error));
    }
    return std::nullopt;
  }

 private:
  void ReportAccount(const dropbox::Account& account) {
    report_.Ok("token", fmt::format("of {}, {} ({})", account.display_name, account.email,
                                    account.account_id));
    if (!account.team_member_id.empty()) {
      report_.Ok("team", fmt::format("{}, acting as this member", account.team_name));
    } else if (account.team_name.empty()) {
      report_.Ok("team", "none: the account belongs to no team");
    } else if (config_.dropbox.use_document_level_security) {
      report_.Warn(
          "team",
          fmt::format("{}, but the token is for this account only: identities are written for "
                      "the people it shares with, without groups",
                      account.team_name),
          "let an admin of the team run dbx-es auth --team");
    } else {
      report_.Ok("team", account.team_name + ", this account only");
    }
  }

  void CheckScopes(const dropbox::Account& account) {
    const auto missing = auth::FindMissingScopes(loop_, client_, config_, account);
    if (!missing) return report_.Problem("scopes", missing.error());
    ReportScopes(auth::NeededScopes(config_, !account.team_member_id.empty()), *missing);
  }

  // Without the account: the scopes that came with the token, or else the one that was missing.
  void CheckScopesBlindly(const Error& error) {
    const std::string_view lacked = dropbox::MissingScope(error);
    const auto needed = auth::NeededScopes(config_, lacked.starts_with("team_"));
    auto missing = auth::MissingScopes(needed, client_.scopes());
    if (client_.scopes().empty()) {
      std::erase_if(missing, [&](const auth::NeededScope& scope) { return scope.name != lacked; });
    }
    ReportScopes(needed, missing);
  }

  void ReportScopes(const std::vector<auth::NeededScope>& needed,
                    const std::vector<auth::NeededScope>& missing) {
    for (const auth::NeededScope& scope : needed) {
      const bool lacks =
          std::any_of(missing.begin(), missing.end(),
                      [&](const auth::NeededScope& other) { return other.name == scope.name; });
      const std::string name = fmt::format("scope {}", scope.name);
      if (lacks) {
        report_.Problem(name, ExitCode::kAuthorization,
                        fmt::format("the token lacks it; it is needed {}", scope.purpose),
                        std::string(kScopeAdvice));
      } else {
        report_.Ok(name, std::string(scope.purpose));
      }
    }
  }

  void CheckPaths() {
    std::optional<HttpResponse> listed;
    for (const std::string& path : config_.dropbox.paths) {
      if (auto answer = CheckPath(path)) listed = std::move(answer);
    }
    if (listed) CheckClock(*listed);
  }

  // What Dropbox answered, if it can list the folder.
  std::optional<HttpResponse> CheckPath(const std::string& path) {
    JsonBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("path");
    WriteString(writer, path);
    WriteNumber(writer, "limit", 1);
    writer.EndObject();
    auto answer = loop_.Await(client_.Rpc("files/list_folder", std::string(View(buffer)),
                                          dropbox::Client::Headers::kUser));
    if (answer) {
      report_.Ok("path", std::string(FolderText(path)));
      return *std::move(answer);
    }
    const Error& error = answer.error();
    if (dropbox::LacksScope(error) || error.kind == ErrorKind::kInterrupted) {
      return std::nullopt;  // already reported
    }
    const bool absent = dropbox::IsPathNotFound(error);
    if (absent || dropbox::IsPathNotFolder(error)) {
      report_.Problem(
          "path", ExitCode::kConfiguration,
          fmt::format("{} {} for this account", FolderText(path),
                      absent ? "does not exist" : "is a file, not a folder"),
          "set dropbox.path to a folder as Dropbox shows it, or to \"/\" for everything");
    } else {
      report_.Problem("path", error);
    }
    return std::nullopt;
  }

  // Dropbox's clock is right; certificates, tokens and the times in documents depend on ours.
  void CheckClock(const HttpResponse& answer) {
    const auto theirs = ParseHttpDate(answer.Header("date"));
    if (!theirs) return;
    const std::int64_t ahead = loop_.clock().WallMicros() - *theirs;
    if (std::abs(ahead) <= kClockTolerance) {
      return report_.Ok("clock", "agrees with Dropbox's");
    }
    report_.Warn(
        "clock",
        fmt::format("this machine's clock is {} {} Dropbox's",
                    FormatAge(std::abs(ahead) / 1'000'000), ahead > 0 ? "ahead of" : "behind"),
        "synchronize the clock, for example with timedatectl set-ntp true");
  }

  EventLoop& loop_;
  dropbox::Client& client_;
  const config::Config& config_;
  CheckReport& report_;
};

}  // namespace

std::optional<dropbox::Account> CheckDropbox(EventLoop& loop, dropbox::Client& client,
                                             const config::Config& config, CheckReport& report) {
  return DropboxCheck(loop, client, config, report).Run();
}

}  // namespace dbxes::check
