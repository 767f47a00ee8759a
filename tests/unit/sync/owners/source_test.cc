// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/source.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>

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
  world.dropbox.tree().AddFile("/Team/b.txt", "x");
  world.dropbox.config.dropbox.paths = {"/TEAM/A", "/Team/b.txt"};
  Source& source = world.Open();
  CHECK(source.FindRoot() == "/team");
  const auto is_file = source.CheckFolders();
  REQUIRE_FALSE(is_file);
  CHECK(is_file.error().message ==
        "/Team/b.txt (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted");
  world.dropbox.tree().Delete("/Team/b.txt");
  const auto absent = source.CheckFolders();
  REQUIRE_FALSE(absent);
  CHECK(absent.error().kind == ErrorKind::kConfig);
  CHECK(absent.error().message.starts_with("Dropbox has no folder /Team/b.txt (dropbox.path)"));
  world.dropbox.tree().AddFolder("/Team/B.TXT");
  CHECK(source.CheckFolders());
}

TEST_CASE("one of several folders is spelled so that its lower case is known") {
  SourceWorld world;
  world.dropbox.config.dropbox.paths = {"/Team", "/\u0130zmir"};
  world.dropbox.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.url.find("get_metadata") == std::string::npos) return std::nullopt;
    const bool team = request.body.find("Team") != std::string::npos;
    FakeAnswer answer;
    answer.body = std::make_shared<const std::string>(
        fmt::format(R"({{".tag":"folder","id":"id:1","name":"x","path_lower":"{}"}})",
                    team ? "/team" : "/i\u0307zmir"));
    return answer;
  };
  const auto odd = world.Open().CheckFolders();
  REQUIRE_FALSE(odd);
  CHECK(odd.error().message ==
        "dropbox.path: write /\u0130zmir as Dropbox has it in lower case: /i\u0307zmir");
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
