// SPDX-License-Identifier: Apache-2.0
// Teams: the layouts, migration from one to the next while a client runs, and the event log.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

// A team of two with a team folder. The client is the first of them.
struct Team {
  explicit Team(Options options = {}) : client(std::move(options)) {
    Tree& tree = client.tree();
    tree.people().MakeTeam("Example Ltd");
    Account colleague;
    colleague.given_name = "Bo";
    ana = tree.people().primary().account_id;
    bo = tree.people().AddAccount(colleague);
    tree.folders().AddTeamFolder("Everybody");
    tree.AddFile("/Everybody/ours.txt", "x");
    tree.AddFile("/mine.txt", "x");
    tree.AddFile(HomeOf(bo) + "/his.txt", "x");
  }
  std::string HomeOf(const std::string& id) {
    return "ns:" + client.tree().items().ns(client.tree().people().account(id).home).id;
  }
  std::string RootOf(const std::string& id) {
    return client.tree().items().ns(client.tree().people().account(id).root).id;
  }
  Answer List(const std::string& root) {
    return client.Call("files/list_folder", R"({"path":"","recursive":true})", Rooted(root));
  }
  static Headers Rooted(const std::string& root) {
    return {{"Dropbox-API-Path-Root", R"({".tag":"root","root":")" + root + "\"}"}};
  }
  static std::set<std::string> Paths(const Answer& page) {
    std::set<std::string> paths;
    for (const auto& entry : page.json["entries"].GetArray())
      paths.insert(entry["path_lower"].GetString());
    return paths;
  }
  Client client;
  std::string ana;
  std::string bo;
};

using Paths = std::set<std::string>;

TEST_CASE("one root for all: each sees the team folders and no home but the own") {
  Team team;
  Tree& tree = team.client.tree();
  tree.folders().ChangeRoot(team.ana, RootLayout::kSharedRoot);
  tree.folders().ChangeRoot(team.bo, RootLayout::kSharedRoot);
  const std::string root = team.RootOf(team.ana);
  CHECK(root == team.RootOf(team.bo));
  const Paths seen = {"/ana diaz", "/ana diaz/mine.txt", "/everybody", "/everybody/ours.txt"};
  CHECK(Team::Paths(team.List(root)) == seen);
  CHECK(tree.Snapshot(tree.people().primary()).size() == seen.size());
  for (const char* path : {"/Bo", "/bo/his.txt"}) {
    const std::string argument = std::string(R"({"path":")") + path + "\"}";
    CHECK(team.client.Call("files/get_metadata", argument, Team::Rooted(root)).Error() ==
          "path/not_found");
    CHECK(team.client.Call("files/list_folder", argument, Team::Rooted(root)).Error() ==
          "path/not_found");
  }
  const Answer found =
      team.client.Call("files/search_v2", R"({"query":"his"})", Team::Rooted(root));
  CHECK(found.json["matches"].Size() == 0);

  std::string cursor = team.List(root).Get("cursor");
  tree.AddFile(team.HomeOf(team.bo) + "/secret.txt", "x");
  const std::string argument = R"({"cursor":")" + cursor + "\"}";
  const Answer quiet = team.client.Call("files/list_folder/continue", argument, Team::Rooted(root));
  CHECK(Team::Paths(quiet).empty());
  CHECK(team.List("1").json["error"]["invalid_root"][".tag"].GetString() == std::string("team"));
}

TEST_CASE("an own root, which the tag need not show") {
  for (const std::string tag : {"team", "user"}) {
    CAPTURE(tag);
    Team team;
    team.client.tree().folders().ChangeRoot(team.ana, RootLayout::kOwnRoot, tag);
    const Answer account = team.client.Call("users/get_current_account", "null");
    const auto& info = account.json["root_info"];
    CHECK(info[".tag"].GetString() == tag);
    CHECK(info["home_path"].GetString() == std::string("/Ana Diaz"));
    CHECK(info["root_namespace_id"] != info["home_namespace_id"]);
    const Paths seen = {"/ana diaz", "/ana diaz/mine.txt", "/everybody", "/everybody/ours.txt"};
    CHECK(Team::Paths(team.List(info["root_namespace_id"].GetString())) == seen);
    const Answer home = team.client.Call("files/list_folder", R"({"path":"","recursive":true})");
    CHECK(Team::Paths(home) == Paths{"/mine.txt"});
    const Answer refused = team.List("1");
    CHECK(refused.status == 422);
    CHECK(refused.json["error"]["invalid_root"][".tag"].GetString() == tag);
  }
}

