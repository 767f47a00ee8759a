// SPDX-License-Identifier: Apache-2.0
#include "sync/access/access.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "dropbox/dropbox_world.h"
#include "elastic/bulk_writer.h"
#include "support/memory_file_system.h"
#include "support/sync_world.h"
#include "unit/elastic/world.h"

namespace dbxes::sync {
namespace {

// A folder that Ann shares with Bob, and an index with a document of it.
struct AccessWorld {
  AccessWorld() {
    const std::string ann = dropbox.tree().people().primary().account_id;
    sim::Account bob;
    bob.given_name = "Bob";
    bob.email = "bob@example.com";
    bob_id = dropbox.tree().people().AddAccount(bob);
    dropbox.tree().AddFolder("/s");
    folder = dropbox.tree().folders().ShareFolder("/s");
    dropbox.tree().folders().SetMembers(folder,
                                        {{sim::MemberKind::kUser, ann, "owner", false},
                                         {sim::MemberKind::kUser, bob_id, "viewer", false}});
    auto account = dropbox.client().DiscoverAccount();
    REQUIRE(account);
    dropbox.client().ActAs(*account);
    index.elastic.CreateIndex("docs", R"({"properties":{"id":{"type":"keyword"}}})");
    index.elastic.Put(
        "docs", "id:a",
        fmt::format(R"({{"id":"id:a","path_lower":"/s/a","rev":"1",)"
                    R"("shared_folder_id":"{}","permissions_fingerprint":"0000000000000abc"}})",
                    folder));
    access.Begin(*account);
  }
  // As earlier runs left it: the documents of the folder have the list `before`.
  void Change(std::uint64_t before, std::uint64_t now) {
    table.Settle(folder, before);
    table.Note(folder, now);
    REQUIRE(table.HasUnsettled());
  }
  Result<void> Settle() { return access.Settle({index.client, "docs", "id"}, sink); }
  std::string Document() const { return index.elastic.Source("docs", "id:a").value_or(""); }

  dropbox::DropboxWorld dropbox;
  elastic::World index;
  MemoryFileSystem files;
  RecordingReporter reporter;
  checkpoint::PermissionTable table;
  checkpoint::FailuresFile failures{files, dropbox.clock, ""};
  elastic::BulkWriter sink{
      index.client, {.index = "docs", .pipeline = ""}, [](const report::FailedDocument&) {}};
  std::string bob_id;
  std::string folder;
  Access access{dropbox.client(), {}, table, failures, reporter};
};

}  // namespace

TEST_CASE("a list that changed is written to the documents of its folder") {
  AccessWorld world;
  world.Change(0xabc, 0xdef);
  REQUIRE(world.Settle());
  CHECK(world.Document().find(world.bob_id) != std::string::npos);
  CHECK_FALSE(world.table.HasUnsettled());
  CHECK(world.failures.count() == 0);
}

TEST_CASE("where no list changed, neither Dropbox nor the index is asked") {
  AccessWorld world;
  world.table.Settle(world.folder, 0xabc);
  const std::uint64_t asked = world.dropbox.simulator.Count("sharing/list_folder_members");
  const std::uint64_t before = world.index.elastic.requests();
  REQUIRE(world.Settle());
  CHECK(world.index.elastic.requests() == before);
  CHECK(world.dropbox.simulator.Count("sharing/list_folder_members") == asked);
}

TEST_CASE("a folder whose list cannot be read stays unsettled as long as it has documents") {
  AccessWorld world;
  world.dropbox.simulator.Inject(
      sim::Fault::EndpointError("sharing/list_folder_members", "other").Times(100));
  world.Change(0xabc, 0);
  SUBCASE("it has documents") {
    REQUIRE(world.Settle());
    CHECK(world.table.HasUnsettled());
    CHECK(world.Document().find("_allow_access_control") == std::string::npos);
  }
  SUBCASE("it has none") {
    world.index.elastic.DeleteIndex("docs");
    world.index.elastic.CreateIndex("docs");
    REQUIRE(world.Settle());
    CHECK_FALSE(world.table.HasUnsettled());
  }
}

}  // namespace dbxes::sync
