// SPDX-License-Identifier: Apache-2.0
// The list of changes of whole runs. Its oracle is the difference of the index before and after.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "support/random_changes.h"
#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using Index = std::map<std::string, std::string>;

Strings Sorted(Strings lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

// What is listed and no write to the index.
bool IsRemark(const std::string& line) {
  return line.starts_with("excluded ") || line.starts_with("without text ");
}

Strings Writes(Strings lines) {
  std::erase_if(lines, IsRemark);
  return Sorted(std::move(lines));
}

std::string Name(const rapidjson::Value& document) {
  const std::string_view path = StringMember(document, "file_path");
  return std::string(path.empty() ? StringMember(document, "name") : path);
}

bool IsOwn(std::string_view field) {
  return field.starts_with("sync_") || field.ends_with("_fingerprint");
}

// Names of the fields that users see and that differ, sorted.
Strings Different(const rapidjson::Value& before, const rapidjson::Value& after) {
  Strings fields;
  for (const auto* one : {&before, &after}) {
    const rapidjson::Value& other = one == &before ? after : before;
    for (const auto& member : one->GetObject()) {
      const std::string_view name = View(member.name);
      const rapidjson::Value* there = FindMember(other, name);
      const bool nothing = member.value.IsNull() && (there == nullptr || there->IsNull());
      const bool same = nothing || (there != nullptr && *there == member.value);
      if (!same && !IsOwn(name)) fields.emplace_back(name);
    }
  }
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

std::string Difference(const std::string& was, const std::string& is) {
  const auto before = ParseJson(was, "a document");
  const auto after = ParseJson(is, "a document");
  REQUIRE(before);
  REQUIRE(after);
  const Strings fields = Different(*before, *after);
  const std::string remark =
      fields.empty() ? "no field that users see" : fmt::format("{}", fmt::join(fields, ", "));
  const std::string_view from = StringMember(*before, "file_path");
  const std::string_view to = StringMember(*after, "file_path");
  const bool moved = !from.empty() && !to.empty() && from != to;
  return moved ? fmt::format("moved {} to {} ({})", from, to, remark)
               : fmt::format("updated {} ({})", Name(*after), remark);
}

// The lines that a run has to list which made one index into the other.
Strings Expected(const Index& before, const Index& after) {
  Strings lines;
  for (const auto& [id, source] : after) {
    const auto was = before.find(id);
    if (was == before.end()) {
      lines.push_back("created " + Name(*ParseJson(source, "a document")));
    } else if (was->second != source) {
      lines.push_back(Difference(was->second, source));
    }
  }
  for (const auto& [id, source] : before) {
    if (!after.contains(id)) lines.push_back("deleted " + Name(*ParseJson(source, "a document")));
  }
  return Sorted(std::move(lines));
}

// The same line with its fields sorted.
std::string WithSortedFields(const std::string& line) {
  const std::size_t open = line.rfind(" (");
  const bool lists = line.starts_with("updated ") || line.starts_with("moved ");
  if (!lists || open == std::string::npos) return line;
  Strings fields;
  std::string_view rest = std::string_view(line).substr(open + 2);
  rest.remove_suffix(1);
  for (;;) {
    const std::size_t comma = rest.find(", ");
    fields.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 2);
  }
  std::sort(fields.begin(), fields.end());
  return fmt::format("{} ({})", line.substr(0, open), fmt::join(fields, ", "));
}

Strings Canonical(Strings lines) {
  for (std::string& line : lines) line = WithSortedFields(line);
  return Writes(std::move(lines));
}

// A run may change a document and then delete it: the feed reports a change before what came
// after it. In the index, only the deletion of the document from its former path is left of both.
Strings Folded(Strings lines) {
  for (auto deleted = lines.begin(); deleted != lines.end(); ++deleted) {
    if (!deleted->starts_with("deleted ")) continue;
    const std::string to = " to " + deleted->substr(8) + " (";
    const auto moved = std::ranges::find_if(lines, [&](const std::string& line) {
      return line.starts_with("moved ") && line.find(to) != std::string::npos;
    });
    if (moved == lines.end()) continue;
    *deleted = "deleted " + moved->substr(6, moved->find(to) - 6);
    lines.erase(moved);
    return Folded(std::move(lines));
  }
  std::erase_if(lines, [all = lines](const std::string& line) {
    if (!line.starts_with("updated ")) return false;
    const std::size_t remark = line.rfind(" (");
    return std::ranges::count(all, "deleted " + line.substr(8, remark - 8)) > 0;
  });
  return Sorted(std::move(lines));
}

// A file that has left the Dropbox while somebody shares it: its document is deleted and made again
// as that of a received file. In the index, only an update is left of both.
void MatchMadeAgain(Strings& more, Strings& missing) {
  std::erase_if(missing, [&more](const std::string& line) {
    if (!line.starts_with("updated ")) return false;
    const std::string name = line.substr(8, line.rfind(" (") - 8);
    const auto created = std::ranges::find(more, "created " + name);
    if (created == more.end()) return false;
    more.erase(created);
    const auto deleted = std::ranges::find_if(
        more, [](const std::string& other) { return other.starts_with("deleted "); });
    if (deleted == more.end()) return false;
    more.erase(deleted);
    return true;
  });
}

// What only one of both has; without what was created and deleted again.
std::string Unmatched(const Strings& listed, const Strings& expected) {
  Strings more;
  Strings missing;
  std::ranges::set_difference(listed, expected, std::back_inserter(more));
  std::ranges::set_difference(expected, listed, std::back_inserter(missing));
  std::erase_if(more, [all = more](const std::string& line) {
    const std::string path = line.substr(line.find(' '));
    return std::ranges::count(all, "created" + path) > 0 &&
           std::ranges::count(all, "deleted" + path) > 0;
  });
  MatchMadeAgain(more, missing);
  return more.empty() && missing.empty()
             ? ""
             : fmt::format("listed: {}; missing: {}", fmt::join(more, "\n"),
                           fmt::join(missing, "\n"));
}

void RequireOk(const report::RunSummary& summary) {
  REQUIRE_MESSAGE(summary.exit_code == ExitCode::kOk, summary.message);
}

std::string Text(const Strings& lines) { return fmt::format("{}", fmt::join(lines, "\n")); }

struct ListingWorld : SyncWorld {
  explicit ListingWorld(sim::Options options = {}) : SyncWorld(std::move(options)) {
    reporter.lists_changes = true;
    config.extraction.mode = config::ExtractionMode::kLocal;
  }
  Strings Take() { return std::exchange(reporter.changes, {}); }
  Strings Lines(SyncMode mode) {
    reporter.changes.clear();
    RequireOk(Run(mode));
    return Take();
  }
  Strings DryLines(SyncMode mode) {
    options.dry_run = true;
    Strings lines = Lines(mode);
    options.dry_run = false;
    return lines;
  }
};

void Change(ListingWorld& world) {
  world.tree().Overwrite("/Team/a.txt", "new text");
  world.tree().Move("/Team/Sub", "/Else");
  world.tree().Delete("/gone.txt");
  world.tree().AddFile("/New.txt", "n");
}

void Plant(ListingWorld& world) {
  world.tree().AddFile("/Team/a.txt", "a");
  world.tree().AddFile("/Team/Sub/B.txt", "b");
  world.tree().AddFile("/gone.txt", "g");
  world.tree().AddFile("/same.txt", "s");
}

}  // namespace

