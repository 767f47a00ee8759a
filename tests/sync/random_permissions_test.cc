// SPDX-License-Identifier: Apache-2.0
// Random trees with random members: after acl-sync everybody sees what they may, and whatever fails
// while files come and go, nobody sees more.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "support/permission_oracle.h"
#include "support/random_changes.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;

constexpr const char* kRoutes[] = {
    "sharing/list_folder_members",     "sharing/list_folders",
    "sharing/get_folder_metadata",     "sharing/list_folder_members/continue",
    "sharing/list_file_members/batch", "sharing/list_file_members/continue",
    "sharing/list_shared_links",
};

class RandomPermissions {
 public:
  RandomPermissions(sim::Tree& tree, std::uint64_t seed) : tree_(tree), random_(seed) {
    for (int i = 0; i < 6; ++i) {
      sim::Account account;
      account.given_name = fmt::format("p{}", i);
      account.email = fmt::format("p{}@example.com", i);
      account.same_team = i != 5;
      people_.push_back(tree.people().AddAccount(account));
    }
    for (int i = 0; i < 3; ++i)
      groups_.push_back(tree.people().AddGroup(fmt::format("g{}", i), Some(people_)));
  }

  // Other members for about every second folder and every fourth file, other people in groups.
  void Shuffle() {
    for (const sim::LiveItem& item : tree_.Snapshot(tree_.people().primary())) {
      if (!item.shared_folder_id.empty() && Draw(2) == 0) ShuffleFolder(item.shared_folder_id);
      // The simulator keeps the members of a received file with the file itself, mounted or not.
      if (item.kind == sim::Kind::kFile && Draw(4) == 0 && !IsReceived(item.id)) {
        tree_.shares().SetExplicitMembers(item.id,
                                          Draw(2) == 0 ? Members() : std::vector<sim::Member>());
      }
    }
    ShuffleLinks();
    tree_.people().group(groups_[Draw(groups_.size())]).account_ids = Some(people_);
    tree_.people().account(people_[Draw(people_.size())]).status =
        Draw(3) == 0 ? "suspended" : "active";
  }

  std::size_t Draw(std::size_t below) { return random_() % below; }

 private:
  bool IsReceived(const std::string& id) const {
    const auto& files = tree_.shares().received_files();
    return std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.id == id; });
  }

  void ShuffleLinks() {
    constexpr const char* kAudiences[] = {"public", "team", "no_one", "members", "new_to_us"};
    while (!tree_.shares().links().empty()) {
      const std::string url = tree_.shares().links().front().url;
      tree_.shares().RevokeSharedLink(url);
    }
    for (const sim::LiveItem& item : tree_.Snapshot()) {
      if (Draw(8) != 0) continue;
      sim::SharedLink link;
      link.audience = kAudiences[Draw(std::size(kAudiences))];
      link.require_password = Draw(6) == 0;
      tree_.shares().AddSharedLink(item.path_lower, link);
    }
  }

  void ShuffleFolder(const std::string& id) {
    std::vector<sim::Member> members = Members();
    members.push_back({MemberKind::kUser, tree_.people().primary().account_id, "owner"});
    tree_.folders().SetMembers(id, members);
    tree_.folders().SetInheritance(id, Draw(3) != 0);
  }

  std::vector<std::string> Some(const std::vector<std::string>& all) {
    std::vector<std::string> some;
    for (const std::string& one : all) {
      if (Draw(2) == 0) some.push_back(one);
    }
    return some;
  }

  std::string Access() {
    constexpr const char* kAccess[] = {"editor",   "viewer",    "viewer_no_comment",
                                       "traverse", "no_access", "new_to_us"};
    return kAccess[Draw(std::size(kAccess))];
  }

  std::vector<sim::Member> Members() {
    std::vector<sim::Member> members;
    for (const std::string& person : Some(people_)) {
      members.push_back({MemberKind::kUser, person, Access()});
    }
    for (const std::string& group : Some(groups_)) {
      members.push_back({MemberKind::kGroup, group, Access()});
    }
    for (std::size_t i = Draw(30); i > 0; --i) {
      members.push_back({MemberKind::kInvitee, fmt::format("pending{}@example.org", i), "viewer"});
    }
    return members;
  }

  sim::Tree& tree_;
  std::mt19937_64 random_;
  std::vector<std::string> people_;
  std::vector<std::string> groups_;
};

