// SPDX-License-Identifier: Apache-2.0
// Advanced sync rules in runs: what is searched for and how often, and what search may cost a
// document.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "base/json/json.h"
#include "support/sync_world.h"
#include "sync/search/search_filter.h"

namespace dbxes::sync {
namespace {

constexpr char kFile[] = "/rules.json";
constexpr Milliseconds kDay{24 * 3600 * 1000};

using Paths = std::set<std::string>;

struct SearchWorld : SyncWorld {
  explicit SearchWorld(const std::string& rules = R"([{"query":"report"}])",
                       sim::Options options = {})
      : SyncWorld(std::move(options)) {
    SetRules(rules);
  }
  void SetRules(const std::string& text) {
    files.files()[kFile] = text;
    config.sync.rules_file = kFile;
  }
  // Paths of the documents, names of those without.
  Paths Indexed() const {
    Paths paths;
    for (const auto& [id, source] : elastic.Documents("docs")) {
      const auto document = ParseJson(source, "a document");
      const std::string_view path = StringMember(*document, "path_lower");
      paths.emplace(path.empty() ? StringMember(*document, "name") : path);
    }
    return paths;
  }
  std::uint64_t Searches() const {
    const sim::Simulator& simulator = const_cast<SearchWorld*>(this)->dropbox();
    return simulator.Count("files/search_v2") + simulator.Count("files/search/continue_v2");
  }
};

// The folders that searches asked for, in order; "" for everything.
std::vector<std::string> FoldersSearched(SearchWorld& world) {
  std::vector<std::string> folders;
  for (const sim::LoggedRequest& request : world.dropbox().books().requests()) {
    if (request.route != "files/search_v2") continue;
    const auto argument = ParseJson(request.argument, "an argument");
    const auto* options = FindMember(*argument, "options");
    folders.emplace_back(options != nullptr ? StringMember(*options, "path") : "");
  }
  return folders;
}

void CheckFine(const report::RunSummary& summary) {
  CHECK(summary.message == "");
  CHECK(summary.exit_code == ExitCode::kOk);
}

}  // namespace

TEST_CASE("a full sync indexes what search finds, and nothing else") {
  SearchWorld world;
  world.tree().AddFile("/Work/Report.txt", "x");
  world.tree().AddFile("/Work/letter.txt", "about the report");
  world.tree().AddFile("/Work/other.txt", "x");
  world.tree().AddPaper("/Plan.paper", "# A report");
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  const report::RunSummary summary = world.Full();
  CheckFine(summary);
  CHECK(world.Indexed() == Paths{"/work/report.txt", "/work/letter.txt", "/plan.paper"});
  CHECK(summary.counters.excluded == 2);
  CHECK(summary.counters.content_fetched == 3);
  CHECK(world.Searches() == 1);
  CHECK(world.dropbox().Violations().empty());
}

TEST_CASE("the results of several rules are one, and basic rules choose among them") {
  SearchWorld world(R"({"rules":[{"id":"1","policy":"exclude","field":"extension",)"
                    R"("rule":"equals","value":"tmp","order":1}],"advanced_snippet":{"value":[)"
                    R"({"query":"report"},{"query":"invoice","options":{"path":"/Bills"}}]}})");
  world.tree().AddFile("/report.txt", "an invoice");
  world.tree().AddFile("/report.tmp", "");
  world.tree().AddFile("/Bills/invoice report.txt", "");
  world.tree().AddFile("/Bills/2.txt", "invoice");
  world.tree().AddFile("/invoice.txt", "");
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/report.txt", "/bills/invoice report.txt", "/bills/2.txt"});
}

TEST_CASE("a nasty Dropbox gives the same") {
  for (std::uint64_t seed = 1; seed < 8; ++seed) {
    sim::Options options;
    options.style = sim::Style::Nasty();
    options.seed = seed;
    SearchWorld world(R"([{"query":"report","options":{"max_results":3}}])", options);
    Paths expected;
    for (int i = 0; i < 30; ++i) {
      const std::string name = std::to_string(i) + (i % 2 == 0 ? " report" : " other");
      world.tree().AddFile("/" + name, "");
      if (i % 2 == 0) expected.insert("/" + name);
    }
    CheckFine(world.Full());
    CHECK(world.Indexed() == expected);
    CHECK(world.dropbox().Violations().empty());
  }
}

TEST_CASE("changed rules ask for a full sync, which fetches nothing that the index has") {
  SearchWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.tree().AddFile("/report.txt", "x");
  world.tree().AddFile("/report invoice.txt", "x");
  world.tree().AddFile("/invoice.txt", "x");
  CheckFine(world.Full());
  world.SetRules(R"([{"query":"invoice"}])");
  CHECK(world.Incremental().exit_code == ExitCode::kFullSyncNeeded);
  const auto before = world.Searches();
  const report::RunSummary summary = world.Full();
  CheckFine(summary);
  // What is as it was indexed needs no search by its name.
  CHECK(world.Searches() == before + 1);
  CHECK(world.Indexed() == Paths{"/report invoice.txt", "/invoice.txt"});
  CHECK(summary.counters.content_fetched == 1);
  CHECK(summary.counters.deleted == 1);
}

TEST_CASE("no change in the feed is no search") {
  SearchWorld world;
  world.tree().AddFile("/report.txt", "x");
  world.tree().AddFile("/other.txt", "x");
  CheckFine(world.Full());
  const auto before = world.Searches();
  CheckFine(world.Incremental());
  CHECK(world.Searches() == before);
}

TEST_CASE("changes are searched for where they are") {
  SearchWorld world(R"([{"query":"report","options":{"file_extensions":["txt"]}},)"
                    R"({"query":"report","options":{"path":"/Elsewhere"}}])");
  world.tree().AddFile("/Work/Deep/report.txt", "x");
  world.tree().AddFile("/Elsewhere/report.pdf", "x");
  CheckFine(world.Full());
  auto before = world.Searches();

  world.tree().AddFile("/Work/Deep/report 2.txt", "x");
  world.tree().AddFile("/Work/Deep/other.txt", "x");
  world.tree().AddFile("/Work/Deep/report.pdf", "x");
  CheckFine(world.Incremental());
  CHECK(world.Searches() == before + 1);
  CHECK(FoldersSearched(world).back() == "/work/deep");
  const Paths both = {"/work/deep/report.txt", "/elsewhere/report.pdf", "/work/deep/report 2.txt"};
  CHECK(world.Indexed() == both);

  // What no rule can find needs no search.
  world.clock.Advance(kDay);
  CheckFine(world.Incremental());
  for (int run = 0; run < 4; ++run) {
    world.clock.Advance(kDay);
    CheckFine(world.Incremental());
  }
  before = world.Searches();
  world.tree().AddFile("/Work/image.png", "x");
  world.tree().AddFolder("/Work/reports");
  CheckFine(world.Incremental());
  CHECK(world.Searches() == before);
  CHECK(world.Indexed() == both);
}

TEST_CASE("what no longer matches goes, and comes back when it matches again") {
  SearchWorld world;
  world.tree().AddFile("/a/report.txt", "x");
  world.tree().AddFile("/a/text.txt", "a report");
  CheckFine(world.Full());
  world.tree().Move("/a/report.txt", "/a/other.txt");
  world.tree().Overwrite("/a/text.txt", "nothing");
  CheckFine(world.Incremental());
  CHECK(world.Indexed() == Paths{});
  world.tree().Move("/a/other.txt", "/a/report again.txt");
  world.tree().Delete("/a/text.txt");
  CheckFine(world.Incremental());
  CHECK(world.Indexed() == Paths{"/a/report again.txt"});
}

TEST_CASE("a change that search does not know yet is looked at again by the next run") {
  SearchWorld world;
  world.config.extraction.mode = config::ExtractionMode::kLocal;
  world.tree().AddFile("/a/report.txt", "x");
  CheckFine(world.Full());
  world.dropbox().FreezeSearch();
  world.tree().AddFile("/a/report 2.txt", "x");
  CheckFine(world.Incremental());
  CHECK(world.Indexed() == Paths{"/a/report.txt"});
  world.dropbox().ThawSearch();
  const report::RunSummary summary = world.Incremental();
  CheckFine(summary);
  CHECK(world.Indexed() == Paths{"/a/report.txt", "/a/report 2.txt"});
  CHECK(summary.counters.created == 1);
  CHECK(summary.counters.content_fetched == 1);
  // Nothing waits for ever.
  for (int run = 0; run < 4; ++run) {
    world.clock.Advance(kDay);
    CheckFine(world.Incremental());
  }
  const auto before = world.Searches();
  world.clock.Advance(kDay);
  CheckFine(world.Incremental());
  CHECK(world.Searches() == before);
}

TEST_CASE("a change that search learns of after half an hour is not lost") {
  SearchWorld world;
  world.tree().AddFile("/a/report.txt", "x");
  CheckFine(world.Full());
  world.dropbox().FreezeSearch();
  world.tree().AddFile("/b/report 2.txt", "x");
  const auto before = world.Searches();
  // A run every five minutes.
  for (int run = 0; run < 6; ++run) {
    CheckFine(world.Incremental());
    CHECK(world.Indexed() == Paths{"/a/report.txt"});
    world.clock.Advance(Milliseconds(300'000));
  }
  CHECK(world.Searches() <= before + 4);
  world.dropbox().ThawSearch();
  for (int run = 0; run < 7; ++run) {
    CheckFine(world.Incremental());
    world.clock.Advance(Milliseconds(300'000));
  }
  CHECK(world.Indexed() == Paths{"/a/report.txt", "/b/report 2.txt"});
}

TEST_CASE("a full sync remembers what is too new for search") {
  SearchWorld world;
  world.tree().AddFile("/report.txt", "x");
  world.dropbox().FreezeSearch();
  world.tree().AddFile("/report 2.txt", "x");
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/report.txt"});
  world.dropbox().ThawSearch();
  world.clock.Advance(Milliseconds(61'000));
  CheckFine(world.Incremental());
  CHECK(world.Indexed() == Paths{"/report.txt", "/report 2.txt"});
}

TEST_CASE("what is old is known to search, and no run looks for it again") {
  SearchWorld world;
  sim::FileOptions old;
  old.server_modified_s = 1'600'000'000;
  world.tree().AddFile("/report.txt", "x", old);
  world.tree().AddFile("/other.txt", "x", old);
  CheckFine(world.Full());
  const auto before = world.Searches();
  world.clock.Advance(kDay);
  CheckFine(world.Incremental());
  CHECK(world.Searches() == before);
}

TEST_CASE("no document is deleted because search lags") {
  SearchWorld world;
  world.tree().AddFile("/a/old.txt", "no match");
  world.tree().AddFile("/a/report.txt", "x");
  CheckFine(world.Full());
  // To a search that stands still the file is not the one that it knows.
  world.tree().Delete("/a/report.txt");
  world.dropbox().FreezeSearch();
  world.tree().Restore("/a/report.txt");
  world.tree().Overwrite("/a/report.txt", "y");
  for (const SyncMode mode : {SyncMode::kIncremental, SyncMode::kFull}) {
    CAPTURE(static_cast<int>(mode));
    world.tree().Touch("/a/report.txt");
    world.tree().Overwrite("/a/report.txt", "z" + std::to_string(static_cast<int>(mode)));
    CheckFine(world.Run(mode));
    CHECK(world.Indexed() == Paths{"/a/report.txt"});
  }
  world.dropbox().ThawSearch();
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/a/report.txt"});
}

TEST_CASE("a search that knows an older version proves nothing") {
  SearchWorld world;
  world.config.sync.rules_file = "";
  world.tree().AddFile("/a.txt", "nothing");
  world.tree().AddFile("/b.txt", "nothing");
  CheckFine(world.Full());
  world.config.sync.rules_file = kFile;
  world.dropbox().FreezeSearch();
  world.tree().Overwrite("/a.txt", "a report");
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/a.txt"});
  world.dropbox().ThawSearch();
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/a.txt"});
}

TEST_CASE("more documents than are looked at one by one stay until a full sync") {
  SearchWorld world;
  world.config.sync.max_delete = {false, true, 0};
  constexpr int kFiles = 130;
  for (int i = 0; i < kFiles; ++i) {
    world.tree().AddFile("/report " + std::to_string(i), "x");
  }
  CheckFine(world.Full());
  for (int i = 0; i < kFiles; ++i) {
    world.tree().Move("/report " + std::to_string(i), "/other " + std::to_string(i));
  }
  CheckFine(world.Incremental());
  CHECK(world.Indexed().size() == kFiles - SearchFilter::kMostProbes);
  world.tree().AddFile("/report", "x");
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/report"});
}

TEST_CASE("document level security works with advanced rules") {
  SearchWorld world;
  world.config.dropbox.use_document_level_security = true;
  world.tree().AddFile("/Team/report.txt", "x");
  world.tree().AddFile("/Team/other.txt", "x");
  world.tree().folders().ShareFolder("/Team");
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/team/report.txt"});
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    CHECK(source.find("\"_allow_access_control\":[\"") != std::string::npos);
  }
  CheckFine(world.Run(SyncMode::kAccessControl));
  CHECK(world.Indexed() == Paths{"/team/report.txt"});
}

TEST_CASE("a full sync that is stopped continues and ends with the same") {
  sim::Options options;
  options.default_page_size = 10;
  SearchWorld world(R"([{"query":"report"}])", options);
  Paths expected;
  for (int i = 0; i < 100; ++i) {
    const std::string name = std::to_string(i) + (i % 3 == 0 ? " report" : " other");
    world.tree().AddFile("/" + name, "");
    if (i % 3 == 0) expected.insert("/" + name);
  }
  world.stop_signal = [&] {
    return world.dropbox().Count("files/list_folder/continue") > 4 ? 15 : 0;
  };
  CHECK(world.Full().exit_code == ExitCode::kTerminated);
  world.stop_signal = [] { return 0; };
  CheckFine(world.Full());
  CHECK(world.Indexed() == expected);
}

TEST_CASE("a search that cannot be finished deletes nothing and says so") {
  SearchWorld world(R"([{"query":"report","options":{"file_extensions":["txt"]}}])");
  constexpr int kFiles = 20'300;
  for (int i = 0; i < kFiles; ++i) {
    world.tree().AddSyntheticFile("/flat/report " + std::to_string(i) + ".txt", 0, 1);
  }
  world.tree().AddFile("/flat/report.md", "");
  // Everything is in the index from the time before there were rules.
  world.config.sync.rules_file = "";
  CheckFine(world.Full());
  world.config.sync.rules_file = kFile;
  const report::RunSummary summary = world.Full();
  CheckFine(summary);
  const Paths indexed = world.Indexed();
  CHECK(indexed.size() == kFiles);
  CHECK(indexed.count("/flat/report.md") == 0);
  bool warned = false;
  for (const std::string& line : world.reporter.lines) {
    warned = warned || line.find("warning: Dropbox shows no more than 10000 matches") == 0;
  }
  CHECK(warned);
}

TEST_CASE("a search that finds nothing any more does not empty the index") {
  SearchWorld world;
  for (int i = 0; i < 150; ++i) world.tree().AddFile("/report " + std::to_string(i), "x");
  CheckFine(world.Full());
  world.SetRules(R"([{"query":"unicorn"}])");
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kSafetyStop);
  CHECK(world.Indexed().size() == 150);
}

TEST_CASE("a rule for a folder that is not there stops the run") {
  SearchWorld world(R"([{"query":"report","options":{"path":"/Nowhere"}}])");
  world.tree().AddFile("/report.txt", "x");
  const report::RunSummary summary = world.Full();
  CHECK(summary.exit_code == ExitCode::kConfiguration);
  CHECK(summary.message.find("/0/options/path: Dropbox has no folder /Nowhere") !=
        std::string::npos);
  CHECK(world.Searches() == 0);
}

TEST_CASE("the configured folder holds for searches, too") {
  SearchWorld world;
  world.config.dropbox.paths = {"/In"};
  world.tree().AddFile("/In/report.txt", "x");
  world.tree().AddFile("/Out/report.txt", "x");
  for (const bool received : {true, false}) {
    world.config.dropbox.include_received_files = received;
    CheckFine(world.Full());
    CHECK(world.Indexed() == Paths{"/in/report.txt"});
    CHECK(FoldersSearched(world).back() == (received ? "" : "/In"));
  }
}

TEST_CASE("a received file that search does not find is left out") {
  SearchWorld world;
  world.tree().AddFile("/report.txt", "x");
  world.tree().shares().AddReceivedFile("offer.docx", "x");
  const report::RunSummary summary = world.Full();
  CheckFine(summary);
  CHECK(world.Indexed() == Paths{"/report.txt"});
  CHECK(summary.counters.excluded == 1);
  world.tree().shares().AddReceivedFile("second offer.docx", "x");
  CheckFine(world.Incremental());
  CHECK(world.Indexed() == Paths{"/report.txt"});
  // One that was there before the rules goes with the full sync that they ask for.
  world.config.sync.rules_file = "";
  CheckFine(world.Full());
  CHECK(world.Indexed().size() == 3);
  world.config.sync.rules_file = kFile;
  CheckFine(world.Full());
  CHECK(world.Indexed() == Paths{"/report.txt"});
}

TEST_CASE("a dry run searches and writes nothing") {
  SearchWorld world;
  world.tree().AddFile("/report.txt", "x");
  world.options.dry_run = true;
  const report::RunSummary summary = world.Full();
  CheckFine(summary);
  CHECK(summary.counters.created == 1);
  CHECK(world.Searches() == 1);
}

}  // namespace dbxes::sync
