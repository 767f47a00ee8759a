// SPDX-License-Identifier: Apache-2.0
// Search: what is found, in how many pages, and how late.

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

using Names = std::multiset<std::string>;

// The names on all pages, each with the kind of its match where `with_match`.
Names Find(Client& client, std::string_view argument, bool with_match = false) {
  Names names;
  Answer page = client.Call("files/search_v2", argument);
  for (;;) {
    REQUIRE(page.status == 200);
    for (const auto& match : page.json["matches"].GetArray()) {
      if (match["metadata"][".tag"] != "metadata") continue;
      std::string name = match["metadata"]["metadata"]["name"].GetString();
      if (with_match) name += std::string(" ") + match["match_type"][".tag"].GetString();
      names.insert(name);
    }
    if (!page.json["has_more"].GetBool()) return names;
    page = client.Call("files/search/continue_v2",
                       std::string(R"({"cursor":")") + page.Get("cursor") + "\"}");
  }
}

TEST_CASE("names and text are searched, in any case of letters, Paper included") {
  Client client;
  client.tree().AddFile("/Invoice.txt", "an INVOICE");
  client.tree().AddFile("/letter.txt", "about an invoice");
  client.tree().AddFile("/other.txt", "nothing");
  client.tree().AddFolder("/invoices");
  client.tree().AddPaper("/Plan.paper", "# Invoice of May");
  const Names expected = {"Invoice.txt filename_and_content", "Plan.paper file_content",
                          "invoices filename", "letter.txt file_content"};
  CHECK(Find(client, R"({"query":"invoice"})", true) == expected);
  CHECK(Find(client, R"({"query":"invoice","options":{"filename_only":true}})") ==
        Names{"Invoice.txt", "invoices"});
}

TEST_CASE("categories win over extensions") {
  Client client;
  for (const char* path : {"/x.pdf", "/x.docx", "/x.png", "/x.bin"}) {
    client.tree().AddFile(path, "");
  }
  client.tree().AddFolder("/x");
  CHECK(Find(client, R"({"query":"x","options":{"file_extensions":["PDF","bin"]}})") ==
        Names{"x.bin", "x.pdf"});
  CHECK(Find(client,
             R"({"query":"x","options":{"file_extensions":["pdf"],)"
             R"("file_categories":[{".tag":"image"},{".tag":"folder"}]}})") == Names{"x", "x.png"});
  CHECK(Find(client, R"({"query":"x","options":{"file_categories":["others"]}})") ==
        Names{"x.bin"});
}

TEST_CASE("a path narrows, and must be a folder") {
  Client client;
  client.tree().AddFile("/a/x.txt", "");
  client.tree().AddFile("/ab/x.txt", "");
  CHECK(Find(client, R"({"query":"x","options":{"path":"/A"}})").size() == 1);
  const auto error = [&](const char* path) {
    return client
        .Call("files/search_v2", std::string(R"({"query":"x","options":{"path":")") + path + "\"}}")
        .Error();
  };
  CHECK(error("/nowhere") == "path/not_found");
  CHECK(error("/a/x.txt") == "path/not_folder");
}

TEST_CASE("a search shows 10,000 matches and no more, the latest if asked to") {
  Client client;
  constexpr int kFiles = 10'050;
  for (int i = 0; i < kFiles; ++i) {
    FileOptions options;
    options.server_modified_s = 1'700'000'000 + i;
    client.tree().AddSyntheticFile("/" + std::to_string(kFiles - i) + ".hit", 1, 1, options);
  }
  const Names found = Find(client, R"({"query":"hit","options":{"max_results":1000}})");
  CHECK(found.size() == 10'000);
  const Names latest = Find(client, R"({"query":"hit","options":{"max_results":1000,)"
                                    R"("order_by":"last_modified_time"}})");
  CHECK(latest.size() == 10'000);
  CHECK(latest.count("1.hit") == 1);
  CHECK(latest.count(std::to_string(kFiles) + ".hit") == 0);
}

TEST_CASE("in the nasty style matches repeat, and each is there") {
  Options options;
  options.style = Style::Nasty();
  Client client(options);
  Names expected;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "hit" + std::to_string(i);
    client.tree().AddFile("/" + name, "");
    expected.insert(name);
  }
  const Names found = Find(client, R"({"query":"hit","options":{"max_results":7}})");
  CHECK(found.size() > expected.size());
  CHECK(std::set<std::string>(found.begin(), found.end()) ==
        std::set<std::string>(expected.begin(), expected.end()));
}

TEST_CASE("a frozen search misses what is new and shows what is gone") {
  Client client;
  client.tree().AddFile("/old hit", "");
  client.sim().FreezeSearch();
  client.tree().Delete("/old hit");
  client.tree().AddFile("/new hit", "");
  CHECK(Find(client, R"({"query":"hit"})") == Names{"old hit"});
  client.sim().ThawSearch();
  CHECK(Find(client, R"({"query":"hit"})") == Names{"new hit"});
  CHECK(Find(client, R"({"query":"hit","options":{"file_status":"deleted"}})") == Names{"old hit"});
}

}  // namespace
}  // namespace dbxes::sim
