// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dropbox_sim/client.h"
#include "dropbox_sim/simulator.h"

namespace dbxes::sim {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("a listing shows every live item once, and its last cursor is where changes begin") {
  Client client;
  client.tree().AddFile("/Reports/2026/Q1.txt", "one");
  client.tree().AddFile("/b.txt", "two");
  std::string cursor;
  const auto entries = client.List(&cursor);
  CHECK(Client::Short(entries) == Lines{"file /b.txt", "folder /reports", "folder /reports/2026",
                                        "file /reports/2026/q1.txt"});
  CHECK(client.Drain(&cursor).empty());
  client.tree().AddFile("/c.txt", "three");
  CHECK(Client::Short(client.Drain(&cursor)) == Lines{"file /c.txt"});
  CHECK(client.sim().Violations().empty());
}

TEST_CASE("changes made during a listing appear on later pages") {
  Client client;
  for (int i = 0; i < 9; ++i) client.tree().AddFile("/f" + std::to_string(i), "x");
  const Answer first =
      client.Call("files/list_folder", R"({"path":"","recursive":true,"limit":4})");
  REQUIRE(first.status == 200);
  client.tree().AddFile("/a-late-one", "x");  // sorts before everything that was listed
  client.tree().Delete("/f0");
  client.tree().Move("/f8", "/a-moved-one");
  std::string cursor = first.Get("cursor");
  auto rest = Client::Short(client.Drain(&cursor));
  CHECK(std::count(rest.begin(), rest.end(), "file /a-late-one") == 1);
  CHECK(std::count(rest.begin(), rest.end(), "deleted /f0") == 1);
  CHECK(std::count(rest.begin(), rest.end(), "file /a-moved-one") == 1);
}

}  // namespace
}  // namespace dbxes::sim
