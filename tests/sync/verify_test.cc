// SPDX-License-Identifier: Apache-2.0
// The command verify: what somebody has changed in the index is listed, all of it and nothing else,
// and nothing is written, neither to the index nor to the state.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "checkpoint/failure_edit.h"
#include "support/random_changes.h"
#include "sync/edited_document.h"
#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;

struct VerifyWorld : SecureWorld {
  VerifyWorld() {
    config.extraction.mode = config::ExtractionMode::kLocal;
    const std::string bob = AddPerson("bob");
    for (int i = 0; i < 30; ++i) {
      const std::string path = fmt::format("/s/{:02}.txt", i);
      ids[path] = tree().AddFile(path, fmt::format("text {}", i));
    }
    Share("/s", {{MemberKind::kUser, bob, "viewer"}});
    ids["/mine.txt"] = tree().AddFile("/mine.txt", "mine");
    ids["/empty.txt"] = tree().AddFile("/empty.txt", "\n");
    ids["received"] = tree().shares().AddReceivedFile("offer.txt", "offer");
    tree().shares().SetReceivedFileMembers(ids["received"], {{MemberKind::kUser, ann, "viewer"}});
    REQUIRE(Full().message == "");
  }
  void Set(const std::string& name, const char* field, const std::string& json) {
    elastic.Put("docs", ids[name], WithField(*elastic.Source("docs", ids[name]), field, json));
  }
  // The lines, sorted; checks that nothing was written.
  std::vector<std::string> Lines(std::size_t sample = 0) {
    const std::map<std::string, std::string> before = elastic.Documents("docs");
    const std::size_t writes = elastic.writes().size();
    const auto state = files.files();
    std::vector<std::string> lines;
    result = Verify(sample, lines);
    CHECK(elastic.Documents("docs") == before);
    CHECK(elastic.writes().size() == writes);
    CHECK((files.files() == state));
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  std::map<std::string, std::string> ids;
  Verification result;
};

using Lines = std::vector<std::string>;

std::string FailuresPath(SyncWorld& world) {
  for (const auto& [path, content] : world.files.files()) {
    if (path.ends_with(".failures.ndjson")) return path;
  }
  return "";
}

}  // namespace

TEST_CASE("verify finds no difference after a sync, also in the texts") {
  VerifyWorld world;
  CHECK(world.Lines() == Lines{});
  CHECK(world.result.exit_code == ExitCode::kOk);
  CHECK(world.result.message == "");
  CHECK(world.result.entries == 33);
  CHECK(world.result.documents == world.elastic.Documents("docs").size());
  CHECK(world.result.texts == 0);
  CHECK(world.Lines(1000) == Lines{});
  CHECK(world.result.exit_code == ExitCode::kOk);
  CHECK(world.result.texts == 33);
  CHECK(world.Lines(5) == Lines{});
  CHECK(world.result.texts == 5);
}

TEST_CASE("verify lists what somebody has changed, and nothing else") {
  VerifyWorld world;
  world.Set("/s/01.txt", "_allow_access_control", "");
  world.Set("/s/02.txt", "_allow_access_control", R"(["user_id:somebody"])");
  world.Set("/s/03.txt", "file_path", R"("/Wrong/03.txt")");
  world.Set("/s/04.txt", "body", "");
  world.Set("/s/05.txt", "body", "null");
  world.Set("/s/06.txt", "size", "7000");
  world.Set("/s/07.txt", "rev", R"("0123456789abcdef")");
  world.Set("/s/08.txt", "notes", R"("of another program")");
  world.Set("/s/09.txt", "sync_fingerprint", R"("0000000000000000")");
  world.elastic.Delete("docs", world.ids["/s/10.txt"]);
  world.elastic.Put("docs", "foreign", R"({"id":"foreign","name":"foreign.txt"})");
  world.Set("received", "_allow_access_control", R"(["user_id:somebody"])");
  world.Set("received", "body", "");
  const Lines expected{
      "different /s/01.txt (_allow_access_control)",
      "different /s/02.txt (_allow_access_control)",
      "different /s/03.txt (file_path; in the index: /Wrong/03.txt)",
      "different /s/04.txt (body)",
      "different /s/05.txt (body)",
      "different /s/06.txt (size)",
      "different /s/07.txt (rev)",
      "different offer.txt (_allow_access_control, body)",
      "extra foreign.txt",
      "missing /s/10.txt",
  };
  CHECK(fmt::format("{}", fmt::join(world.Lines(), "\n")) ==
        fmt::format("{}", fmt::join(expected, "\n")));
  CHECK(world.result.exit_code == ExitCode::kFailed);
  CHECK(world.result.missing == 1);
  CHECK(world.result.different == 8);
  CHECK(world.result.extra == 1);
  CHECK(world.result.message ==
        "10 differences, also in texts: dbx-es full-sync --force corrects them");

  world.options.force = true;
  REQUIRE(world.Full().message.starts_with("2 documents had no access list"));
  CHECK(world.Lines() == Lines{});
}

TEST_CASE("verify believes no number of a version") {
  VerifyWorld world;
  // An ingest pipeline changes what is written, so that the number is right.
  world.elastic.through_pipeline = [](const std::string&, rapidjson::Document& document) {
    if (StringMember(document, "name") != "new.txt") return;
    document.RemoveMember("size");
  };
  world.config.elasticsearch.pipeline = "changes";
  world.elastic.AddPipeline("changes");
  REQUIRE(world.Full().message == "");
  world.tree().AddFile("/new.txt", "new");
  REQUIRE(world.Incremental().message == "");
  world.elastic.through_pipeline = nullptr;
  CHECK(world.Lines() == Lines{"different /new.txt (size)"});
}

