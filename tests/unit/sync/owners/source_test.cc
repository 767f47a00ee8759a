// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/source.h"

#include <doctest/doctest.h>

#include "dropbox/dropbox_world.h"

namespace dbxes::sync {
namespace {

// A source that acts as the account of the simulated Dropbox.
struct SourceWorld {
  Source& Open() {
    source.emplace(dropbox.loop, dropbox.config, 1, [](const Error&, Milliseconds) {});
    auto account = source->client().DiscoverAccount();
    REQUIRE(account);
    source->client().ActAs(*account);
    return *source;
  }

  dropbox::DropboxWorld dropbox;
  std::optional<Source> source;
};

}  // namespace

TEST_CASE("the configured folder is asked for in Dropbox's lower case, the root is not") {
  SourceWorld world;
  world.dropbox.tree().AddFolder("/Team");
  CHECK(world.Open().FindRoot() == "");
  CHECK(world.dropbox.Requests("files/get_metadata").empty());
  world.dropbox.config.dropbox.paths = {"/TEAM"};
  CHECK(world.Open().FindRoot() == "/team");
}

TEST_CASE("several folders are read from the one that contains them, and have to be there") {
  SourceWorld world;
  world.dropbox.tree().AddFile("/Team/a/1.txt", "x");
  world.dropbox.config.dropbox.paths = {"/TEAM/A", "/Team/b"};
  Source& source = world.Open();
  CHECK(source.FindRoot() == "/team");
  CHECK_FALSE(source.FindAllFolders());
  world.dropbox.tree().AddFolder("/Team/B");
  CHECK(source.FindAllFolders() == FolderList{"/team/a", "/team/b"});
}

TEST_CASE("one folder is not asked for") {
  SourceWorld world;
  world.dropbox.config.dropbox.paths = {"/ABSENT"};
  CHECK(world.Open().FindAllFolders() == FolderList{"/ABSENT"});
  CHECK(world.dropbox.Requests("files/get_metadata").empty());
}

TEST_CASE("received files are listed where the settings include them") {
  SourceWorld world;
  world.dropbox.tree().shares().AddReceivedFile("offer.docx", "x");
  const auto listed = world.Open().ListReceived();
  REQUIRE(listed);
  REQUIRE(*listed);
  CHECK((*listed)->files.size() == 1);
  CHECK((*listed)->listing.count == 1);
  CHECK((*listed)->listing.hash != 0);
  world.dropbox.config.dropbox.include_received_files = false;
  const auto none = world.Open().ListReceived();
  REQUIRE(none);
  REQUIRE(*none);
  CHECK((*none)->files.empty());
  CHECK((*none)->listing.count == 0);
}

TEST_CASE("the first page of received files is asked for before, and used where it may be") {
  SourceWorld world;
  world.dropbox.tree().shares().AddReceivedFile("offer.docx", "x");
  Source& source = world.Open();
  const auto asked = [&world] {
    return world.dropbox.Requests("sharing/list_received_files").size();
  };
  source.AskReceived();
  auto listed = source.ListReceivedAsAsked();
  REQUIRE(listed);
  CHECK((*listed)->files.size() == 1);
  CHECK(asked() == 1);

  source.AskReceived();
  listed = source.ListReceived();
  REQUIRE(listed);
  CHECK((*listed)->files.size() == 1);
  CHECK(asked() == 3);
  // It is not used twice.
  REQUIRE(source.ListReceivedAsAsked());
  CHECK(asked() == 4);

  world.dropbox.config.dropbox.include_received_files = false;
  source.AskReceived();
  listed = source.ListReceivedAsAsked();
  REQUIRE(listed);
  CHECK((*listed)->files.empty());
  CHECK(asked() == 4);
}

TEST_CASE("a list of received files that cannot be read is nothing, with its reason") {
  SourceWorld world;
  Source& source = world.Open();
  world.dropbox.simulator.Inject(
      sim::Fault::EndpointError("sharing/list_received_files", "user_error/email_unverified"));
  const auto listed = source.ListReceived();
  REQUIRE(listed);
  CHECK_FALSE(*listed);
  REQUIRE(source.unread());
  CHECK(source.unread()->kind == ErrorKind::kConfig);
  CHECK(source.unread()->message.find("include_received_files = false") != std::string::npos);
}

TEST_CASE("a missing scope for received files names the setting that leaves them out") {
  SourceWorld world;
  Source& source = world.Open();
  world.dropbox.simulator.Inject(
      sim::Fault::Status("sharing/list_received_files", 401,
                         R"({"error_summary":"missing_scope/","error":{".tag":"missing_scope",)"
                         R"("required_scope":"sharing.read"}})"));
  const auto listed = source.ListReceived();
  REQUIRE_FALSE(listed);
  CHECK(listed.error().kind == ErrorKind::kPermission);
  CHECK(listed.error().message.find("include_received_files = false") != std::string::npos);
}

}  // namespace dbxes::sync
