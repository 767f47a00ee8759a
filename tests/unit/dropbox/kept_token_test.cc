// SPDX-License-Identifier: Apache-2.0
#include "dropbox/kept_token.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::dropbox {
namespace {

using Strings = std::vector<std::string>;

constexpr char kPath[] = "/state/team-0a1b2c3d.access_token";
constexpr Milliseconds kFourHours{4 * 3'600'000};
constexpr Milliseconds kFiveMinutes{300'000};

TokenGrant Grant(const std::string& token, Milliseconds lifetime = kFourHours) {
  return {config::Secret(token), config::Secret(), "files.metadata.read", lifetime};
}

struct KeptWorld {
  KeptWorld() {
    dropbox.app_key = "key";
    dropbox.app_secret = config::Secret("app-secret");
    dropbox.refresh_token = config::Secret("refresh-token");
    dropbox.api_url = "https://api.dropbox.test";
    dropbox.access_token_file = kPath;
    probe.exposed = [this](const std::string& path) { return path == kPath ? exposed : ""; };
  }

  Result<StoredToken> Read() { return ReadKeptToken(files, probe, clock, dropbox); }
  // The token of another run; "" if it finds none.
  std::string Load() {
    KeptToken next(files, probe, clock, dropbox, [this](const std::string& message, bool urgent) {
      (urgent ? warnings : details).push_back(message);
    });
    const auto stored = next.Load();
    return stored ? stored->access_token.Reveal() : "";
  }
  std::string& File() { return files.files()[kPath]; }

  FakeClock clock;
  MemoryFileSystem files;
  FileProbe probe;
  std::string exposed;
  config::Config config;
  config::DropboxConfig& dropbox = config.dropbox;
  Strings warnings;
  Strings details;
  KeptToken kept{files, probe, clock, dropbox, [this](const std::string& message, bool urgent) {
                   (urgent ? warnings : details).push_back(message);
                 }};
};

}  // namespace

TEST_CASE("a token is kept for the next runs, with its scopes") {
  KeptWorld world;
  CHECK(world.Load() == "");
  world.kept.Keep(Grant("sl.one"));
  CHECK(world.Load() == "sl.one");
  const auto stored = world.Read();
  REQUIRE(stored);
  CHECK(stored->scopes == "files.metadata.read");
  CHECK(stored->usable_for == kFourHours - kFiveMinutes);
  world.kept.Keep(Grant("sl.two"));
  CHECK(world.Load() == "sl.two");
  world.kept.Forget();
  CHECK(world.Load() == "");
  CHECK(world.files.files().empty());
  CHECK(world.warnings.empty());
}

TEST_CASE("a kept token is not used in the last five minutes of its life") {
  KeptWorld world;
  world.kept.Keep(Grant("sl.one"));
  world.clock.Advance(kFourHours - kFiveMinutes - Milliseconds(1));
  CHECK(world.Load() == "sl.one");
  CHECK(world.Read()->usable_for == Milliseconds(1));
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Load() == "");
  CHECK(world.Read()->usable_for == Milliseconds(0));

