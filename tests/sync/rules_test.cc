// SPDX-License-Identifier: Apache-2.0
// Sync rules in runs: what they leave out, and what changing them does to the index.
#include <doctest/doctest.h>

#include <string>

#include "sync/rules_world.h"

namespace dbxes::sync {

TEST_CASE("a rules file that is wrong stops the run before any request") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  SetRules(world, R"([{"id":"1","policy":"maybe","field":"name","rule":"equals","value":"a",)"
                  R"("order":1}])");
  for (const SyncMode mode : {SyncMode::kFull, SyncMode::kIncremental, SyncMode::kAccessControl}) {
    const report::RunSummary summary = world.Run(mode);
    CHECK(summary.exit_code == ExitCode::kConfiguration);
    CHECK(summary.message ==
          "/rules.json has 1 error (see dbx-es validate-rules):\n"
          "/rules.json:1:21: error: /0/policy: \"maybe\" is not a policy (allowed: include, "
          "exclude)");
    CHECK(summary.counters.dropbox_requests == 0);
    CHECK(summary.counters.elasticsearch_requests == 0);
  }
}

TEST_CASE("a rules file that is not there stops the run before any request") {
  SyncWorld world;
  world.config.sync.rules_file = "/missing.json";
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("sync.rules: ") == 0);
  CHECK(summary.message.find("/missing.json") != std::string::npos);
  CHECK(summary.counters.dropbox_requests == 0);
}

TEST_CASE("rules that decide otherwise ask for a full sync") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  REQUIRE(world.Full().message == "");
  // No rules at all is what an empty list says, too.
  SetRules(world, "[]");
  CHECK(world.Incremental().message == "");

  SetRules(world, R"([{"id":"1","policy":"exclude","field":"name","rule":"equals","value":"b",)"
                  R"("order":1}])");
  const report::RunSummary changed = world.Incremental();
  CHECK(changed.exit_code == ExitCode::kFullSyncNeeded);
  CHECK(changed.message.find("sync.rules was \"none\" and is now \"1 basic, 0 advanced (") !=
        std::string::npos);
  CHECK(changed.counters.dropbox_requests == 0);
  CHECK(world.Full().message == "");

  // The same rules in other words.
  SetRules(world, R"({"rules": [{"id":"x","policy":"EXCLUDE","field":"name","rule":"equals",)"
                  R"("value":"b","order":7}]})");
  CHECK(world.Incremental().message == "");
}

TEST_CASE("what rules exclude is neither written nor fetched") {
  SyncWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.tree().AddFile("/keep.txt", "one");
  world.tree().AddFile("/secret/b.txt", "two");
  Exclude(world, "path_lower", "starts_with", "/secret/");
  const report::RunSummary first = world.Full();
  CHECK(first.message == "");
  // A folder that a rule does not name stays although all of its children are left out.
  CHECK(Indexed(world) == Strings{"/keep.txt", "/secret"});
  CHECK(first.counters.excluded == 1);
  CHECK(first.counters.content_fetched == 1);
  CHECK(world.dropbox().Count("files/download") == 1);

  world.tree().AddFile("/secret/c.txt", "three");
  const report::RunSummary next = world.Incremental();
  CHECK(next.counters.excluded == 1);
  CHECK(next.counters.created == 0);
  CHECK(world.dropbox().Count("files/download") == 1);
  CHECK(Indexed(world) == Strings{"/keep.txt", "/secret"});
}

TEST_CASE("a rule on a folder leaves its children alone") {
  SyncWorld world;
  world.tree().AddFile("/a/b.txt", "x");
  Exclude(world, "type", "equals", "Folder");
  REQUIRE(world.Full().message == "");
  CHECK(Indexed(world) == Strings{"/a/b.txt"});
}