TEST_CASE(
    "migration in the middle of a run: the old root is invalid, and the answer names the new") {
  const std::vector<RootLayout> layouts = {RootLayout::kHome, RootLayout::kSharedRoot,
                                           RootLayout::kOwnRoot};
  for (const RootLayout from : layouts) {
    for (const RootLayout to : layouts) {
      if (from == to) continue;
      CAPTURE(static_cast<int>(from));
      CAPTURE(static_cast<int>(to));
      Team team;
      Tree& tree = team.client.tree();
      tree.folders().ChangeRoot(team.ana, from);
      const std::string old_root = team.RootOf(team.ana);
      const std::string cursor = team.List(old_root).Get("cursor");
      const std::string argument = R"({"cursor":")" + cursor + "\"}";
      CHECK(
          team.client.Call("files/list_folder/continue", argument, Team::Rooted(old_root)).status ==
          200);
      tree.folders().ChangeRoot(team.ana, to);
      const Answer refused =
          team.client.Call("files/list_folder/continue", argument, Team::Rooted(old_root));
      CHECK(refused.status == 422);
      CHECK(refused.Error() ==
            "invalid_root/" + std::string(to == RootLayout::kHome ? "user" : "team"));
      const std::string new_root =
          refused.json["error"]["invalid_root"]["root_namespace_id"].GetString();
      CHECK(new_root == team.RootOf(team.ana));
      Paths seen = {"/everybody", "/everybody/ours.txt"};
      const std::string home = to == RootLayout::kHome ? "" : "/ana diaz";
      seen.insert(home + "/mine.txt");
      if (!home.empty()) seen.insert(home);
      CHECK(Team::Paths(team.List(new_root)) == seen);
    }
  }
}

TEST_CASE("who keeps the old root sees it as before") {
  Team team;
  Tree& tree = team.client.tree();
  tree.folders().ChangeRoot(team.ana, RootLayout::kSharedRoot);
  tree.folders().ChangeRoot(team.bo, RootLayout::kSharedRoot);
  tree.folders().ChangeRoot(team.ana, RootLayout::kOwnRoot);
  const auto seen = tree.Snapshot(tree.people().account(team.bo));
  CHECK(seen.size() == 4);  // home, his.txt, Everybody, ours.txt
  const Headers by_id = {{"Dropbox-API-Path-Root", R"({".tag":"namespace_id","namespace_id":")" +
                                                       team.RootOf(team.bo) + "\"}"}};
  CHECK(team.client.Call("files/list_folder", R"({"path":""})", by_id).Error() == "no_permission");
}

TEST_CASE("a home listing follows team folders out of the home and back") {
  Team team;
  Tree& tree = team.client.tree();
  std::string cursor;
  team.client.Apply(team.client.List(&cursor));
  CHECK(team.client.PictureIsRight());
  for (const RootLayout layout : {RootLayout::kOwnRoot, RootLayout::kHome, RootLayout::kSharedRoot,
                                  RootLayout::kOwnRoot, RootLayout::kHome}) {
    tree.folders().ChangeRoot(team.ana, layout);
    team.client.Apply(team.client.Drain(&cursor));
    CHECK(team.client.PictureIsRight());
  }
}

Options TeamToken() {
  Options options;
  options.tokens.team_token = true;
  return options;
}

