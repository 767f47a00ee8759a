// SPDX-License-Identifier: Apache-2.0
#include "permissions/link_readers.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "dropbox/dropbox_world.h"

namespace dbxes::permissions {
namespace {

struct LinkWorld {
  explicit LinkWorld(sim::Options options = {}) : world(std::move(options)) {
    world.config.dropbox.retry_count = 1;
    tree().AddFile("/a.txt", "x");
    tree().AddFile("/d/deep/b.txt", "x");
    tree().AddFile("/d/s/c.txt", "x");
  }
  sim::Tree& tree() { return world.tree(); }
  std::string IdOf(const std::string& path) {
    for (const sim::LiveItem& item : tree().Snapshot()) {
      if (item.path_lower == path) return item.id;
    }
    return "";
  }
  dropbox::LinkAudience Of(const std::string& path, const std::string& folder = "") {
    if (!links) {
      links.emplace(world.loop, world.client());
      const auto loaded = links->Load();
      REQUIRE_MESSAGE(loaded, loaded.error().ToLine());
    }
    return links->AudienceOf(IdOf(path), path, folder);
  }
  void Link(const std::string& path, const std::string& audience) {
    sim::SharedLink link;
    link.audience = audience;
    tree().shares().AddSharedLink(path, link);
  }
  // Answers with one link to /a.txt with these members beside its id.
  dropbox::LinkAudience Audience(const std::string& permissions, const std::string& more = "") {
    const std::string id = IdOf("/a.txt");
    world.intercept = [=](const FakeRequest& request) -> std::optional<FakeAnswer> {
      if (request.target != "/2/sharing/list_shared_links") return std::nullopt;
      return FakeAnswer::Json(
          200,
          fmt::format(
              R"({{"links":[{{".tag":"file","id":"{}","link_permissions":{{{}}}{}}}],"has_more":false}})",
              id, permissions, more));
    };
    links.reset();
    return Of("/a.txt");
  }

  dropbox::DropboxWorld world;
  std::optional<LinkReaders> links;
};

}  // namespace

TEST_CASE("a link opens its file, or the content of its folder") {
  sim::Options options;
  options.style = sim::Style::Nasty();
  LinkWorld world(options);
  const std::string shared = world.tree().folders().ShareFolder("/d/s");
  world.Link("/a.txt", "team");
  world.Link("/d", "public");
  CHECK(world.Of("/a.txt") == dropbox::LinkAudience::kTeam);
  CHECK(world.Of("/d") == dropbox::LinkAudience::kAnybody);
  CHECK(world.Of("/d/deep/b.txt") == dropbox::LinkAudience::kAnybody);
  // Another shared folder inside, and a path with the same beginning.
  CHECK(world.Of("/d/s/c.txt", shared) == dropbox::LinkAudience::kNobody);
  CHECK(world.Of("/d2") == dropbox::LinkAudience::kNobody);
  CHECK(world.Of("") == dropbox::LinkAudience::kNobody);
  CHECK(world.links->problem() == "");
  CHECK(world.world.simulator.Violations() == std::vector<std::string>());
}

TEST_CASE("a link to a shared folder opens what it shares") {
  LinkWorld world;
  const std::string shared = world.tree().folders().ShareFolder("/d/s");
  world.Link("/d/s", "public");
  CHECK(world.Of("/d/s/c.txt", shared) == dropbox::LinkAudience::kAnybody);
  CHECK(world.Of("/d/s", shared) == dropbox::LinkAudience::kAnybody);
  CHECK(world.Of("/d/deep/b.txt") == dropbox::LinkAudience::kNobody);
}

TEST_CASE("of several links the widest counts, and all pages are read") {
  LinkWorld world;
  for (int i = 0; i < 250; ++i) world.Link("/a.txt", "no_one");
  world.Link("/a.txt", "public");
  world.Link("/a.txt", "team");
  CHECK(world.Of("/a.txt") == dropbox::LinkAudience::kAnybody);
  CHECK(world.world.simulator.Count("sharing/list_shared_links") == 3);
}

TEST_CASE("the narrowest audience in a link counts") {
  LinkWorld world;
  using A = dropbox::LinkAudience;
  const auto tag = [](const char* field, const char* value) {
    return fmt::format(R"("{}":{{".tag":"{}"}})", field, value);
  };
  const std::string anybody = tag("effective_audience", "public");
  const std::string team = tag("effective_audience", "team");
  CHECK(world.Audience(anybody) == A::kAnybody);
  CHECK(world.Audience(team) == A::kTeam);
  CHECK(world.Audience(tag("resolved_visibility", "public")) == A::kAnybody);
  CHECK(world.Audience(tag("resolved_visibility", "team_only")) == A::kTeam);
  for (const char* other : {"no_one", "password", "members", "team_and_password",
                            "shared_folder_only", "only_you", "new_to_us"}) {
    CAPTURE(other);
    CHECK(world.Audience(tag("resolved_visibility", other)) == A::kNobody);
    CHECK(world.Audience(tag("effective_audience", other)) == A::kNobody);
  }
  CHECK(world.Audience(anybody + "," + tag("resolved_visibility", "team_only")) == A::kTeam);
  CHECK(world.Audience(R"("can_revoke":true)") == A::kNobody);
  CHECK(world.Audience(tag("requested_visibility", "public")) == A::kNobody);
  CHECK(world.Audience(anybody + R"(,"require_password":true)") == A::kNobody);
  const std::string foreign = R"(,"content_owner_team_info":{"id":"dbtid:x","name":"X"})";
  CHECK(world.Audience(team, foreign) == A::kNobody);
  CHECK(world.Audience(anybody, foreign) == A::kAnybody);
  CHECK(world.Audience(anybody, R"(,"expires":"2001-01-01T00:00:00Z")") == A::kNobody);
  CHECK(world.Audience(anybody, R"(,"expires":"2999-01-01T00:00:00Z")") == A::kAnybody);
}

TEST_CASE("links that cannot be read open nothing") {
  LinkWorld world;
  world.Link("/a.txt", "public");
  world.Link("/d", "public");
  SUBCASE("all of them") {
    world.world.simulator.Inject(sim::Fault::Status("sharing/list_shared_links", 500).Times(0));
    CHECK(world.Of("/a.txt") == dropbox::LinkAudience::kNobody);
    CHECK(world.links->problem() != "");
  }
  SUBCASE("a folder that is gone meanwhile") {
    world.world.simulator.Inject(sim::Fault::EndpointError("files/get_metadata", "path/not_found"));
    CHECK(world.Of("/d/deep/b.txt") == dropbox::LinkAudience::kNobody);
    CHECK(world.Of("/a.txt") == dropbox::LinkAudience::kAnybody);
    CHECK(world.links->problem() == "");
  }
  SUBCASE("a list that has more, but no cursor") {
    world.Audience(R"("x":1)", R"(}],"has_more":true,"y":[{"z":1)");
    CHECK(world.links->problem() != "");
  }
}

}  // namespace dbxes::permissions