TEST_CASE("excluding deletes what was indexed, and including brings it back") {
  SyncWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.tree().AddFile("/a.txt", "a");
  world.tree().AddFile("/b.md", "b");
  REQUIRE(world.Full().message == "");
  const auto downloads = [&] { return world.dropbox().Count("files/download"); };
  CHECK(downloads() == 2);

  Exclude(world, "extension", "equals", "md");
  const report::RunSummary excluded = world.Full();
  CHECK(excluded.message == "");
  CHECK(excluded.counters.deleted == 1);
  CHECK(excluded.counters.excluded == 1);
  CHECK(Indexed(world) == Strings{"/a.txt"});
  CHECK(downloads() == 2);
  CHECK(world.Incremental().counters.elasticsearch_requests == 0);

  world.config.sync.rules_file.clear();
  const report::RunSummary included = world.Full();
  CHECK(included.counters.created == 1);
  CHECK(world.Difference() == "");
  CHECK(downloads() == 3);  // of the one that had gone
}

TEST_CASE("what moves between included and excluded places comes and goes") {
  for (const bool deleted_last : {false, true}) {
    CAPTURE(deleted_last);
    SyncWorld world;
    world.config.extraction.mode = config::ExtractionMode::kLocal;
    sim::EventStyle style;
    style.deleted_last = deleted_last;
    world.tree().set_event_style(style);
    world.tree().AddFile("/in/f.txt", "f");
    world.tree().AddFolder("/out");
    Exclude(world, "path_lower", "starts_with", "/out/");
    REQUIRE(world.Full().message == "");
    world.tree().Move("/in/f.txt", "/out/f.txt");
    REQUIRE(world.Incremental().message == "");
    CHECK(Indexed(world) == Strings{"/in", "/out"});
    world.tree().Move("/out/f.txt", "/in/g.txt");
    REQUIRE(world.Incremental().message == "");
    CHECK(Indexed(world) == Strings{"/in", "/in/g.txt", "/out"});
    // There and back between two runs: its content stays.
    const auto downloads = world.dropbox().Count("files/download");
    world.tree().Move("/in/g.txt", "/out/g.txt");
    world.tree().Move("/out/g.txt", "/in/g.txt");
    REQUIRE(world.Incremental().message == "");
    CHECK(Indexed(world) == Strings{"/in", "/in/g.txt", "/out"});
    CHECK(world.dropbox().Count("files/download") == downloads);
    // A whole folder.
    world.tree().Move("/in", "/out/in");
    REQUIRE(world.Incremental().message == "");
    CHECK(Indexed(world) == Strings{"/out"});
    world.tree().Move("/out/in", "/in");
    REQUIRE(world.Incremental().message == "");
    CHECK(Indexed(world) == Strings{"/in", "/in/g.txt", "/out"});
  }
}

TEST_CASE("a file that grows into a rule goes, and comes back when it shrinks") {
  SyncWorld world;
  world.tree().AddFile("/f.txt", "12345");
  Exclude(world, "size", ">", "5");
  REQUIRE(world.Full().message == "");
  CHECK(Indexed(world) == Strings{"/f.txt"});
  world.tree().Overwrite("/f.txt", "123456");
  const report::RunSummary grown = world.Incremental();
  CHECK(grown.message == "");
  CHECK(grown.counters.deleted == 1);
  CHECK(Indexed(world).empty());
  world.tree().Overwrite("/f.txt", "1234");
  REQUIRE(world.Incremental().message == "");
  CHECK(Indexed(world) == Strings{"/f.txt"});
}

TEST_CASE("an excluded entry removes what it replaced") {
  SyncWorld world;
  world.tree().AddFile("/f.txt", "small");
  world.tree().AddFile("/d/child.txt", "small");
  Exclude(world, "size", ">", "5");
  REQUIRE(world.Full().message == "");
  world.tree().Delete("/f.txt");
  world.tree().AddFile("/f.txt", "large by now");  // another id
  world.tree().ReplaceFolderByFile("/d", "large by now");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.excluded == 2);
  CHECK(Indexed(world).empty());
}

