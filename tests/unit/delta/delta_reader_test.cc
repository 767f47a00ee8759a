// SPDX-License-Identifier: Apache-2.0
#include "delta/delta_reader.h"

#include <doctest/doctest.h>

#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "dropbox/dropbox_world.h"

namespace dbxes::delta {
namespace {

using Strings = std::vector<std::string>;

constexpr char kFirst[] = "files/list_folder";
constexpr char kContinue[] = "files/list_folder/continue";

// A listing of the simulated tree in pages of ten.
struct ReaderWorld : dropbox::DropboxWorld {
  ReaderWorld() { page_size = 10; }

  DeltaReader Reader(std::string cursor = "", std::string path = "") {
    return DeltaReader(loop, client(), std::move(path), std::move(cursor));
  }
  // Reads to the end; "file /a", "deleted /b". The cursor of the last page is kept.
  Strings Drain(DeltaReader& reader) {
    Strings lines;
    while (true) {
      auto page = reader.Next();
      REQUIRE_MESSAGE(page, page.error().message);
      if (*page == nullptr) return lines;
      cursor = (*page)->cursor;
      for (const Entry& entry : (*page)->entries) {
        lines.push_back(std::string(entry.tag) + " " + std::string(entry.path_lower));
      }
    }
  }
  Strings Drain(std::string from = "") {
    DeltaReader reader = Reader(std::move(from));
    return Drain(reader);
  }
  std::set<std::string> Expected() {
    std::set<std::string> lines;
    for (const sim::LiveItem& item : tree().Snapshot()) {
      lines.insert((item.kind == sim::Kind::kFolder ? "folder " : "file ") + item.path_lower);
    }
    return lines;
  }

