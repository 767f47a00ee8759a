// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <doctest/doctest.h>

#include "base/json/json.h"
#include "check/check_world.h"
#include "checkpoint/failure_edit.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/folder_place.h"
#include "checkpoint/pending_deletions.h"

namespace dbxes::check {
namespace {

struct StatusWorld {
  SyncStatus Read() {
    const FileProbe probe{
        [this](const std::string&) -> Result<std::optional<std::string>> { return check.holder; },
        [](const std::string&) { return Result<void>(); },
        [this](const std::string&) { return check.saved; }};
    const config::Config config = check.Load().config;
    checkpoint::FolderPlace place(
        check.files, probe, check.clock, config.state_dir,
        checkpoint::TargetFileName(config.elasticsearch.host, config.elasticsearch.index));
    return ReadStatus(place, check.clock, config);
  }
  void Record(const std::string& command, int exit_code) {
    report::RunSummary summary;
    summary.command = command;
    summary.exit_code = static_cast<ExitCode>(exit_code);
    summary.duration = Milliseconds(1500);
    summary.counters.created = 3;
    summary.counters.deleted = 2;
    checkpoint::RunHistory history(check.files, check.StateFile(""));
    CHECK(history.Add(checkpoint::RecordOf(summary, check.clock.WallMicros())));
  }
  CheckWorld check;
};

std::string Joined(const SyncStatus& status) {
  std::string text;
  for (const std::string& line : StatusLines(status)) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("a target that was never synced") {
  StatusWorld world;
  CHECK(Joined(world.Read()) ==
        "target: docs at https://elastic.test\nstate: " + world.check.StateFile(".json") +
            "\nrunning now: no\n"
            "last full sync: never; nothing is saved yet\n"
            "failed documents: 0\n");
  const auto json = ParseJson(StatusJson(world.Read()), "output");
  REQUIRE(json.has_value());
  CHECK(FindMember(*json, "changes_age_seconds") == nullptr);
  CHECK(UintMember(*json, "exit_code") == 0);
}

TEST_CASE("an index that is not as the last run left it is shown") {
  StatusWorld world;
  SyncStatus status = world.Read();
  status.index = GoneIndex("docs");
  CHECK(Joined(status).find("\nindex: docs is gone, although runs have synced it: find out what") !=
        std::string::npos);
  CHECK(CodeOf(status) == ExitCode::kOk);
  auto json = ParseJson(StatusJson(status), "output");
  REQUIRE(json);
  CHECK(StringMember(*json, "index") == "gone");
  CHECK(StringMember(*json, "index_message").find("is gone") != std::string::npos);

  elastic::Keeper keeper;
  keeper.state = "other";
  keeper.host = "laptop";
  status.index = IndexKeptElsewhere(keeper);
  CHECK(CodeOf(status) == ExitCode::kLocked);
  json = ParseJson(StatusJson(status), "output");
  REQUIRE(json);
  CHECK(UintMember(*json, "exit_code") == 11);
  CHECK(StringMember(*json, "message").find("another state keeps the index, on host laptop") == 0);
}

TEST_CASE("what runs have left") {
  StatusWorld world;
  checkpoint::PendingDeletions pending(world.check.files, world.check.StateFile(".pending"));
  REQUIRE(pending.Open({}));
  pending.Add({"/a", 5, true, ""});
  pending.Add({"/b", 6, true, ""});
  REQUIRE(pending.Sync());
  checkpoint::Checkpoint checkpoint = world.check.GoodCheckpoint();
  checkpoint.pending = pending.extent();
  world.check.Save(checkpoint);
  checkpoint::FailuresFile failures(world.check.files, world.check.clock,
                                    world.check.StateFile(".failures.ndjson"));
  failures.Add({"id:1", "/a", "index", 400, "mapper"});
  REQUIRE(failures.Sync());
  world.Record("full-sync", 0);
  world.check.clock.Advance(Milliseconds(600'000));
  world.Record("incremental", 5);
  world.Record("acl-sync", 0);
  world.check.holder = "pid 7, since noon";

  const SyncStatus status = world.Read();
  CHECK(status.problems.empty());
  CHECK(status.pending_deletions == 2);
  CHECK(status.pending_failures == 1);
  CHECK(Joined(status) ==
        "target: docs at https://elastic.test\nstate: " + world.check.StateFile(".json") +
            "\nrunning now: pid 7, since noon\n"
            "last full sync: 2026-08-05T10:00:01Z\n"
            "changes read: 2026-08-05T10:00:01Z (10 min ago)\n"
            "pending deletions: 2 entries (one may be a folder)\n"
            "failed documents: 1\n"
            "last runs (UTC)      command            took  exit  written  deleted   failed\n"
            "2026-08-05 10:10:01  acl-sync          1.5 s     0        3        2        0\n"
            "2026-08-05 10:10:01  incremental       1.5 s     5        3        2        0\n"
            "2026-08-05 10:00:01  full-sync         1.5 s     0        3        2        0\n");
  const auto json = ParseJson(StatusJson(status), "output");
  REQUIRE(json.has_value());
  CHECK(UintMember(*json, "changes_age_seconds") == 600);
  CHECK(UintMember(*json, "accepted_failures") == 0);
  CHECK(StringMember(*json, "running") == "pid 7, since noon");
  const rapidjson::Value& runs = *FindMember(*json, "runs");
  REQUIRE(runs.Size() == 3);
  CHECK(StringMember(runs[1], "outcome") == "unavailable");
  CHECK(UintMember(*FindMember(runs[0], "documents"), "created") == 3);
}

TEST_CASE("the patterns that the index was built with are shown") {
  StatusWorld world;
  SyncStatus status = world.Read();
  status.checkpoint.emplace();
  status.checkpoint->settings = {{"dropbox.path", "/"}, {"sync.exclude", "*.tmp\n/a b"}};
  CHECK(Joined(status).find("\nsync.exclude: *.tmp /a b\n") != std::string::npos);
  CHECK(Joined(status).find("sync.include") == std::string::npos);
  CHECK(StatusJson(status).find(R"("include":[],"exclude":["*.tmp","/a b"])") != std::string::npos);
}

TEST_CASE("accepted failures are counted apart") {
  StatusWorld world;
  const std::string path = world.check.StateFile(".failures.ndjson");
  checkpoint::FailuresFile failures(world.check.files, world.check.clock, path);
  failures.Add({"id:1", "/a", "index", 400, "mapper"});
  failures.Add({"id:2", "/b", "index", 400, "mapper"});
  REQUIRE(failures.Sync());
  REQUIRE(checkpoint::EditFailures(world.check.files, world.check.clock, path, {"id:2"},
                                   checkpoint::FailureAction::kAccept));
  const SyncStatus status = world.Read();
  CHECK(status.pending_failures == 1);
  CHECK(status.accepted_failures == 1);
  CHECK(Joined(status).find("failed documents: 1, and 1 accepted\n") != std::string::npos);
}

TEST_CASE("a safety stop that stands is shown with its beginning") {
  StatusWorld world;
  world.check.Save(world.check.GoodCheckpoint());
  world.Record("incremental", 7);
  world.check.clock.Advance(Milliseconds(600'000));
  world.Record("incremental", 7);
  CHECK(Joined(world.Read()).find("\nstopped for safety: since 2026-08-05T10:00:01Z\n") !=
        std::string::npos);
  auto json = ParseJson(StatusJson(world.Read()), "output");
  REQUIRE(json);
  const rapidjson::Value& stops = *FindMember(*json, "safety_stops");
  REQUIRE(stops.Size() == 1);
  CHECK(StringMember(stops[0], "since") == "2026-08-05T10:00:01Z");
  CHECK(StringMember(stops[0], "command") == "incremental");
  world.Record("incremental", 0);
  CHECK(Joined(world.Read()).find("stopped for safety") == std::string::npos);
  json = ParseJson(StatusJson(world.Read()), "output");
  CHECK(FindMember(*json, "safety_stops")->Empty());
}

TEST_CASE("a run that was killed is shown until another has ended") {
  StatusWorld world;
  const auto lost = [&] { return world.Read().lost.value_or(""); };
  std::string& note = world.check.files.files()[world.check.StateFile(".lock")];
  world.Record("full-sync", 0);
  const std::string first = FormatUtc(world.check.clock.WallMicros());
  note = "pid 7, since " + first;
  CHECK(lost().empty());
  world.check.clock.Advance(Milliseconds(60'000));
  note = "pid 8, since " + FormatUtc(world.check.clock.WallMicros());
  CHECK(lost() == note);
  CHECK(Joined(world.Read())
            .find("\nkilled: the run of " + FormatUtc(world.check.clock.WallMicros()) +
                  " (pid 8) did not end by itself\n") != std::string::npos);
  CHECK(StringMember(*ParseJson(StatusJson(world.Read()), "output"), "lost_run") == note);
  world.check.holder = note;
  CHECK(lost().empty());
  world.check.holder.reset();
  world.Record("incremental", 5);
  CHECK(lost().empty());
  note = "who knows";
  CHECK(lost().empty());
}

TEST_CASE("the age counts from a feed that was read to its end, however many runs failed since") {
  StatusWorld world;
  world.check.Save(world.check.GoodCheckpoint());
  const auto age = [&] {
    return UintMember(*ParseJson(StatusJson(world.Read()), "output"), "changes_age_seconds");
  };
  // A checkpoint of a run that was interrupted says nothing.
  CHECK(age() == std::nullopt);
  world.Record("full-sync", 130);
  CHECK(age() == std::nullopt);
  world.Record("full-sync", 0);
  CHECK(age() == 0);
  for (int i = 0; i < 30; ++i) {
    world.check.clock.Advance(Milliseconds(60'000));
    world.Record(i % 2 == 0 ? "acl-sync" : "incremental", i % 2 == 0 ? 0 : 5);
  }
  CHECK(age() == 1800);
  world.Record("incremental", 3);
  CHECK(age() == 0);
}

TEST_CASE("what cannot be read is said, and the rest all the same") {
  StatusWorld world;
  world.check.files.files()[world.check.StateFile(".json")] = "{}";
  world.Record("incremental", 2);
  const SyncStatus status = world.Read();
  REQUIRE(status.problems.size() == 1);
  CHECK(status.problems.front().message.find("is damaged") != std::string::npos);
  CHECK(status.runs.size() == 1);
  CHECK(Joined(status).find("last full sync") == std::string::npos);
  CHECK(Joined(status).find("pending deletions") == std::string::npos);
  CHECK(Joined(status).find("failed documents: 0\n") != std::string::npos);
  const auto json = ParseJson(StatusJson(status), "output");
  REQUIRE(json.has_value());
  CHECK(UintMember(*json, "exit_code") == 2);
  CHECK(FindMember(*json, "pending_deletions") == nullptr);
  CHECK(FindMember(*json, "last_full_sync_at") == nullptr);
  CHECK(FindMember(*json, "full_sync_under_way") == nullptr);
  CHECK(UintMember(*json, "pending_failures") == 0);
}

TEST_CASE("nothing is said of a part that cannot be read") {
  StatusWorld world;
  world.check.Save(world.check.GoodCheckpoint());
  world.check.files.files()[world.check.StateFile(".lock")] = "pid 7, since 2026-08-05T10:00:00Z";
  world.check.files.files()[world.check.StateFile(".runs.json")] = "x";
  world.check.files.files()[world.check.StateFile(".failures.ndjson")] = "{}\n";
  const SyncStatus status = world.Read();
  CHECK(status.problems.size() == 2);
  CHECK(Joined(status) ==
        "target: docs at https://elastic.test\nstate: " + world.check.StateFile(".json") +
            "\nrunning now: no\nlast full sync: 2026-08-05T10:00:01Z\n"
            "pending deletions: 0 entries\n");
  const auto json = ParseJson(StatusJson(status), "output");
  REQUIRE(json.has_value());
  CHECK(FindMember(*json, "pending_failures") == nullptr);
  CHECK(FindMember(*json, "accepted_failures") == nullptr);
  CHECK(UintMember(*json, "pending_deletions") == 0);
}

TEST_CASE("changes that were read in the future have no age") {
  StatusWorld world;
  SyncStatus status = world.Read();
  status.checkpoint.emplace();
  status.feed_read = status.now + 3'600'000'000;
  CHECK(Joined(status).find(" (in the future: check the clock)\n") != std::string::npos);
}

}  // namespace dbxes::check