TEST_CASE("the deletions of rules wait for a killed run's successor") {
  SyncWorld world;
  world.config.sync.give_up_after = Milliseconds(1000);
  world.tree().AddFile("/f.txt", "12345");
  Exclude(world, "size", ">", "5");
  REQUIRE(world.Full().message == "");
  world.tree().Overwrite("/f.txt", "123456");
  ElasticFault fault;
  fault.route = "_search";
  fault.status = 503;
  fault.times = -1;
  world.elastic.Inject(fault);
  REQUIRE(world.Incremental().exit_code == ExitCode::kUnavailable);
  CHECK(Indexed(world) == Strings{"/f.txt"});
  world.elastic.ClearFaults();
  CHECK(world.Incremental().message == "");
  CHECK(Indexed(world).empty());
}

TEST_CASE("rules that leave out too much stop, and say that it was they") {
  SyncWorld world;
  for (int i = 0; i < 300; ++i) world.tree().AddFile("/d/" + std::to_string(i), "x");
  REQUIRE(world.Full().message == "");
  Exclude(world, "type", "equals", "File");
  const report::RunSummary stopped = world.Full();
  CHECK(stopped.exit_code == ExitCode::kSafetyStop);
  CHECK(stopped.message ==
        "the listing of Dropbox, less the 300 entries that are excluded by the sync rules, "
        "lacks 300 of the 301 documents in the index, more than sync.max_delete allows (100); "
        "nothing was deleted. If that is right, run: dbx-es full-sync --max-delete 300; if not, "
        "correct the sync rules");
  CHECK(world.elastic.Documents("docs").size() == 301);
  world.config.sync.max_delete = {false, false, 300};
  CHECK(world.Full().message == "");
  CHECK(Indexed(world) == Strings{"/d"});
}

TEST_CASE("rules may exclude everything, which is no broken listing") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  world.tree().AddFile("/b.txt", "b");
  REQUIRE(world.Full().message == "");
  Exclude(world, "type", "equals", "File");
  CHECK(world.Full().message == "");
  CHECK(Indexed(world).empty());
}

TEST_CASE("a first sync takes back what was included when it was listed first") {
  sim::Options options;
  options.default_page_size = 2;
  SyncWorld world(options);
  for (int i = 0; i < 8; ++i) world.tree().AddFile("/f" + std::to_string(i), "12345");
  Exclude(world, "size", ">", "5");
  int events = 0;
  world.stop_signal = [&] {
    // Once, in the middle of the listing.
    if (!world.elastic.Documents("docs").empty() && events++ == 0) {
      world.tree().Overwrite("/f0", "123456");
    }
    return 0;
  };
  const report::RunSummary summary = world.Full();
  CHECK(summary.message == "");
  CHECK(events > 0);
  CHECK(summary.counters.excluded == 1);
  CHECK(Indexed(world) == Strings{"/f1", "/f2", "/f3", "/f4", "/f5", "/f6", "/f7"});
}

TEST_CASE("a first sync with rules neither reads documents nor searches for missing ones") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "a");
  world.tree().AddFile("/b.md", "b");
  Exclude(world, "extension", "equals", "md");
  REQUIRE(world.Full().message == "");
  CHECK(world.elastic.Requests("_mget") == 0);
  CHECK(world.elastic.Requests("_search") == 0);
}

TEST_CASE("received files are judged by the metadata of their link") {
  SyncWorld world;
  world.tree().shares().AddReceivedFile("large.txt", "0123456789");
  world.tree().shares().AddReceivedFile("small.txt", "0");
  Exclude(world, "size", ">", "5");
  const report::RunSummary first = world.Full();
  CHECK(first.message == "");
  CHECK(first.counters.excluded == 1);
  CHECK(Indexed(world) == Strings{"small.txt"});
  CHECK(world.Incremental().message == "");
  CHECK(Indexed(world) == Strings{"small.txt"});

  SUBCASE("changed rules delete and bring back") {
    Exclude(world, "name", "starts_with", "small");
    CHECK(world.Full().message == "");
    CHECK(Indexed(world) == Strings{"large.txt"});
  }
  SUBCASE("new ones in an incremental run") {
    world.tree().shares().AddReceivedFile("larger.txt", "0123456789");
    world.tree().shares().AddReceivedFile("smaller.txt", "");
    const report::RunSummary next = world.Incremental();
    CHECK(next.message == "");
    CHECK(next.counters.excluded == 2);
    CHECK(Indexed(world) == Strings{"small.txt", "smaller.txt"});
  }
}