  // As in memory, one with a shorter life is used for half of it.
  world.kept.Keep(Grant("sl.short", Milliseconds(60'000)));
  world.clock.Advance(Milliseconds(29'999));
  CHECK(world.Load() == "sl.short");
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Load() == "");
  CHECK(world.warnings.empty());
}

TEST_CASE("a token of unknown life is kept for four hours") {
  KeptWorld world;
  world.kept.Keep(Grant("sl.one", Milliseconds(std::int64_t{3650} * 24 * 3'600'000)));
  world.clock.Advance(kFourHours - Milliseconds(1));
  CHECK(world.Load() == "sl.one");
  world.clock.Advance(Milliseconds(1));
  CHECK(world.Load() == "");
}

TEST_CASE("a token is not used on a clock that was set back") {
  KeptWorld world;
  world.kept.Keep(Grant("sl.one"));
  world.clock.JumpWall(-1'000'000);
  CHECK(world.Load() == "");
  world.clock.JumpWall(1'000'000);
  CHECK(world.Load() == "sl.one");
}

TEST_CASE("a token of other credentials is not used, and nothing is said about it") {
  const std::vector<std::function<void(config::DropboxConfig&)>> changes = {
      [](config::DropboxConfig& dropbox) { dropbox.refresh_token = config::Secret("other"); },
      [](config::DropboxConfig& dropbox) { dropbox.app_key = "other"; },
      [](config::DropboxConfig& dropbox) { dropbox.app_secret = config::Secret(); },
      [](config::DropboxConfig& dropbox) { dropbox.api_url = "https://other.test"; },
      // The same letters in another order of parts.
      [](config::DropboxConfig& dropbox) {
        dropbox.app_key = "keyapp";
        dropbox.app_secret = config::Secret("-secret");
      },
  };
  for (const auto& change : changes) {
    KeptWorld world;
    world.kept.Keep(Grant("sl.one"));
    const config::DropboxConfig before = world.dropbox;
    change(world.dropbox);
    CHECK(world.Load() == "");
    CHECK(world.Read().error().kind == ErrorKind::kAuth);
    CHECK(world.warnings.empty());
    world.dropbox = before;
    CHECK(world.Load() == "sl.one");
  }
}

TEST_CASE("a file that was changed in any byte is not used") {
  KeptWorld world;
  world.kept.Keep(Grant("sl.one"));
  const std::string good = world.File();
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == '1' ? '2' : '1';
    world.File() = bad;
    CAPTURE(bad);
    CHECK(world.Load() == "");
  }
  for (std::size_t length = 0; length + 1 < good.size(); ++length) {
    world.File() = good.substr(0, length);
    CAPTURE(length);
    CHECK(world.Load() == "");
  }
  for (const char* text : {"[]", "null", "7", "\"x\"", "{\"access_token\":7}", "\xff\xfe"}) {
    world.File() = text;
    CAPTURE(text);
    CHECK(world.Read().error().kind == ErrorKind::kInternal);
  }
  for (const std::string& warning : world.warnings) {
    CHECK(warning.find("is damaged; this run gets another") != std::string::npos);
    CHECK(warning.find("sl.") == std::string::npos);
  }
  CHECK_FALSE(world.warnings.empty());
}

TEST_CASE("a token that other users could read is replaced") {
  KeptWorld world;
  world.kept.Keep(Grant("sl.one"));
  world.exposed = std::string(kPath) + " is open to other users; run: chmod 600";
  CHECK(world.Load() == "");
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].find("is open to other users") != std::string::npos);
  CHECK(world.Read().error().kind == ErrorKind::kConfig);
}

TEST_CASE("a run that was killed while it kept its token leaves nothing for long") {
  KeptWorld world;
  world.files.files()[std::string(kPath) + ".12ab.tmp"] = "half";
  world.files.files()["/state/other.access_token.12ab.tmp"] = "of another configuration";
  world.kept.Keep(Grant("sl.one"));
  CHECK(world.files.files().size() == 2);
  CHECK(world.Load() == "sl.one");
}

TEST_CASE("a folder that cannot be written is no reason to stop") {
  KeptWorld world;
  world.files.FailAfter(0);
  world.kept.Keep(Grant("sl.one"));
  REQUIRE(world.details.size() == 1);
  CHECK(world.details[0].find("is not kept for the next run: ") != std::string::npos);
  // The run fails at its state, which is in the same folder.
  CHECK(world.warnings.empty());
  world.File() = "of an earlier run";
  world.kept.Forget();
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].find("of an earlier run stays: ") != std::string::npos);
}

TEST_CASE("no token is kept where the settings do not allow a file with one") {
  KeptWorld world;
  CHECK(KeepsToken(world.config));
  world.dropbox.keep_access_token = false;
  CHECK_FALSE(KeepsToken(world.config));
  world.dropbox.keep_access_token = true;
  world.dropbox.refresh_token_in_no_file = true;
  CHECK_FALSE(KeepsToken(world.config));
  world.dropbox.refresh_token_in_no_file = false;
  world.config.sync.state = config::StateKind::kCluster;
  CHECK_FALSE(KeepsToken(world.config));
  world.config.sync.state = config::StateKind::kFolder;
  world.dropbox.access_token_file = "";
  CHECK_FALSE(KeepsToken(world.config));
  CHECK(RemoveKeptToken(world.files, world.dropbox));
}

}  // namespace dbxes::dropbox