TEST_CASE("a shared root is the one team folder, and no member's namespace") {
  Team team(TeamToken());
  Tree& tree = team.client.tree();
  CHECK(team.client.Call("team/team_folder/list", "{}").json["team_folders"].Size() == 1);
  tree.folders().AddTeamFolder("Sales");
  CHECK(team.client.Call("team/team_folder/list", "{}").json["team_folders"].Size() == 2);
  tree.folders().ChangeRoot(team.ana, RootLayout::kSharedRoot);
  const Answer folders = team.client.Call("team/team_folder/list", "{}");
  REQUIRE(folders.json["team_folders"].Size() == 1);
  CHECK(folders.json["team_folders"][0]["is_team_shared_dropbox"].GetBool());
  CHECK(folders.json["team_folders"][0]["team_folder_id"].GetString() == team.RootOf(team.ana));
  const Answer spaces = team.client.Call("team/namespaces/list", "{}");
  std::map<std::string, std::string> types;
  for (const auto& space : spaces.json["namespaces"].GetArray())
    types[space["namespace_id"].GetString()] = space["namespace_type"][".tag"].GetString();
  CHECK(types.at(team.RootOf(team.ana)) == "team_folder");
}

// Types of all events from a first argument on, with the last cursor.
std::vector<std::string> Events(Client& client, const std::string& argument, std::string* cursor) {
  std::vector<std::string> types;
  Answer page = client.Call("team_log/get_events", argument);
  for (;;) {
    REQUIRE(page.status == 200);
    for (const auto& event : page.json["events"].GetArray()) {
      const std::string type = event["event_type"][".tag"].GetString();
      CHECK(event["details"][".tag"].GetString() == type + "_details");
      types.push_back(type);
    }
    *cursor = page.Get("cursor");
    if (!page.json["has_more"].GetBool()) return types;
    page = client.Call("team_log/get_events/continue", R"({"cursor":")" + *cursor + "\"}");
  }
}

TEST_CASE("the event log has changes of sharing, groups and people") {
  Team team(TeamToken());
  Tree& tree = team.client.tree();
  std::string cursor;
  Events(team.client, "{}", &cursor);
  const std::string poll = R"({"cursor":")" + cursor + "\"}";
  CHECK(team.client.Call("team_log/get_events/continue", poll).json["events"].Size() == 0);

  team.client.Advance(5000);
  tree.AddFolder("/Shared");
  const std::string shared = tree.folders().ShareFolder("/Shared");
  tree.folders().SetMembers(shared, {{MemberKind::kUser, team.ana, "owner", false},
                                     {MemberKind::kUser, team.bo, "viewer", false}});
  tree.folders().SetMembers(shared, {{MemberKind::kUser, team.ana, "editor", false}});
  tree.folders().SetInheritance(shared, false);
  tree.people().RemoveGroup(tree.people().AddGroup("Sales", {team.bo}));
  const Answer news = team.client.Call("team_log/get_events/continue", poll);
  std::vector<std::string> types;
  for (const auto& event : news.json["events"].GetArray())
    types.emplace_back(event["event_type"][".tag"].GetString());
  CHECK(types == std::vector<std::string>{"shared_folder_create", "shared_content_add_member",
                                          "shared_content_change_member_role",
                                          "shared_content_remove_member",
                                          "shared_folder_change_members_inheritance_policy",
                                          "group_create", "group_delete"});
  const auto& asset = news.json["events"][1]["assets"][0];
  CHECK(asset["path"]["namespace_relative"]["ns_id"].GetString() == shared);

  std::string end;
  CHECK(Events(team.client, R"({"category":"groups"})", &end).size() == 2);
  CHECK(Events(team.client, R"({"event_type":{".tag":"group_create"}})", &end).size() == 1);
  const std::string start = news.json["events"][0]["timestamp"].GetString();
  CHECK(Events(team.client, R"({"time":{"start_time":")" + start + "\"}}", &end).size() == 7);
  const std::size_t earlier =
      Events(team.client, R"({"time":{"end_time":")" + start + "\"}}", &end).size();
  CHECK(earlier + 7 == Events(team.client, "{}", &end).size());
}

