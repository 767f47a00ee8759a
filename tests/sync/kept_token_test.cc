// SPDX-License-Identifier: Apache-2.0
// The access token that runs keep, and the two pages that a run asks for at the same time.
#include <doctest/doctest.h>

#include <utility>

#include "support/sync_world.h"

namespace dbxes::sync {
namespace {

constexpr char kFile[] = "/state/docs.access_token";
constexpr char kReceived[] = "sharing/list_received_files";
constexpr char kContinue[] = "files/list_folder/continue";
// Of each request (FakeNetwork).
constexpr Milliseconds kLatency{10};

struct KeptTokenWorld : SyncWorld {
  explicit KeptTokenWorld(sim::Options options = {}) : SyncWorld(std::move(options)) {
    // With the state in the cluster, no token is kept.
    config.sync.state = config::StateKind::kFolder;
    elastic.unbooked.clear();
    config.dropbox.access_token_file = kFile;
    tree().AddFile("/a.txt", "a");
    tree().shares().AddReceivedFile("offer.docx", "offer");
  }
  std::uint64_t Asked(const std::string& route) { return dropbox().Count(route); }
  bool Keeps() { return files.files().contains(kFile); }
};

}  // namespace

TEST_CASE("a run that finds nothing takes as long as one request") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.dropbox_requests == 2);
  CHECK(summary.duration == kLatency);
  CHECK(world.max_in_flight == 2);
  CHECK(world.elastic.Documents("docs").size() == 2);

  // Without a token that is kept, one more after the other.
  world.config.dropbox.keep_access_token = false;
  CHECK(world.Incremental().duration == 2 * kLatency);
  CHECK_FALSE(world.Keeps());
}

TEST_CASE("a token is asked for again five minutes before its end") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const std::uint64_t tokens = world.Asked("oauth2/token");
  world.clock.Advance(Milliseconds(14'400'000 - 300'000 - 60'000));
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Asked("oauth2/token") == tokens);
  world.clock.Advance(Milliseconds(60'000));
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Asked("oauth2/token") == tokens + 1);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Asked("oauth2/token") == tokens + 1);
}

TEST_CASE("a kept token that Dropbox refuses is replaced, once") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const std::string before = world.files.files()[kFile];
  const std::uint64_t tokens = world.Asked("oauth2/token");
  world.dropbox().tokens().ExpireAll();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.exit_code == ExitCode::kOk);
  CHECK(world.Asked("oauth2/token") == tokens + 1);
  CHECK(world.files.files()[kFile] != before);
  CHECK(world.Incremental().duration == kLatency);
  CHECK(world.dropbox().Violations().empty());
}

TEST_CASE("the kept token of a refresh token that was revoked goes with it") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  REQUIRE(world.Keeps());
  world.dropbox().tokens().RevokeRefreshToken();
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kAuthorization);
  CHECK(summary.message.find("revoked") != std::string::npos);
  CHECK_FALSE(world.Keeps());
}

TEST_CASE("a refusal that a new token may end leaves no token") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.dropbox().Inject(
      sim::Fault::Status(kContinue, 401,
                         R"({"error_summary":"missing_scope/","error":{".tag":"missing_scope",)"
                         R"("required_scope":"files.metadata.read"}})"));
  CHECK(world.Incremental().exit_code == ExitCode::kAuthorization);
  CHECK_FALSE(world.Keeps());
  CHECK(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Keeps());
}

TEST_CASE("a run that changes nothing leaves no token and uses none") {
  KeptTokenWorld world;
  world.options.dry_run = true;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  CHECK_FALSE(world.Keeps());
  world.options.dry_run = false;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const std::string before = world.files.files()[kFile];
  world.clock.Advance(Milliseconds(14'400'000));
  world.options.dry_run = true;
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.files.files()[kFile] == before);
}

TEST_CASE("a damaged file costs a request and a warning") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  world.files.files()[kFile].resize(40);
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  REQUIRE_FALSE(world.reporter.lines.empty());
  bool warned = false;
  for (const std::string& line : world.reporter.lines) {
    warned |= line.starts_with("warning: the access token of an earlier run is not used: ");
  }
  CHECK(warned);
  CHECK(world.Incremental().duration == kLatency);
}

TEST_CASE("received files are listed again after a feed with changes") {
  KeptTokenWorld world;
  REQUIRE(world.Full().exit_code == ExitCode::kOk);
  const std::uint64_t lists = world.Asked(kReceived);
  world.tree().AddFile("/b.txt", "b");
  REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
  CHECK(world.Asked(kReceived) == lists + 2);
  CHECK(world.Difference() == "");
}

TEST_CASE("a received file that comes or goes while a run asks is right in the index") {
  // Between the answers of the two pages, whichever comes first.
  for (const bool mounts : {true, false}) {
    for (const char* late : {kReceived, kContinue}) {
      CAPTURE(mounts);
      CAPTURE(late);
      KeptTokenWorld world;
      const std::string id = world.tree().shares().AddReceivedFile("plan.docx", "plan");
      if (!mounts) world.tree().shares().MountReceivedFile(id, "/plan.docx");
      REQUIRE(world.Full().exit_code == ExitCode::kOk);
      const auto is_late = [&](const FakeRequest& request) { return request.url.ends_with(late); };
      bool changed = false;
      world.jitter = [&](const FakeRequest& request) {
        return Milliseconds(is_late(request) ? 40 : 0);
      };
      world.before_answer = [&](const FakeRequest& request) {
        if (std::exchange(changed, changed || is_late(request)) || !is_late(request)) return;
        mounts ? world.tree().shares().MountReceivedFile(id, "/plan.docx")
               : world.tree().Delete("/plan.docx");
      };
      REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
      REQUIRE(changed);
      // The page that came first knows nothing of it; the next run sees it.
      REQUIRE(world.Incremental().exit_code == ExitCode::kOk);
      CHECK(world.Difference() == "");
    }
  }
}

}  // namespace dbxes::sync
