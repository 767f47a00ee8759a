// SPDX-License-Identifier: Apache-2.0
// The command auth against the simulated Dropbox, in one process.
#include "auth/auth.h"

#include <doctest/doctest.h>

#include <csignal>
#include <set>
#include <thread>

#include "base/http/url.h"
#include "base/os/file_probe.h"
#include "dropbox/dropbox_world.h"
#include "support/memory_file_system.h"

namespace dbxes::auth {
namespace {

constexpr const char* kTokenFile = "/state/dbx-es.refresh_token";
constexpr const char* kAccessTokenFile = "/state/dbx-es.access_token";

class NotedReporter final : public report::Reporter {
 public:
  void Phase(std::string_view) override {}
  void Progress(const report::Counters&, const report::Gauges&) override {}
  void Info(std::string_view) override {}
  void Warn(std::string_view message) override { warnings.emplace_back(message); }
  void Detail(std::string_view) override {}
  void Instruct(std::string_view line) override { said.emplace_back(line); }
  void Print(std::string_view line) override { printed.emplace_back(line); }
  void Summary(const report::RunSummary&) override {}

  std::vector<std::string> warnings;
  std::vector<std::string> printed;
  std::vector<std::string> said;
};

struct AuthWorld {
  explicit AuthWorld(sim::Options options = {}) : dropbox(std::move(options)) {
    config.dropbox.refresh_token = config::Secret();
    config.dropbox.web_url = "https://www.dropbox.test";
    config.dropbox.refresh_token_file = kTokenFile;
    config.dropbox.access_token_file = kAccessTokenFile;
  }

  // Opens the link as a browser does, and returns the page or the address of the redirect.
  std::string Open(const std::string& url) {
    sim::Request request;
    request.method = "GET";
    request.target = url.substr(config.dropbox.web_url.size());
    const sim::Response response = dropbox.simulator.Handle(request);
    CHECK(response.status < 400);
    const std::string* location = sim::FindHeader(response.headers, "Location");
    return location != nullptr ? *location : *response.body;
  }
  std::string CodeFor(const std::string& url) {
    const std::string page = Open(url);
    const std::size_t at = page.find("code-");
    return at == std::string::npos ? "" : page.substr(at, page.find('"', at) - at);
  }

  report::RunSummary Run(AuthOptions::Action action = AuthOptions::Action::kAuthorize) {
    options.action = action;
    dropbox.simulator.BeginRun();
    reporter.said.clear();
    const FileProbe probe;
    Environment environment{
        .files = files,
        .scratch = files,
        .probe = probe,
        .clock = dropbox.clock,
        .http = dropbox.network,
        .stop_signal = [this] { return dropbox.signal; },
        .seed = 1,
        .console = {.read_line = [this] { return typed(Link()); },
                    .open_browser = [this](const std::string& url) { opened.push_back(url); }}};
    return RunAuth(environment, config, options, reporter);
  }
  // A run with the code of the link.
  report::RunSummary Authorize() {
    typed = [this](const std::string& url) { return CodeFor(url); };
    return Run();
  }

  std::string Link() const {
    for (const std::string& line : reporter.said) {
      if (const std::size_t at = line.find("https://"); at != std::string::npos) {
        return line.substr(at);
      }
    }
    return "";
  }
  std::string Stored() const {
    const auto found = files.files().find(kTokenFile);
    return found == files.files().end() ? "" : found->second;
  }