TEST_CASE("the event log refuses what makes no sense") {
  Team team(TeamToken());
  const auto error = [&](const char* argument) {
    return team.client.Call("team_log/get_events", argument).Error();
  };
  CHECK(error(R"({"category":"groups","event_type":"group_create"})") == "invalid_filters");
  CHECK(
      error(
          R"({"time":{"start_time":"2026-02-01T00:00:00Z","end_time":"2026-01-01T00:00:00Z"}})") ==
      "invalid_time_range");
  CHECK(error(R"({"account_id":"dbid:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})") ==
        "account_id_not_found");
  for (const char* wrong :
       {R"({"limit":0})", R"({"limit":1001})", R"({"category":"weather"})", R"({"times":{}})",
        R"({"time":{"start_time":"yesterday"}})", R"({"time":{"start":"2026-01-01T00:00:00Z"}})"}) {
    CAPTURE(wrong);
    CHECK(team.client.Call("team_log/get_events", wrong).status == 400);
  }
  CHECK(team.client.Call("team_log/get_events/continue", R"({"cursor":"AAF"})").Error() ==
        "bad_cursor");
  const Answer groups = team.client.Call("team/groups/list", "{}");
  CHECK(team.client
            .Call("team_log/get_events/continue", R"({"cursor":")" + groups.Get("cursor") + "\"}")
            .Error() == "bad_cursor");
  team.client.sim().tokens().SetScopes(0, "team_info.read");
  CHECK(team.client.Call("team_log/get_events", "{}").Error() == "missing_scope");
  Client user;
  CHECK(user.Call("team_log/get_events", "{}").status == 400);
}

TEST_CASE("cursors of the event log are reset with a time to continue from") {
  Team team(TeamToken());
  team.client.tree().people().AddGroup("First", {});
  const Answer page = team.client.Call("team_log/get_events", "{}");
  const auto& events = page.json["events"];
  const std::string last = events[events.Size() - 1]["timestamp"].GetString();
  team.client.Advance(60000);
  team.client.tree().people().AddGroup("Second", {});
  team.client.sim().ResetCursors();
  const std::string argument = R"({"cursor":")" + page.Get("cursor") + "\"}";
  const Answer reset = team.client.Call("team_log/get_events/continue", argument);
  CHECK(reset.status == 409);
  CHECK(reset.json["error"][".tag"].GetString() == std::string("reset"));
  CHECK(reset.json["error"]["reset"].GetString() == last);
  std::string cursor;
  const std::string again = R"({"time":{"start_time":")" + last + "\"}}";
  CHECK(Events(team.client, again, &cursor).back() == "group_create");
  CHECK(
      team.client.Call("team_log/get_events/continue", R"({"cursor":")" + cursor + "\"}").status ==
      200);
}

TEST_CASE("on a nasty day events come unsorted and twice, on short and empty pages, but all come") {
  int unsorted = 0;
  int empty = 0;
  std::size_t repeated = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Options options = TeamToken();
    options.seed = seed;
    options.style = Style::Nasty();
    Team team(options);
    Tree& tree = team.client.tree();
    std::multiset<std::string> truth;
    for (int i = 0; i < 30; ++i) {
      team.client.Advance(1000);
      truth.insert(tree.people().AddGroup("Group " + std::to_string(i), {}));
    }
    std::set<std::string> times;
    std::size_t sent = 0;
    std::string before;
    Answer page = team.client.Call("team_log/get_events", R"({"category":"groups","limit":7})");
    for (;;) {
      REQUIRE(page.status == 200);
      empty += page.json["events"].Size() == 0 && page.json["has_more"].GetBool() ? 1 : 0;
      for (const auto& event : page.json["events"].GetArray()) {
        const std::string time = event["timestamp"].GetString();
        unsorted += time < before ? 1 : 0;
        before = time;
        times.insert(time);
        ++sent;
      }
      if (!page.json["has_more"].GetBool()) break;
      page = team.client.Call("team_log/get_events/continue",
                              R"({"cursor":")" + page.Get("cursor") + "\"}");
    }
    CHECK_MESSAGE(times.size() == truth.size(), "one event a second");
    repeated += sent - times.size();
  }
  CHECK(unsorted > 0);
  CHECK(empty > 0);
  CHECK(repeated > 0);
}

}  // namespace
}  // namespace dbxes::sim
