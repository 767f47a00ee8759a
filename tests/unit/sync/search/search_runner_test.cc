// SPDX-License-Identifier: Apache-2.0
#include "sync/search/search_runner.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/hash.h"
#include "dropbox/dropbox_world.h"

namespace dbxes::sync {
namespace {

struct Outcome {
  std::set<std::string> paths;
  std::size_t unknown = 0;
  std::vector<std::string> unfinished;
};

Outcome RunRule(dropbox::DropboxWorld& world, const rules::AdvancedRule& rule) {
  Outcome outcome;
  SearchRunner runner(world.loop, world.client(), [&](const dropbox::SearchMatch& match) {
    outcome.paths.insert(match.path_lower);
  });
  const auto done = runner.Run(rule, rule.path);
  REQUIRE_MESSAGE(done, done.error().ToLine());
  std::size_t wrong = 0;
  for (const sim::LiveItem& item : world.tree().Snapshot()) {
    const bool found = outcome.paths.count(item.path_lower) > 0;
    if (runner.IsFound(Hash64(item.id)) != found) ++wrong;
    if (runner.IsUnknown(Hash64(item.id))) ++outcome.unknown;
  }
  CHECK(wrong == 0);
  outcome.unfinished = runner.unfinished();
  return outcome;
}

rules::AdvancedRule Rule(const std::string& query) {
  rules::AdvancedRule rule;
  rule.query = query;
  return rule;
}

void AddMany(dropbox::DropboxWorld& world, const std::string& folder, const std::string& ending,
             int count) {
  for (int i = 0; i < count; ++i) {
    world.tree().AddSyntheticFile(folder + "/hit " + std::to_string(i) + ending, 0, 1);
  }
}

std::uint64_t Searches(const dropbox::DropboxWorld& world) {
  return world.Requests("files/search_v2").size();
}

}  // namespace

TEST_CASE("a search below the limit is one search") {
  dropbox::DropboxWorld world;
  AddMany(world, "/a", ".txt", 2500);
  AddMany(world, "/b", ".pdf", 10);
  const Outcome outcome = RunRule(world, Rule("hit"));
  CHECK(outcome.paths.size() == 2510);
  CHECK(outcome.unfinished.empty());
  CHECK(Searches(world) == 1);
  CHECK(world.Requests("files/search/continue_v2").size() == 2);
  CHECK(world.Requests("files/list_folder").empty());
}

TEST_CASE("a search that hits the limit is split by category") {
  dropbox::DropboxWorld world;
  AddMany(world, "/a", ".png", 6000);
  AddMany(world, "/a", ".mp3", 6000);
  const Outcome outcome = RunRule(world, Rule("hit"));
  CHECK(outcome.paths.size() == 12'000);
  CHECK(outcome.unfinished.empty());
  CHECK(outcome.unknown == 0);
  CHECK(Searches(world) == 11);
}

TEST_CASE("a search for several extensions is split into them") {
  dropbox::DropboxWorld world;
  AddMany(world, "/a", ".png", 6000);
  AddMany(world, "/a", ".jpg", 6000);
  AddMany(world, "/a", ".gif", 100);
  rules::AdvancedRule rule = Rule("hit");
  rule.file_extensions = {"png", "jpg"};
  const Outcome outcome = RunRule(world, rule);
  CHECK(outcome.paths.size() == 12'000);
  CHECK(outcome.unfinished.empty());
  CHECK(Searches(world) == 3);
}

TEST_CASE("a search of one kind is split by folder, again and again") {
  dropbox::DropboxWorld world;
  AddMany(world, "/a/one", ".png", 6000);
  AddMany(world, "/a/two", ".png", 6000);
  AddMany(world, "/b", ".png", 3000);
  world.tree().AddFile("/other.txt", "");
  rules::AdvancedRule rule = Rule("hit");
  rule.file_extensions = {"png"};
  const Outcome outcome = RunRule(world, rule);
  CHECK(outcome.paths.size() == 15'000);
  CHECK(outcome.unfinished.empty());
  CHECK(outcome.unknown == 0);
  for (const FakeRequest& request : world.Requests("files/list_folder")) {
    CHECK(request.body.find("\"recursive\":true") == std::string::npos);
  }
}

TEST_CASE("what no search finishes is unknown, and nothing else is") {
  dropbox::DropboxWorld world;
  AddMany(world, "/flat", ".png", 20'500);
  AddMany(world, "/flat", ".txt", 5);
  AddMany(world, "/flat/deep", ".png", 5);
  rules::AdvancedRule rule = Rule("hit");
  rule.file_extensions = {"png"};
  const Outcome outcome = RunRule(world, rule);
  REQUIRE(outcome.unfinished.size() == 1);
  CHECK(outcome.unfinished.front().find("the search for \"hit\" in /flat: ") == 0);
  CHECK(outcome.paths.size() >= 10'000);
  CHECK(outcome.unknown == 20'505 - outcome.paths.size());
  for (int i = 0; i < 5; ++i) {
    CHECK(outcome.paths.count("/flat/deep/hit " + std::to_string(i) + ".png") == 1);
  }
}

TEST_CASE("what the other order shows is found, too") {
  dropbox::DropboxWorld world;
  for (int i = 0; i < 12'000; ++i) {
    sim::FileOptions options;
    options.server_modified_s = 1'700'000'000 + i;
    world.tree().AddSyntheticFile("/flat/hit " + std::to_string(100'000 + i) + ".png", 0, 1,
                                  options);
  }
  rules::AdvancedRule rule = Rule("hit");
  rule.file_extensions = {"png"};
  const Outcome outcome = RunRule(world, rule);
  CHECK(outcome.paths.size() == 12'000);
  CHECK(outcome.unfinished.empty());
  CHECK(outcome.unknown == 0);
}

TEST_CASE("a path that does not exist is reported") {
  dropbox::DropboxWorld world;
  SearchRunner runner(world.loop, world.client(), [](const dropbox::SearchMatch&) {});
  const auto done = runner.Run(Rule("hit"), "/nowhere");
  REQUIRE(!done);
  CHECK(done.error().kind == ErrorKind::kNotFound);
}

}  // namespace dbxes::sync
