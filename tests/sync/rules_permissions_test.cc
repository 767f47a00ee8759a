// SPDX-License-Identifier: Apache-2.0
// Sync rules together with document level security: nobody is asked about what is left out, and
// what is still in the index keeps the right readers.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sync/rules_world.h"
#include "sync/secure_world.h"

namespace dbxes::sync {
namespace {

using sim::MemberKind;

std::uint64_t SharingRequests(SecureWorld& world) {
  auto& dropbox = world.dropbox();
  return dropbox.Count("sharing/list_folder_members") + dropbox.Count("sharing/list_file_members") +
         dropbox.Count("sharing/list_file_members/batch");
}

}  // namespace

TEST_CASE("nobody is asked who may see what rules leave out") {
  SecureWorld world;
  world.tree().AddFile("/s/a.txt", "a");
  world.tree().AddFile("/own.txt", "a");
  const std::string bob = world.AddPerson("bob");
  world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  world.tree().shares().SetExplicitMembers("/own.txt", {{MemberKind::kUser, bob, "viewer"}});
  world.tree().shares().AddReceivedFile("received.txt", "r");
  SetRules(world, R"([{"id":"DEFAULT","policy":"exclude","field":"_","rule":"regex","value":".*",)"
                  R"("order":1}])");
  REQUIRE(world.Full().message == "");
  world.tree().AddFile("/s/b.txt", "b");
  REQUIRE(world.Incremental().message == "");
  REQUIRE(world.Run(SyncMode::kAccessControl).message == "");
  CHECK(Indexed(world).empty());
  CHECK(SharingRequests(world) == 0);
}

TEST_CASE("what rules leave out but could not yet delete keeps the right readers") {
  SecureWorld world;
  for (int i = 0; i < 150; ++i) world.tree().AddFile("/s/" + std::to_string(i), "x");
  const std::string bob = world.AddPerson("bob");
  const std::string folder = world.Share("/s", {{MemberKind::kUser, bob, "viewer"}});
  REQUIRE(world.Full().message == "");
  Exclude(world, "type", "equals", "File");
  REQUIRE(world.Full().exit_code == ExitCode::kSafetyStop);
  world.SetMembers(folder, {});
  REQUIRE(world.Run(SyncMode::kAccessControl).message == "");
  CHECK(Indexed(world).size() == 151);
  for (const auto& [id, source] : world.elastic.Documents("docs")) {
    CHECK(source.find(bob) == std::string::npos);
  }
}

}  // namespace dbxes::sync