TEST_CASE("a run names each document that it changes, and a dry run names the same") {
  for (const SyncMode mode : {SyncMode::kFull, SyncMode::kIncremental}) {
    CAPTURE(static_cast<int>(mode));
    ListingWorld world;
    Plant(world);
    const Strings first{"created /Team",       "created /Team/Sub", "created /Team/Sub/B.txt",
                        "created /Team/a.txt", "created /gone.txt", "created /same.txt"};
    CHECK(Sorted(world.DryLines(SyncMode::kFull)) == first);
    CHECK(world.elastic.Documents("docs").empty());
    CHECK(Sorted(world.Lines(SyncMode::kFull)) == first);
    CHECK(world.Lines(mode).empty());

    Change(world);
    const Index before = world.elastic.Documents("docs");
    const Strings dry = world.DryLines(mode);
    CHECK(world.elastic.Documents("docs") == before);
    const Strings lines = world.Lines(mode);
    CHECK(Canonical(lines) == Expected(before, world.elastic.Documents("docs")));
    CHECK(Canonical(dry) == Canonical(lines));
    CHECK(std::ranges::count(lines, "deleted /gone.txt") == 1);
    CHECK(std::ranges::count(lines, "created /New.txt") == 1);
    const auto moved = [](const std::string& line) {
      return line.starts_with("moved /Team/Sub/B.txt to /Else/B.txt (");
    };
    CHECK(std::ranges::count_if(lines, moved) == 1);
  }
}

