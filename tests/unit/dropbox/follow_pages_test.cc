// SPDX-License-Identifier: Apache-2.0
#include "dropbox/follow_pages.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes::dropbox {
namespace {

struct Page {
  Page(int number, std::string next) : matches({number}), cursor(std::move(next)) {}
  std::vector<int> matches;
  std::string cursor;
};

// A list in pages: each cursor with its page. A cursor that is not in it cannot be fetched.
struct Server {
  std::map<std::string, Page> pages;
  std::vector<std::string> asked = {};
  FakeClock clock = {};
  FakeNetwork network{clock};
  EventLoop loop{network, clock};

  explicit Server(std::map<std::string, Page> list) : pages(std::move(list)) {}

  Result<Page> Fetch(const std::string& cursor) {
    asked.push_back(cursor);
    const auto page = pages.find(cursor);
    if (page == pages.end()) return Fail(ErrorKind::kInternal, "no such cursor");
    return page->second;
  }
  // The items that were seen, and how it ended.
  std::pair<std::vector<int>, Result<void>> Follow(int last = 0, std::string from = "") {
    std::vector<int> items;
    auto end = FollowPages(
        {loop, {Milliseconds(60'000), 3}}, "the test",
        [this](const std::string& cursor) { return Fetch(cursor); },
        [&](const Page& page) {
          items.push_back(page.matches[0]);
          return page.matches[0] != last;
        },
        std::move(from));
    return {items, std::move(end)};
  }
};

}  // namespace

TEST_CASE("pages are followed to the one without a cursor") {
  Server server{{{"", {1, "a"}}, {"a", {2, "b"}}, {"b", {3, ""}}}};
  const auto [items, end] = server.Follow();
  CHECK(end);
  CHECK(items == std::vector<int>{1, 2, 3});
  CHECK(server.asked == std::vector<std::string>{"", "a", "b"});
}

TEST_CASE("following starts at a given cursor and ends where the caller wants") {
  Server server{{{"", {1, "a"}}, {"a", {2, "b"}}, {"b", {3, "c"}}}};
  const auto [items, end] = server.Follow(3, "a");
  CHECK(end);
  CHECK(items == std::vector<int>{2, 3});
  CHECK(server.asked == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a page that repeats its cursor is asked for again, and used once") {
  Server server{{{"", {1, "a"}}, {"a", {2, "a"}}}};
  const auto [items, end] = server.Follow();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::kTemporary);
  CHECK(end.error().concern == Concern::kList);
  CHECK(end.error().message.find("Dropbox repeats its cursor in the test: nothing new in 4 of 5") ==
        0);
  CHECK(items == std::vector<int>{1});
  CHECK(server.asked.size() == 5);  // "a" and three times more
}

TEST_CASE("cursors that come round in turn end the reading") {
  Server server{{{"", {1, "a"}}, {"a", {2, "b"}}, {"b", {3, "c"}}, {"c", {4, "a"}}}};
  const auto [items, end] = server.Follow();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::kTemporary);
  CHECK(server.asked.size() < 100);
}

TEST_CASE("an error of a page ends the reading") {
  Server server{{{"", {1, "gone"}}}};
  const auto [items, end] = server.Follow();
  REQUIRE_FALSE(end);
  CHECK(end.error().message == "no such cursor");
  CHECK(items == std::vector<int>{1});
}

}  // namespace dbxes::dropbox
