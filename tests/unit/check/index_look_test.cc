// SPDX-License-Identifier: Apache-2.0
#include "check/index_look.h"

#include <doctest/doctest.h>

#include <string>

#include "checkpoint/folder_place.h"
#include "support/memory_file_system.h"
#include "sync/owners/index_guard.h"
#include "unit/elastic/world.h"

namespace dbxes::check {
namespace {

// An index that a run has synced.
struct LookWorld : elastic::World {
  LookWorld() {
    elastic.CreateIndex("docs");
    REQUIRE(ledger.Open(1, /*reads_checkpoint=*/true));
    dropbox::Account account;
    account.account_id = "dbid:AAA";
    account.email = "ana@example.org";
    REQUIRE(sync::IndexGuard(client, "docs", {""}, ledger).Take(account, {}));
    REQUIRE(ledger.Save());
  }
  IndexLook Look() { return LookAtIndex(place, client, "docs"); }

  MemoryFileSystem files;
  FileProbe probe;
  checkpoint::FolderPlace place{files, probe, clock, "/state", "docs"};
  sync::Ledger ledger{clock, {place, files, true, "server"}};
};

}  // namespace

TEST_CASE("an index that nobody has touched is as the last run left it") {
  LookWorld world;
  const IndexLook look = world.Look();
  CHECK(ToString(look.stand) == "as_left");
  CHECK(look.text == "docs");
  CHECK(look.advice == "");
}

TEST_CASE("an index that is gone was there only if a run has synced it") {
  LookWorld world;
  world.elastic.DeleteIndex("docs");
  const IndexLook look = world.Look();
  CHECK(ToString(look.stand) == "gone");
  CHECK(look.text == "docs is gone, although runs have synced it");
  CHECK(look.advice != "");
  checkpoint::FolderPlace empty(world.files, world.probe, world.clock, "/nothing", "docs");
  CHECK(ToString(LookAtIndex(empty, world.client, "docs").stand) == "not_yet");
}

TEST_CASE("an index that was made again is another one") {
  LookWorld world;
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs");
  const IndexLook look = world.Look();
  CHECK(ToString(look.stand) == "replaced");
  CHECK(look.text.find("made again or restored") != std::string::npos);
}

TEST_CASE("an index that another state keeps is named with it, on one line") {
  LookWorld world;
  world.elastic.DeleteIndex("docs");
  world.elastic.CreateIndex("docs", R"({"_meta":{"dbx_es":{"state":"other","host":"lap\ntop",)"
                                    R"("since":"2026-01-02T03:04:05Z","email":"bob"}}})");
  const IndexLook look = world.Look();
  CHECK(ToString(look.stand) == "kept_elsewhere");
  CHECK(look.text.find("2026-01-02T03:04:05Z (Dropbox of bob)") != std::string::npos);
  CHECK(look.text.find('\n') == std::string::npos);
}

TEST_CASE("a cluster that gives no answer is no news of the index") {
  LookWorld world;
  ElasticFault fault;
  fault.route = "";
  fault.status = 403;
  fault.body = R"({"error":{"type":"security_exception","reason":"action is unauthorized"}})";
  fault.times = -1;
  world.elastic.Inject(fault);
  const IndexLook look = world.Look();
  CHECK(ToString(look.stand) == "not_checked");
  CHECK(look.text.starts_with("not checked: "));
}

}  // namespace dbxes::check