TEST_CASE("a dry run that stops for safety lists no deletion as done") {
  ListingWorld world;
  for (int i = 0; i < 40; ++i) world.tree().AddFile(fmt::format("/{}.txt", i), "x");
  RequireOk(world.Full());
  world.config.sync.max_delete = {.automatic = false, .unlimited = false, .count = 0};
  world.tree().Delete("/1.txt");
  world.tree().AddFile("/new.txt", "x");
  world.Take();
  world.options.dry_run = true;
  const report::RunSummary summary = world.Incremental();
  CHECK(summary.exit_code == ExitCode::kSafetyStop);
  CHECK(summary.held_back == Strings{"/1.txt"});
  CHECK(world.Take() == Strings{"created /new.txt"});
}

TEST_CASE("a dry run says at its start that it writes nothing") {
  ListingWorld world;
  Plant(world);
  world.DryLines(SyncMode::kFull);
  REQUIRE_FALSE(world.reporter.lines.empty());
  CHECK(world.reporter.lines.front() == "this is a dry run: nothing is written");
}

TEST_CASE("without anybody who lists changes, a run asks for nothing more") {
  std::uint64_t requests[2] = {};
  for (const bool lists : {false, true}) {
    ListingWorld world;
    world.reporter.lists_changes = lists;
    Plant(world);
    RequireOk(world.Full());
    Change(world);
    const std::uint64_t before = world.elastic.requests();
    RequireOk(world.Incremental());
    requests[lists ? 1 : 0] = world.elastic.requests() - before;
    CHECK(world.reporter.changes.empty() != lists);
  }
  CHECK(requests[0] < requests[1]);
}

TEST_CASE("the list of changes is the difference of the index, through random changes") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    sim::Options options;
    options.seed = seed;
    options.style = sim::Style::Plain();
    ListingWorld world(options);
    world.config.sync.max_delete.unlimited = true;
    RandomChanges changes(world.tree(), seed);
    changes.Plant(40);
    const Strings first = world.Lines(SyncMode::kFull);
    REQUIRE(Text(Canonical(first)) == Text(Expected({}, world.elastic.Documents("docs"))));
    for (int round = 0; round < 6; ++round) {
      CAPTURE(round);
      changes.Change(1 + static_cast<int>(seed % 9));
      const Index before = world.elastic.Documents("docs");
      const SyncMode mode = round % 3 == 2 ? SyncMode::kFull : SyncMode::kIncremental;
      const Strings lines = world.Lines(mode);
      REQUIRE(Unmatched(Folded(Canonical(lines)),
                        Expected(before, world.elastic.Documents("docs"))) == "");
    }
  }
}

TEST_CASE("what rules leave out is named with its rule, and what they delete with the reason") {
  ListingWorld world;
  world.tree().AddFile("/a.tmp", "a");
  world.tree().AddFile("/b.txt", "b");
  RequireOk(world.Full());
  Exclude(world, "name", "ends_with", ".tmp");
  CHECK(world.Lines(SyncMode::kFull) == Strings{"excluded /a.tmp (rule 1 in line 1)",
                                                "deleted /a.tmp (excluded: rule 1 in line 1)"});
  world.tree().AddFile("/c.tmp", "c");
  CHECK(world.Lines(SyncMode::kIncremental) == Strings{"excluded /c.tmp (rule 1 in line 1)"});
}