TEST_CASE("verify compares texts of files that it fetches") {
  VerifyWorld world;
  world.Set("/s/04.txt", "body", R"("another text")");
  CHECK(world.Lines() == Lines{});
  CHECK(world.Lines(1000) == Lines{"different /s/04.txt (body)"});
  CHECK(world.result.exit_code == ExitCode::kFailed);
  CHECK(world.result.message ==
        "1 difference, also in texts: dbx-es full-sync --force corrects it");
}

TEST_CASE("a sample needs texts that dbx-es extracts") {
  VerifyWorld world;
  world.config.extraction.mode = config::ExtractionMode::kOff;
  CHECK(world.Lines(3) == Lines{});
  CHECK(world.result.exit_code == ExitCode::kConfiguration);
  CHECK(world.result.message.find("--sample needs texts") != std::string::npos);
}

TEST_CASE("verify lists what no run has applied yet") {
  VerifyWorld world;
  world.tree().Delete("/s/01.txt");
  world.tree().AddFile("/new.txt", "n");
  world.tree().Move("/s/02.txt", "/s/Two.txt");
  const Lines lines = world.Lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("different /s/Two.txt ("));
  CHECK(lines[0].ends_with("; in the index: /s/02.txt)"));
  CHECK(lines[1] == "extra /s/01.txt");
  CHECK(lines[2] == "missing /new.txt");
}

TEST_CASE("verify counts the documents that it compared, whatever else is listed") {
  VerifyWorld world;
  world.tree().AddFile("/other/a.txt", "a");
  world.config.dropbox.paths = {"/s", "/other"};
  world.options.change_path = true;
  REQUIRE(world.Full().message == "");
  CHECK(world.Lines() == Lines{});
  CHECK(world.result.documents == world.elastic.Documents("docs").size());
  CHECK(world.result.documents < world.result.entries);
}

TEST_CASE("a text that a plain run fetches takes no --force") {
  VerifyWorld world;
  const std::string id = world.tree().AddFile("/new.txt", "new");
  world.dropbox().Inject(sim::Fault::Status("files/download", 500).Times(0));
  REQUIRE(world.Incremental().exit_code == ExitCode::kDocumentsFailed);
  world.dropbox().faults().Clear();
  CHECK(world.Lines() == Lines{"different /new.txt (body)"});
  CHECK(world.result.message ==
        "1 difference, also in texts; 1 document failed before, which dbx-es incremental tries "
        "again when it is due");
  SUBCASE("accepted") {
    const auto edited = checkpoint::EditFailures(world.files, world.clock, FailuresPath(world), {},
                                                 checkpoint::FailureAction::kAccept);
    REQUIRE(edited);
    CHECK(world.Lines() == Lines{"different /new.txt (body)"});
    CHECK(world.result.message ==
          "1 difference, also in texts; the failure of 1 document is accepted: dbx-es failures "
          "retry ends that");
  }
  SUBCASE("and others differ as well") {
    world.Set("/s/06.txt", "size", "7000");
    CHECK(world.Lines().size() == 2);
    CHECK(world.result.message.starts_with(
        "2 differences, also in texts: dbx-es full-sync corrects them; 1 document failed before"));
    CHECK(world.Full().message == "");
  }
  if (world.Lines().empty()) return;
  REQUIRE(world.Full().message == "");
  CHECK(world.Lines() == Lines{});
}

TEST_CASE("verify stops for no safety limit, and runs while another run holds the state") {
  VerifyWorld world;
  world.config.sync.max_delete = {.automatic = false, .unlimited = false, .count = 0};
  for (int i = 0; i < 25; ++i) world.tree().Delete(fmt::format("/s/{:02}.txt", i));
  CHECK(world.Lines().size() == 25);
  CHECK(world.result.exit_code == ExitCode::kFailed);
  CHECK(world.result.extra == 25);
}

TEST_CASE("verify takes what rules exclude as extra") {
  VerifyWorld world;
  Exclude(world, "path_lower", "equals", "/mine.txt");
  CHECK(world.Lines() == Lines{"extra /mine.txt (excluded: rule 1 in line 1)"});
  CHECK(world.result.message == "1 difference: dbx-es full-sync corrects it");
}

TEST_CASE("without an index there is nothing to compare") {
  VerifyWorld world;
  world.elastic.DeleteIndex("docs");
  std::vector<std::string> lines;
  const Verification result = world.Verify(0, lines);
  CHECK(lines.empty());
  CHECK(result.exit_code == ExitCode::kConfiguration);
  CHECK(result.message.find("the index docs does not exist") != std::string::npos);
  CHECK_FALSE(world.elastic.HasIndex("docs"));
}

TEST_CASE("verify looks at an index that another state keeps, without a state of its own") {
  VerifyWorld world;
  world.config.state_dir = "/elsewhere";
  world.Set("/s/06.txt", "size", "7000");
  CHECK(world.Lines() == Lines{"different /s/06.txt (size)"});
  CHECK(world.result.message == "1 difference: dbx-es full-sync corrects it");
}

}  // namespace dbxes::sync