TEST_CASE(
    "a received file that is mounted where rules exclude it is not judged as one without place") {
  SyncWorld world;
  const std::string id = world.tree().shares().AddReceivedFile("offer.docx", "x");
  SUBCASE("when it comes there") {
    Exclude(world, "ancestors", "equals", "/secret");
    REQUIRE(world.Full().message == "");
    CHECK(Indexed(world) == Strings{"offer.docx"});
    world.tree().shares().MountReceivedFile(id, "/secret/offer.docx");
    CHECK(world.Incremental().message == "");
  }
  SUBCASE("when rules come to exclude its place") {
    world.tree().shares().MountReceivedFile(id, "/secret/offer.docx");
    REQUIRE(world.Full().message == "");
    CHECK(Indexed(world) == Strings{"/secret", "/secret/offer.docx"});
    Exclude(world, "ancestors", "equals", "/secret");
    CHECK(world.Full().message == "");
  }
  CHECK(Indexed(world) == Strings{"/secret"});
  // Taken out of the tree again it is one without a place, which the rule does not exclude.
  world.tree().Delete("/secret/offer.docx");
  CHECK(world.Incremental().message == "");
  CHECK(Indexed(world) == Strings{"/secret", "offer.docx"});
}

TEST_CASE("a received file that rules came to exclude goes when it is looked at again") {
  SyncWorld world;
  const std::string bad = world.tree().AddFile("/bad.txt", "x");
  const std::string id = world.tree().shares().AddReceivedFile("shared.txt", "r");
  Exclude(world, "name", "starts_with", "secret");
  world.elastic.unmappable_ids = {bad};
  REQUIRE(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(Indexed(world) == Strings{"shared.txt"});
  // After a failure the next run compares received files that are known, too.
  world.elastic.unmappable_ids.clear();
  world.tree().shares().received_file(id).name = "secret.txt";
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.excluded == 1);
  CHECK(Indexed(world) == Strings{"/bad.txt"});
}

TEST_CASE("a document that failed and is excluded by now is deleted, not written") {
  SyncWorld world;
  const std::string id = world.tree().AddFile("/f.txt", "12345");
  Exclude(world, "size", ">", "5");
  REQUIRE(world.Full().message == "");
  world.elastic.unmappable_ids = {id};
  world.tree().Touch("/f.txt");
  REQUIRE(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  world.elastic.unmappable_ids.clear();
  world.tree().Overwrite("/f.txt", "123456");
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.message == "");
  CHECK(summary.counters.created + summary.counters.updated == 0);
  CHECK(Indexed(world).empty());
}

TEST_CASE("a dry run says what rules would do, and does nothing") {
  SyncWorld world;
  world.tree().AddFile("/a.txt", "12345");
  REQUIRE(world.Full().message == "");
  world.options.dry_run = true;
  Exclude(world, "name", "equals", "a.txt");
  world.elastic.ClearBooks();
  const report::RunSummary full = world.Full();
  CHECK(full.message == "");
  CHECK(full.counters.excluded == 1);
  CHECK(full.counters.deleted == 1);
  CHECK(world.elastic.writes().empty());

  world.options.dry_run = false;
  Exclude(world, "size", ">", "5");
  REQUIRE(world.Full().message == "");
  world.options.dry_run = true;
  world.tree().Overwrite("/a.txt", "123456");
  world.elastic.ClearBooks();
  const report::RunSummary incremental = world.Incremental();
  CHECK(incremental.counters.deleted == 1);
  CHECK(world.elastic.writes().empty());
  CHECK(Indexed(world) == Strings{"/a.txt"});
}

}  // namespace dbxes::sync