TEST_CASE("documents without text are named with the reason, as often as they are counted") {
  ListingWorld world;
  world.config.extraction.max_file_download_size = 10;
  world.parser.answer = [](const std::string&) {
    return parsers::Parsed<parsers::ParsedDocument>(
        tl::unexpected(parsers::Unreadable::kEncrypted));
  };
  world.tree().AddFile("/large.txt", std::string(100, 'x'));
  world.tree().AddFile("/locked.docx", "bytes");
  world.tree().AddFile("/photo.jpg", "bytes");
  CHECK(Sorted(world.Lines(SyncMode::kFull)) ==
        Strings{"created /large.txt", "created /locked.docx", "created /photo.jpg",
                "without text /large.txt (too_large)", "without text /locked.docx (encrypted)"});
  // Only what its entry shows is known again.
  CHECK(world.Lines(SyncMode::kFull) == Strings{"without text /large.txt (too_large)"});
  world.tree().Overwrite("/large.txt", std::string(200, 'y'));
  const Strings lines = world.Lines(SyncMode::kIncremental);
  CHECK(std::ranges::count(lines, "without text /large.txt (too_large)") == 1);
}

TEST_CASE("what the cluster refuses is not listed as done") {
  ListingWorld world;
  world.tree().AddFile("/a.txt", "a");
  const std::string bad = world.tree().AddFile("/b.txt", "b");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kItemStatus;
  fault.status = 400;
  fault.type = "document_parsing_exception";
  fault.ids = {bad};
  fault.times = -1;
  world.elastic.Inject(fault);
  CHECK(world.Full().exit_code == ExitCode::kDocumentsFailed);
  CHECK(world.Take() == Strings{"created /a.txt"});
  world.elastic.ClearFaults();
  CHECK(world.Lines(SyncMode::kIncremental) == Strings{"created /b.txt"});
}

TEST_CASE("acl-sync names documents with other readers, and identities") {
  SecureWorld world;
  world.reporter.lists_changes = true;
  world.tree().AddFolder("/Shared");
  world.tree().AddFile("/Shared/a.txt", "a");
  const std::string bo = world.AddPerson("bo");
  const std::string cy = world.AddPerson("cy");
  const std::string folder = world.Share("/Shared", {{sim::MemberKind::kUser, bo, "editor"}});
  RequireOk(world.Full());
  world.reporter.changes.clear();
  RequireOk(world.Run(SyncMode::kAccessControl));
  CHECK(Writes(world.reporter.changes).size() == 2);
  CHECK(std::ranges::count(world.reporter.changes, "created the identity bo@example.com") == 1);

  world.SetMembers(folder, {{sim::MemberKind::kUser, cy, "editor"}});
  world.reporter.changes.clear();
  RequireOk(world.Run(SyncMode::kAccessControl));
  const Strings& lines = world.reporter.changes;
  CHECK(std::ranges::count(lines, "updated /Shared (_allow_access_control)") == 1);
  CHECK(std::ranges::count(lines, "updated /Shared/a.txt (_allow_access_control)") == 1);
  CHECK(std::ranges::count(lines, "created the identity cy@example.com") == 1);
  CHECK(std::ranges::count(lines, "deleted the identity bo@example.com") == 1);
}

TEST_CASE("with an ingest pipeline, the list is the same") {
  ListingWorld world;
  world.config.elasticsearch.pipeline = "enrich";
  world.elastic.AddPipeline("enrich");
  Plant(world);
  RequireOk(world.Full());
  Change(world);
  const Index before = world.elastic.Documents("docs");
  const Strings lines = world.Lines(SyncMode::kIncremental);
  CHECK(Text(Canonical(lines)) == Text(Expected(before, world.elastic.Documents("docs"))));
}

TEST_CASE("an output file is listed as it is written") {
  ListingWorld world;
  Plant(world);
  world.options.output_file = "/dev/null";
  CHECK(world.Lines(SyncMode::kFull).size() == 6);
}

}  // namespace dbxes::sync