sim::Options OptionsFor(std::uint64_t seed) {
  sim::Options options;
  options.seed = seed;
  options.default_page_size = 9;
  options.tokens.team_token = seed % 2 == 0;
  options.old_batch_limit = seed % 5 == 0;
  options.style = seed % 3 == 0 ? sim::Style::Plain() : sim::Style::Nasty();
  options.style.display_case = false;
  return options;
}

struct RandomWorld : SecureWorld {
  explicit RandomWorld(std::uint64_t seed) : SecureWorld(OptionsFor(seed)) {
    config.dropbox.include_link_visibility = seed % 4 > 1;
    config.sync.max_delete.automatic = false;
    config.sync.max_delete.unlimited = true;
    config.sync.give_up_after = std::chrono::seconds(20);
  }
  std::string Acl() { return Run(SyncMode::kAccessControl).message; }
};

// With a tree whose files and folders have members, all of it in the index.
struct PlantedWorld : RandomWorld {
  explicit PlantedWorld(std::uint64_t seed)
      : RandomWorld(seed), permissions(tree(), seed), changes(tree(), seed) {
    changes.Plant(40);
    permissions.Shuffle();
    REQUIRE(Full().message == "");
  }

  RandomPermissions permissions;
  RandomChanges changes;
};

}  // namespace

TEST_CASE("permissions follow random changes of trees and members") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    PlantedWorld world(seed);
    REQUIRE(PermissionDifference(world) == "");
    for (int round = 0; round < 5; ++round) {
      CAPTURE(round);
      world.changes.Change(static_cast<int>(world.permissions.Draw(6)));
      world.permissions.Shuffle();
      REQUIRE(world.Incremental().message == "");
      REQUIRE(world.Acl() == "");
      REQUIRE(PermissionDifference(world) == "");
      REQUIRE(world.Difference() == "");
    }
    world.elastic.ClearBooks();
    REQUIRE(world.Full().message == "");
    CHECK(world.elastic.writes().empty());
    CHECK(world.dropbox().Violations() == std::vector<std::string>());
  }
}

TEST_CASE("what moves is read by those who may read it where it is, before any acl-sync") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    PlantedWorld world(seed);
    for (int round = 0; round < 8; ++round) {
      CAPTURE(round);
      world.changes.Change(1 + static_cast<int>(world.permissions.Draw(6)));
      REQUIRE(world.Incremental().message == "");
      REQUIRE(PermissionDifference(world) == "");
    }
  }
}

TEST_CASE("whatever fails while files come and go, nobody sees more") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    PlantedWorld world(seed);
    for (int round = 0; round < 4; ++round) {
      CAPTURE(round);
      // New members come along with new failures; whom a stored list still names may have gone.
      world.changes.Change(1 + static_cast<int>(world.permissions.Draw(6)));
      const char* route = kRoutes[world.permissions.Draw(std::size(kRoutes))];
      sim::Fault fault = world.permissions.Draw(2) == 0 ? sim::Fault::Status(route, 500)
                                                        : sim::Fault::EndpointError(route, "other");
      world.dropbox().Inject(std::move(fault).Every(1 + world.permissions.Draw(3)).Times(0));
      world.Incremental();
      REQUIRE(Leaks(world) == "");
      world.Acl();
      REQUIRE(Leaks(world) == "");
      world.dropbox().faults().Clear();
      REQUIRE(world.Incremental().message == "");
      REQUIRE(world.Acl() == "");
      REQUIRE(PermissionDifference(world) == "");
    }
  }
}

}  // namespace dbxes::sync