  dropbox::DropboxWorld dropbox;
  config::Config& config = dropbox.config;
  AuthOptions options;
  mutable MemoryFileSystem files;
  NotedReporter reporter;
  std::vector<std::string> opened;
  std::function<Result<std::optional<std::string>>(const std::string& url)> typed =
      [](const std::string&) { return std::nullopt; };
};

bool Contains(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

bool HasLine(const report::RunSummary& summary, std::string_view words) {
  for (const std::string& line : summary.answer) {
    if (Contains(line, words)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a pasted code becomes a refresh token that other commands can use") {
  for (const bool with_secret : {true, false}) {
    CAPTURE(with_secret);
    AuthWorld world;
    if (!with_secret) world.config.dropbox.app_secret = config::Secret();
    const report::RunSummary summary = world.Authorize();
    CHECK(summary.message == "");
    REQUIRE(summary.exit_code == ExitCode::kOk);
    CHECK(HasLine(summary, "account: Ana Diaz, ana.diaz@example.com (dbid:"));
    CHECK(HasLine(summary, "scopes: all that these settings need"));
    CHECK(HasLine(summary, kTokenFile));
    CHECK(world.opened == std::vector<std::string>{world.Link()});
    CHECK(world.dropbox.Requests("oauth2/token").size() == 1);
    CHECK(world.dropbox.Requests("check/app").size() == (with_secret ? 1 : 0));
    const std::string form = world.dropbox.Requests("oauth2/token").front().body;
    CHECK(Contains(form, "code_verifier="));
    CHECK_FALSE(Contains(form, "client_secret"));
    CHECK(world.dropbox.simulator.Violations().empty());

    const std::string stored = world.Stored();
    REQUIRE(stored.ends_with("\n"));
    world.config.dropbox.refresh_token = config::Secret(stored.substr(0, stored.size() - 1));
    const report::RunSummary status = world.Run(AuthOptions::Action::kStatus);
    CHECK(status.exit_code == ExitCode::kOk);
    CHECK(HasLine(status, "refresh token: in /state/dbx-es.refresh_token"));
    CHECK(HasLine(status, "account: Ana Diaz"));
  }
}

TEST_CASE("the address of a redirect may be pasted, or a code with white space around") {
  AuthWorld world;
  world.typed = [&](const std::string& url) { return "  " + world.CodeFor(url) + " \r"; };
  CHECK(world.Run().exit_code == ExitCode::kOk);
}

TEST_CASE("without a terminal, another run takes the code") {
  AuthWorld world;
  const report::RunSummary first = world.Run();
  CHECK(first.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(first.message, "dbx-es auth --code CODE"));
  CHECK(world.dropbox.network.started() == 0);
  const std::string code = world.CodeFor(world.Link());

  world.options.code = config::Secret("-");
  world.typed = [&](const std::string&) { return code; };
  CHECK(world.Run().exit_code == ExitCode::kOk);
  CHECK(world.reporter.said.empty());
  const std::string stored = world.Stored();
  CHECK(stored.size() > 10);

  world.options.code = config::Secret(code);
  const report::RunSummary again = world.Run();
  CHECK(again.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(again.message, "has been used already"));
  CHECK(world.Stored() == stored);
}

TEST_CASE("every unusable code has its own message, and nothing is stored") {
  AuthWorld world;
  std::set<std::string> messages;
  const auto refused = [&](const std::string& code, std::string_view words) {
    world.options.code = config::Secret(code);
    const report::RunSummary summary = world.Run();
    CHECK(summary.exit_code == ExitCode::kAuthorization);
    CHECK(Contains(summary.message, words));
    messages.insert(summary.message);
    CHECK(world.Stored().empty());
  };
  refused("code-1", "no link waits for a code here");
  world.options.code = config::Secret();
  world.Run();
  const std::string stale = world.CodeFor(world.Link());
  refused("code-of-nobody", "does not know this code");
  world.dropbox.clock.Advance(Milliseconds(700'000));
  refused(stale, "has expired");
  world.options.code = config::Secret();
  world.Run();
  const std::string elsewhere = world.CodeFor(world.Link());
  world.options.code = config::Secret();
  world.Run();
  refused(elsewhere, "belongs to another link");
  CHECK(messages.size() == 4);
}

TEST_CASE("a wrong secret is found before the code is used up") {
  AuthWorld world;
  world.config.dropbox.app_secret = config::Secret("wrong");
  std::string code;
  world.typed = [&](const std::string& url) { return code = world.CodeFor(url); };
  const report::RunSummary summary = world.Run();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(summary.message, "dropbox.app_key with dropbox.app_secret"));
  CHECK(world.dropbox.Requests("oauth2/token").empty());
  world.config.dropbox.app_secret = config::Secret("sim-app-secret");
  world.options.code = config::Secret(code);
  CHECK(world.Run().exit_code == ExitCode::kOk);
}

TEST_CASE("a code is sent once, whatever the answer") {
  AuthWorld world;
  world.config.dropbox.app_secret = config::Secret();
  world.dropbox.simulator.Inject(sim::Fault::Status("oauth2/token", 503, "busy"));
  const report::RunSummary summary = world.Authorize();
  CHECK(summary.exit_code == ExitCode::kUnavailable);
  CHECK(world.dropbox.Requests("oauth2/token").size() == 1);
  CHECK(world.Stored().empty());
}

TEST_CASE("missing scopes are named, and the token is kept") {
  AuthWorld world;
  world.typed = [&](const std::string& url) {
    // Dropbox grants what the app has ticked.
    std::string narrowed = url;
    const std::string all =
        PercentEncode("account_info.read files.metadata.read files.content.read sharing.read");
    narrowed.replace(narrowed.find(all), all.size(),
                     PercentEncode("account_info.read files.metadata.read"));
    return world.CodeFor(narrowed);
  };
  const report::RunSummary summary = world.Run();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(summary.message, "files.content.read (to index what is in files)"));
  CHECK(Contains(summary.message, "sharing.read ("));
  CHECK_FALSE(Contains(summary.message, "files.metadata.read"));
  CHECK(HasLine(summary, "account: Ana Diaz"));
  CHECK(world.Stored().size() > 10);

  // Later Dropbox does not say what a token has: each scope is tried.
  const std::string stored = world.Stored();
  world.config.dropbox.refresh_token = config::Secret(stored.substr(0, stored.size() - 1));
  const report::RunSummary status = world.Run(AuthOptions::Action::kStatus);
  CHECK(status.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(status.message, "files.content.read ("));
  CHECK(Contains(status.message, "sharing.read ("));
  CHECK_FALSE(Contains(status.message, "files.metadata.read"));
}

TEST_CASE("a team's token reports team and member") {
  sim::Options options;
  options.tokens.team_token = true;
  AuthWorld world(options);
  world.dropbox.tree().people().MakeTeam("Example Ltd");
  world.options.team = true;
  const report::RunSummary summary = world.Authorize();
  CHECK(summary.message == "");
  CHECK(HasLine(summary, "team: Example Ltd, acting as this member"));
}

TEST_CASE("the token can go to standard output instead") {
  AuthWorld world;
  world.options.print = true;
  const report::RunSummary summary = world.Authorize();
  CHECK(summary.exit_code == ExitCode::kOk);
  REQUIRE(world.reporter.printed.size() == 1);
  CHECK(world.reporter.printed.front().starts_with("rt-"));
  CHECK(world.Stored().empty());
}

TEST_CASE("no link is opened for a token that another one overrides") {
  AuthWorld world;
  world.config.dropbox.refresh_token_override = "environment DBX_ES_DROPBOX_REFRESH_TOKEN";
  for (const char* code : {"", "code-of-a-link"}) {
    world.options.code = config::Secret(code);
    const report::RunSummary summary = world.Authorize();
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(Contains(summary.message,
                   "dropbox.refresh_token (environment DBX_ES_DROPBOX_REFRESH_TOKEN) is used "
                   "instead of the token that auth stores: remove it"));
  }
  CHECK(world.opened.empty());
  CHECK(world.reporter.said.empty());
  CHECK(world.files.files().empty());
  CHECK(world.dropbox.network.started() == 0);

  // A token that is printed may replace the other one.
  world.options = {.print = true};
  CHECK(world.Authorize().exit_code == ExitCode::kOk);
  CHECK(world.reporter.printed.size() == 1);
}

TEST_CASE("a folder that cannot be written is reported before the link is opened") {
  AuthWorld world;
  world.files.FailAfter(0);
  const report::RunSummary summary = world.Authorize();
  CHECK(summary.exit_code == ExitCode::kFailed);
  CHECK(Contains(summary.message, "the refresh token could not be stored: "));
  CHECK(world.opened.empty());
}

TEST_CASE("a disk that is full when the token arrives is reported") {
  AuthWorld world;
  world.typed = [&](const std::string& url) {
    world.files.FailAfter(world.files.changes());
    return world.CodeFor(url);
  };
  const report::RunSummary summary = world.Run();
  CHECK(summary.exit_code == ExitCode::kFailed);
  CHECK(Contains(summary.message, "cannot be stored and is lost"));
}

TEST_CASE("a new refresh token ends the access token that a run has kept") {
  AuthWorld world;
  world.files.files()[kAccessTokenFile] = "of the former refresh token";
  REQUIRE(world.Authorize().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.files.files().contains(kAccessTokenFile));
  // One that is only printed ends nothing.
  world.files.files()[kAccessTokenFile] = "of the refresh token";
  world.options = {.print = true};
  REQUIRE(world.Authorize().exit_code == ExitCode::kOk);
  CHECK(world.files.files().contains(kAccessTokenFile));
}

TEST_CASE("revoking ends the token and removes it") {
  AuthWorld world;
  REQUIRE(world.Authorize().exit_code == ExitCode::kOk);
  world.files.files()[kAccessTokenFile] = "of a run";
  const std::string stored = world.Stored();
  world.config.dropbox.refresh_token = config::Secret(stored.substr(0, stored.size() - 1));
  const report::RunSummary revoked = world.Run(AuthOptions::Action::kRevoke);
  CHECK(revoked.message == "");
  CHECK(HasLine(revoked, "the refresh token and all its access tokens are revoked"));
  CHECK(world.files.files().empty());
  const report::RunSummary status = world.Run(AuthOptions::Action::kStatus);
  CHECK(status.exit_code == ExitCode::kAuthorization);
  CHECK(Contains(status.message, "invalid or revoked"));

  const report::RunSummary again = world.Run(AuthOptions::Action::kRevoke);
  CHECK(again.exit_code == ExitCode::kOk);
  CHECK(HasLine(again, "the refresh token was revoked before"));
  CHECK(Contains(world.reporter.warnings.back(), "remove dropbox.refresh_token: it is no longer"));
}

TEST_CASE("a token stays when Dropbox could not be asked to revoke it") {
  AuthWorld world;
  REQUIRE(world.Authorize().exit_code == ExitCode::kOk);
  const std::string stored = world.Stored();
  world.config.dropbox.refresh_token = config::Secret(stored.substr(0, stored.size() - 1));
  world.dropbox.simulator.Inject(sim::Fault::Status("auth/token/revoke", 400, "what?"));
  CHECK(world.Run(AuthOptions::Action::kRevoke).exit_code == ExitCode::kFailed);
  CHECK(world.Stored() == stored);
}

TEST_CASE("a signal ends the prompt") {
  AuthWorld world;
  world.typed = [](const std::string&) -> Result<std::optional<std::string>> {
    return Fail(EventLoop::Interrupted(SIGINT));
  };
  CHECK(world.Run().exit_code == ExitCode::kInterrupted);
}

}  // namespace dbxes::auth
