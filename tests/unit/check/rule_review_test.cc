// SPDX-License-Identifier: Apache-2.0
#include "check/rule_review.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/os/file_probe.h"
#include "dropbox/dropbox_world.h"
#include "rules/rule_file.h"
#include "support/memory_file_system.h"
#include "support/sync_world.h"

namespace dbxes::check {
namespace {

using Paths = std::vector<std::string>;

Result<RuleReview> ReviewOf(dropbox::DropboxWorld& world, const rules::RuleSet& rules,
                            bool preview) {
  MemoryFileSystem files;
  RecordingReporter reporter;
  const FileProbe probe;
  Environment environment{.files = files,
                          .scratch = files,
                          .probe = probe,
                          .clock = world.clock,
                          .http = world.network,
                          .stop_signal = [] { return 0; }};
  return ReviewRules(environment, world.config, rules, preview, reporter);
}

rules::RuleSet Read(const std::string& text) {
  rules::RuleFile file = rules::ReadRules(text);
  REQUIRE(file.findings.errors() == 0);
  return std::move(file.rules);
}

// "pointer verb count", and the paths in order.
struct Share {
  std::string pointer;
  RuleShare::Effect effect;
  Paths paths;
  bool operator==(const Share&) const = default;
};

std::vector<Share> SharesOf(const RulePreview& preview) {
  std::vector<Share> shares;
  for (const RuleShare& share : preview.shares) {
    Paths paths = share.paths;
    std::sort(paths.begin(), paths.end());
    CHECK(share.count == paths.size());
    shares.push_back({share.pointer, share.effect, paths});
  }
  return shares;
}

using Effect = RuleShare::Effect;

}  // namespace

TEST_CASE("folders that do not exist are reported, each with its rule") {
  dropbox::DropboxWorld world;
  world.tree().AddFile("/Work/file.txt", "x");
  const std::string id = world.tree().AddFolder("/Other");
  const rules::RuleSet rules = Read(
      R"([{"query":"a","options":{"path":"/work"}},{"query":"a","options":{"path":"/Nowhere"}},)"
      R"({"query":"a","options":{"path":"/Work/file.txt"}},{"query":"a"},)"
      R"({"query":"c","options":{"path":"/"}},{"query":"a","options":{"path":")" +
      id + R"("}},{"query":"b","options":{"path":"ns:1"}}])");
  for (const bool preview : {false, true}) {
    const auto review = ReviewOf(world, rules, preview);
    REQUIRE(review);
    CHECK(review->wrong_folders == Paths{"", "Dropbox has no folder /Nowhere",
                                         "/Work/file.txt is a file in Dropbox, not a folder", "",
                                         "", "", ""});
    CHECK_FALSE(review->FoldersAreRight());
    CHECK_FALSE(review->preview);
  }
  CHECK(world.simulator.Count("files/search_v2") == 0);
  CHECK(world.simulator.Count("files/list_folder") == 0);
}

TEST_CASE("a preview shows what each rule includes and excludes") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    sim::Options options;
    options.seed = seed;
    options.default_page_size = 2;
    if (seed > 0) options.style = sim::Style::Nasty();
    dropbox::DropboxWorld world(options);
    world.tree().AddFile("/Report.txt", "x");
    world.tree().AddFile("/report.tmp", "x");
    world.tree().AddFile("/letter.txt", "an invoice");
    world.tree().AddFile("/report.md", "an invoice");
    world.tree().AddFile("/other.txt", "x");
    const auto review =
        ReviewOf(world,
                 Read(R"({"rules":[{"id":"1","policy":"exclude","field":"name","rule":)"
                      R"("ends_with","value":".tmp","order":1},{"id":"2","policy":"include",)"
                      R"("field":"name","rule":"starts_with","value":"letter","order":2},)"
                      R"({"id":"3","policy":"include","field":"name","rule":"equals",)"
                      R"("value":"none","order":3}],"advanced_snippet":{"value":[)"
                      R"({"query":"report"},{"query":"invoice"}]}})"),
                 true);
    REQUIRE(review);
    REQUIRE(review->preview);
    const RulePreview& preview = *review->preview;
    CHECK(preview.entries == 5);
    CHECK(preview.included == 3);
    CHECK(preview.excluded == 2);
    const std::vector<Share> expected = {
        {"/advanced_snippet/value/0", Effect::kFinds, {"/Report.txt", "/report.md", "/report.tmp"}},
        {"/advanced_snippet/value/1", Effect::kFinds, {"/letter.txt", "/report.md"}},
        {"", Effect::kExcludes, {"/other.txt"}},
        {"/rules/0", Effect::kExcludes, {"/report.tmp"}},
        {"/rules/1", Effect::kIncludes, {"/letter.txt"}},
        {"/rules/2", Effect::kIncludes, {}},
        {"", Effect::kIncludes, {"/Report.txt", "/report.md"}}};
    CHECK(SharesOf(preview) == expected);
  }
}

TEST_CASE("a preview shows what patterns leave out before the rules are asked") {
  dropbox::DropboxWorld world;
  world.config.sync.include = {"*.txt", "*.tmp"};
  world.config.sync.exclude = {"/unused", "*.tmp"};
  world.tree().AddFile("/a.txt", "x");
  world.tree().AddFile("/b.txt", "x");
  world.tree().AddFile("/a.tmp", "x");
  world.tree().AddFile("/c.pdf", "x");
  const auto review = ReviewOf(
      world,
      Read(R"([{"id":"1","policy":"exclude","field":"name","rule":"starts_with","value":"a",)"
           R"("order":1}])"),
      true);
  REQUIRE(review);
  REQUIRE(review->preview);
  const std::vector<Share> expected = {{"", Effect::kExcludes, {"/c.pdf"}},
                                       {"", Effect::kExcludes, {"/a.tmp"}},
                                       {"/0", Effect::kExcludes, {"/a.txt"}},
                                       {"", Effect::kIncludes, {"/b.txt"}}};
  CHECK(SharesOf(*review->preview) == expected);
  CHECK(review->preview->shares[0].rule == "no pattern of sync.include");
  CHECK(review->preview->shares[1].rule == "sync.exclude *.tmp");
  CHECK(review->preview->excluded == 3);
}

TEST_CASE("without advanced rules nothing is searched, and DEFAULT decides about the rest") {
  dropbox::DropboxWorld world;
  world.tree().AddFile("/a.txt", "x");
  world.tree().AddFile("/b.pdf", "x");
  const auto review = ReviewOf(
      world,
      Read(R"([{"id":"1","policy":"include","field":"extension","rule":"equals","value":"pdf",)"
           R"("order":1},{"id":"DEFAULT","policy":"exclude","field":"_","rule":"regex",)"
           R"("value":".*","order":0}])"),
      true);
  REQUIRE(review);
  REQUIRE(review->preview);
  const std::vector<Share> expected = {{"/0", Effect::kIncludes, {"/b.pdf"}},
                                       {"", Effect::kExcludes, {"/a.txt"}}};
  CHECK(SharesOf(*review->preview) == expected);
  CHECK(world.simulator.Count("files/search_v2") == 0);
}

TEST_CASE("long lists are cut, and counted all the same") {
  RuleShare share;
  for (int i = 0; i < 1500; ++i) share.Add("/" + std::to_string(i));
  CHECK(share.count == 1500);
  CHECK(share.paths.size() == RuleShare::kMostListed);
}

}  // namespace dbxes::check