  std::string cursor;
};

void AddFiles(sim::Tree& tree, int n) {
  for (int i = 0; i < n; ++i) tree.AddFile("/f" + std::to_string(1000 + i), "x");
}

}  // namespace

TEST_CASE("the first page may be on its way before it is read") {
  ReaderWorld world;
  AddFiles(world.tree(), 5);
  DeltaReader reader = world.Reader();
  reader.Begin();
  reader.Begin();
  REQUIRE(world.loop.Wait(Milliseconds(1'000)));
  CHECK(world.Requests(kFirst).size() == 1);
  CHECK(world.Drain(reader).size() == 5);
  CHECK(world.Requests(kFirst).size() == 1);
}

TEST_CASE("a listing is read page by page, to its end and not beyond") {
  ReaderWorld world;
  AddFiles(world.tree(), 35);
  DeltaReader reader = world.Reader();
  const Strings lines = world.Drain(reader);
  CHECK(lines.size() == 35);
  CHECK(std::set<std::string>(lines.begin(), lines.end()) == world.Expected());
  CHECK(world.Requests(kFirst).size() == 1);
  CHECK(world.Requests(kContinue).size() == 3);

  auto after = reader.Next();
  REQUIRE(after);
  CHECK(*after == nullptr);
  CHECK(world.Requests(kContinue).size() == 3);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("an empty tree is one empty page") {
  ReaderWorld world;
  DeltaReader reader = world.Reader();
  auto page = reader.Next();
  REQUIRE(page);
  REQUIRE(*page != nullptr);
  CHECK((*page)->entries.empty());
  CHECK_FALSE((*page)->has_more);
  page = reader.Next();
  REQUIRE(page);
  CHECK(*page == nullptr);
}

TEST_CASE("the change feed continues from a cursor, in the order of the changes") {
  ReaderWorld world;
  AddFiles(world.tree(), 3);
  world.Drain();
  world.tree().Overwrite("/f1001", "new");
  world.tree().Delete("/f1000");
  world.tree().AddFile("/g", "x");
  CHECK(world.Drain(world.cursor) == Strings{"file /f1001", "deleted /f1000", "file /g"});
  CHECK(world.Drain(world.cursor) == Strings());
  CHECK(world.Requests(kFirst).size() == 1);
}

TEST_CASE("the next page is on its way while this one is worked on") {
  ReaderWorld world;
  AddFiles(world.tree(), 25);
  DeltaReader reader = world.Reader();
  auto first = reader.Next();
  REQUIRE(first);
  const std::string name((*first)->entries.at(0).name);
  const std::string_view view = (*first)->entries.at(0).name;
  while (world.Requests(kContinue).empty()) world.loop.RunOnce();
  for (int i = 0; i < 10; ++i) world.loop.RunOnce();
  // The next page has been parsed by now, and this one is still intact.
  CHECK(view == name);
  CHECK(world.network.in_flight() == 0);
  const Milliseconds before = world.clock.Now();
  auto second = reader.Next();
  REQUIRE(second);
  CHECK(world.clock.Now() == before);
  CHECK((*second)->entries.at(0).name != name);
}

TEST_CASE("a page that is cut in half behind a good status is requested again") {
  for (const auto kind : {sim::Fault::Kind::kHalfJson, sim::Fault::Kind::kHtmlAsJson}) {
    ReaderWorld world;
    AddFiles(world.tree(), 35);
    world.simulator.Inject(sim::Fault::Simple(kContinue, kind).Skip(1).Times(2));
    const Strings lines = world.Drain();
    CHECK(std::set<std::string>(lines.begin(), lines.end()) == world.Expected());
    CHECK(lines.size() == 35);
    CHECK(world.retries.size() == 2);
    CHECK(world.Requests(kContinue).size() == 5);
  }
}

TEST_CASE("an entry of an unknown kind is passed on, not an error") {
  ReaderWorld world;
  AddFiles(world.tree(), 3);
  world.simulator.Inject(sim::Fault::Simple(kFirst, sim::Fault::Kind::kUnknownTag));
  DeltaReader reader = world.Reader();
  auto page = reader.Next();
  REQUIRE(page);
  CHECK((*page)->entries.size() == 4);
  CHECK((*page)->entries.at(0).kind == EntryKind::kUnknown);
  CHECK_FALSE((*page)->entries.at(0).tag.empty());
}

TEST_CASE("an empty page in the middle does not end a listing") {
  ReaderWorld world;
  AddFiles(world.tree(), 35);
  world.simulator.Inject(sim::Fault::Simple(kContinue, sim::Fault::Kind::kEmptyPage).Times(2));
  CHECK(world.Drain().size() == 35);
}

TEST_CASE("a cursor that is repeated is asked again, and nothing of the listing is lost") {
  ReaderWorld world;
  AddFiles(world.tree(), 35);
  world.simulator.Inject(sim::Fault::Simple(kContinue, sim::Fault::Kind::kRepeatCursor).Times(3));
  std::vector<std::string> waits;
  DeltaReader reader(world.loop, world.client(), "", "",
                     [&](const Error& error, Milliseconds) { waits.push_back(error.message); });
  CHECK(world.Drain(reader).size() == 35);
  CHECK(waits.size() == 3);
  CHECK(waits.at(0) == "Dropbox repeats its cursor in the listing: nothing new in 1 of 2 pages");
}

TEST_CASE("a listing that leads nowhere ends after give_up_after, with the number of pages") {
  using Kind = sim::Fault::Kind;
  for (const Kind kind :
       {Kind::kRepeatCursor, Kind::kRepeatPage, Kind::kCursorsInTurn, Kind::kEmptyPage}) {
    CAPTURE(static_cast<int>(kind));
    ReaderWorld world;
    world.config.sync.give_up_after = Milliseconds(60'000);
    AddFiles(world.tree(), 35);
    world.simulator.Inject(sim::Fault::Simple(kContinue, kind).Times(0));
    DeltaReader reader = world.Reader();
    const Milliseconds start = world.clock.Now();
    Result<const Page*> page = reader.Next();
    while (page && *page != nullptr) page = reader.Next();
    REQUIRE_FALSE(page);
    CHECK(page.error().kind == ErrorKind::kTemporary);
    CHECK(page.error().message.find("pages; gave up after ") != std::string::npos);
    CHECK(world.clock.Now() - start < Milliseconds(80'000));
    CHECK(world.Requests(kContinue).size() < 500);
    // A further call continues, once Dropbox is well again.
    world.simulator.faults().Clear();
    CHECK(world.Drain(reader).size() >= 25);
  }
}

TEST_CASE("a reset is an error of its own kind, never an end of the listing") {
  ReaderWorld world;
  AddFiles(world.tree(), 35);
  DeltaReader reader = world.Reader();
  REQUIRE(reader.Next());
  REQUIRE(reader.Next());
  world.simulator.ResetCursors();
  // The page that was requested before may still arrive.
  auto page = reader.Next();
  if (page) page = reader.Next();
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::kCursorReset);
  CHECK(page.error().tag == "reset");
  // The answer stays the same; nothing waits forever.
  page = reader.Next();
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::kCursorReset);
}

TEST_CASE("a folder that does not exist, and a file in its place") {
  ReaderWorld world;
  world.tree().AddFile("/file", "x");
  DeltaReader absent = world.Reader("", "/absent");
  CHECK(absent.Next().error().kind == ErrorKind::kNotFound);
  DeltaReader file = world.Reader("", "/file");
  CHECK(file.Next().error().kind == ErrorKind::kConfig);
}

TEST_CASE("a signal stops the wait, and the page is not lost by it") {
  ReaderWorld world;
  AddFiles(world.tree(), 15);
  world.simulator.Inject(sim::Fault::RateLimit(kContinue, 100));
  DeltaReader reader = world.Reader();
  REQUIRE(reader.Next());
  world.signal = SIGINT;
  const auto stopped = reader.Next();
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::kInterrupted);
  world.signal = 0;
  auto page = reader.Next();
  REQUIRE(page);
  CHECK((*page)->entries.size() == 5);
  CHECK(world.Requests(kContinue).size() == 2);
}

TEST_CASE("a reader may be destroyed while its page is on the way") {
  ReaderWorld world;
  AddFiles(world.tree(), 25);
  {
    DeltaReader reader = world.Reader();
    REQUIRE(reader.Next());
  }
  for (int i = 0; i < 10; ++i) world.loop.RunOnce();
  CHECK(world.network.in_flight() == 0);
}

}  // namespace dbxes::delta
