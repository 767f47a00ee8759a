// SPDX-License-Identifier: Apache-2.0
#include "auth/auth.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <utility>

#include "auth/account_report.h"
#include "auth/authorization.h"
#include "auth/loopback_listener.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/http/url.h"
#include "base/os/file_system.h"
#include "base/random.h"
#include "dropbox/kept_token.h"
#include "dropbox/route_error.h"
#include "report/summary.h"

namespace dbxes::auth {
namespace {

constexpr Milliseconds kPatience{600'000};  // the user may have to log in first

using Lines = std::vector<std::string>;

class Auth {
 public:
  Auth(Environment& environment, const config::Config& config, const AuthOptions& options,
       report::Reporter& reporter)
      : environment_(environment),
        config_(config),
        options_(options),
        reporter_(reporter),
        loop_(environment.http, environment.clock, environment.stop_signal),
        dropbox_(loop_, config, OnRetry(), SeedOf(environment.seed, "dropbox")),
        requests_(loop_, config, OnRetry(), SeedOf(environment.seed, "authorization")),
        pending_(environment.files, config) {}

  Result<void> Run() {
    switch (options_.action) {
      case AuthOptions::Action::kStatus:
        return Status();
      case AuthOptions::Action::kRevoke:
        return Revoke();
      case AuthOptions::Action::kAuthorize:
        break;
    }
    return Authorize();
  }

  Lines lines;  // the answer so far, also after a failure

 private:
  Result<void> Authorize();
  Result<void> Status();
  Result<void> Revoke();
  std::function<void(const Error&, Milliseconds)> OnRetry() {
    return [this](const Error& error, Milliseconds) { reporter_.Detail(error.ToLine()); };
  }
  const std::string& token_file() const { return config_.dropbox.refresh_token_file; }

  Result<config::Secret> ObtainCode(Authorization& authorization);
  Result<config::Secret> ListenForCode(Authorization& authorization);
  Result<config::Secret> PromptForCode(Authorization& authorization);
  Result<config::Secret> GivenCode(Authorization& authorization);
  void Offer(const std::string& url);
  Result<void> CheckOverride() const;
  Result<void> Keep(const config::Secret& refresh_token);
  std::string OverrideText() const;
  void RemoveAccessToken();
  Result<void> Report();
  Result<bool> InFile() const;

  Environment& environment_;
  const config::Config& config_;
  const AuthOptions& options_;
  report::Reporter& reporter_;
  EventLoop loop_;
  dropbox::Client dropbox_;
  TokenRequests requests_;
  PendingAuthorization pending_;
};

// As the user finds it.
std::string Auth::OverrideText() const {
  const std::string& origin = config_.dropbox.refresh_token_override;
  return origin.empty() ? "dropbox.refresh_token"
                        : fmt::format("dropbox.refresh_token ({})", origin);
}

// A token that no command would use is not worth a visit to the browser.
Result<void> Auth::CheckOverride() const {
  if (options_.print || config_.dropbox.refresh_token_override.empty()) return {};
  return Fail(ErrorKind::kConfig,
              fmt::format("{} is used instead of the token that auth stores: remove it, then run "
                          "dbx-es auth again; or replace it with the output of dbx-es auth --print",
                          OverrideText()));
}

Result<void> Auth::Authorize() {
  TRY(CheckOverride());
  Authorization authorization;
  TRY_ASSIGN(const auto code, ObtainCode(authorization));
  TRY(requests_.CheckApp());
  TRY_ASSIGN(auto grant, requests_.Redeem(authorization, code));
  if (grant.refresh_token.empty()) {
    return Fail(ErrorKind::kAuth,
                "Dropbox returned no refresh token: the code was not requested with the link of "
                "dbx-es auth, which asks for offline access");
  }
  // First of all, since the code cannot be used again.
  TRY(Keep(grant.refresh_token));
  dropbox_.Adopt(grant);
  return Report();
}

Result<config::Secret> Auth::ObtainCode(Authorization& authorization) {
  if (!options_.code.empty()) return GivenCode(authorization);
  TRY_ASSIGN(authorization,
             NewAuthorization(config_, options_.listen ? options_.redirect_uri : ""));
  // The terminal may be closed, or there may be none: another run can take the code. A folder that
  // cannot be written would also lose the token.
  const auto saved = pending_.Save(authorization);
  if (!saved && !options_.print) {
    return Fail(WithContext(saved.error(), "the refresh token could not be stored"));
  }
  if (!saved) reporter_.Warn("--code will not work with this link: " + saved.error().message);
  return options_.listen ? ListenForCode(authorization) : PromptForCode(authorization);
}

Result<config::Secret> Auth::GivenCode(Authorization& authorization) {
  TRY_ASSIGN(auto waiting, pending_.Load());
  if (!waiting) {
    return Fail(ErrorKind::kAuth,
                "no link waits for a code here: run dbx-es auth first, with the same "
                "configuration, and open the link that it prints");
  }
  authorization = *std::move(waiting);
  if (options_.code.Reveal() != "-") return config::Secret(CodeIn(options_.code.Reveal()));
  TRY_ASSIGN(auto line, environment_.console.read_line());
  return config::Secret(CodeIn(line.value_or("")));
}

void Auth::Offer(const std::string& url) {
  reporter_.Instruct(
      "Open this link in a browser, log in as the account to index, and choose Allow:");
  reporter_.Instruct("");
  reporter_.Instruct("  " + url);
  reporter_.Instruct("");
  if (options_.browser) environment_.console.open_browser(url);
}

Result<config::Secret> Auth::ListenForCode(Authorization& authorization) {
  TRY_ASSIGN(auto listener, LoopbackListener::Open(authorization.redirect_uri));
  if (!listener->problem().empty()) reporter_.Warn(listener->problem());
  Offer(AuthorizeUrl(config_, authorization, options_.team));
  if (environment_.console.over_ssh) {
    const auto url = ParseUrl(authorization.redirect_uri);
    reporter_.Instruct(fmt::format(
        "The browser has to reach this machine: log in with ssh -L {0}:localhost:{0}, or leave "
        "--listen out and paste the code.",
        url ? url->port : ""));
  }
  reporter_.Instruct(fmt::format("Waiting for the browser at {}", authorization.redirect_uri));
  TRY_ASSIGN(auto code, listener->WaitForCode(authorization.state, environment_.clock, kPatience,
                                              environment_.stop_signal));
  return config::Secret(std::move(code));
}

Result<config::Secret> Auth::PromptForCode(Authorization& authorization) {
  Offer(AuthorizeUrl(config_, authorization, options_.team));
  reporter_.Instruct("Dropbox then shows a code. Paste it here:");
  TRY_ASSIGN(auto line, environment_.console.read_line());
  std::string code = CodeIn(line.value_or(""));
  if (!code.empty()) return config::Secret(std::move(code));
  return Fail(ErrorKind::kAuth,
              "no code was given; the link stays good: open it, then run dbx-es auth --code CODE "
              "with the same configuration");
}

Result<void> Auth::Keep(const config::Secret& refresh_token) {
  if (options_.print) {
    reporter_.Print(refresh_token.Reveal());
  } else {
    const std::string folder = std::filesystem::path(token_file()).parent_path().string();
    if (!folder.empty()) {
      TRY(environment_.files.MakeFolders(folder, 0700));
    }
    const std::string text = refresh_token.Reveal() + "\n";
    if (auto kept = environment_.files.ReplaceFile(token_file(), text, 0600); !kept) {
      return Fail(WithContext(kept.error(), "the refresh token cannot be stored and is lost"));
    }
    lines.push_back(fmt::format("refresh token: stored in {}", token_file()));
    RemoveAccessToken();
  }
  return {};
}

// That of the former refresh token, which runs have kept. None of them would use it.
void Auth::RemoveAccessToken() {
  const auto removed = dropbox::RemoveKeptToken(environment_.files, config_.dropbox);
  if (!removed) reporter_.Warn(removed.error().message);
}

Result<void> Auth::Report() {
  TRY_ASSIGN(const auto account, dropbox_.DiscoverAccount());
  const Lines about = AccountLines(account);
  lines.insert(lines.begin(), about.begin(), about.end());
  TRY_ASSIGN(const auto missing, FindMissingScopes(loop_, dropbox_, config_, account));
  if (!missing.empty()) return Fail(MissingScopesError(missing));
  lines.emplace_back("scopes: all that these settings need");
  return {};
}

// Whether the token in use is the one in the file that auth writes.
Result<bool> Auth::InFile() const {
  const auto text = environment_.files.ReadFile(token_file());
  if (!text && text.error().kind == ErrorKind::kNotFound) return false;
  if (!text) return Fail(text.error());
  return std::string_view(*text).substr(0, text->find_last_not_of("\r\n") + 1) ==
         config_.dropbox.refresh_token.Reveal();
}

Result<void> Auth::Status() {
  TRY_ASSIGN(const auto in_file, InFile());
  lines.push_back(in_file ? fmt::format("refresh token: in {}", token_file())
                          : "refresh token: set by " + OverrideText());
  return Report();
}

Result<void> Auth::Revoke() {
  TRY_ASSIGN(const auto in_file, InFile());
  // A team's token can only be revoked as a member, so the account is needed first.
  const auto account = dropbox_.DiscoverAccount();
  auto revoked = account ? dropbox_.RevokeToken() : Result<void>(Fail(account.error()));
  const bool was_void = !revoked && dropbox::IsInvalidGrant(revoked.error());
  if (!revoked && !was_void) return revoked;
  RemoveAccessToken();
  lines.emplace_back(was_void ? "the refresh token was revoked before"
                              : "the refresh token and all its access tokens are revoked");
  if (!in_file) {
    reporter_.Warn("remove " + OverrideText() + ": it is no longer valid");
    return {};
  }
  // The pending link is kept until here, so that a code that is used twice gets another message
  // than a wrong one.
  TRY(pending_.Forget());
  TRY(environment_.files.Remove(token_file()));
  lines.push_back(fmt::format("removed {}", token_file()));
  return {};
}

}  // namespace

report::RunSummary RunAuth(Environment& environment, const config::Config& config,
                           const AuthOptions& options, report::Reporter& reporter) {
  const Milliseconds begin = environment.clock.Now();
  Auth auth(environment, config, options, reporter);
  const auto outcome = auth.Run();
  report::RunSummary summary = report::SummaryOf("auth", outcome);
  summary.answer = std::move(auth.lines);
  summary.duration = environment.clock.Now() - begin;
  return summary;
}

}  // namespace dbxes::auth
