// SPDX-License-Identifier: Apache-2.0
// What a request must look like; "Dropbox HTTP API: hosts, call styles" and the tables of
// arguments.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dropbox_sim/client.h"

namespace dbxes::sim {
namespace {

bool Says(const Answer& answer, const char* text) {
  return answer.text.find(text) != std::string::npos;
}

TEST_CASE("arguments that are refused with 400 and a sentence") {
  Client client;
  client.tree().AddFile("/a.txt", "x");
  struct Case {
    const char* route;
    const char* argument;
    const char* text;
  };
  const std::vector<Case> kCases = {
      {"files/list_folder", R"({"path":"/"})", "Specify the root folder as an empty string"},
      {"files/list_folder", R"({"path":"/a/"})", "path"},
      {"files/list_folder", R"({"path":"a"})", "did not match pattern"},
      {"files/list_folder", R"({"path":"rev:015f00000000000"})", "did not match pattern"},
      {"files/list_folder", R"({})", "missing required field 'path'"},
      {"files/list_folder", R"({"path":"","limit":0})", "limit"},
      {"files/list_folder", R"({"path":"","limit":2001})", "limit"},
      {"files/list_folder", R"({"path":"","limit":"5"})", "expected integer"},
      {"files/list_folder", R"({"path":"","recursive":"true"})", "expected boolean"},
      {"files/list_folder", R"({"path":"","surprise":1})", "unknown field 'surprise'"},
      {"files/list_folder", R"({"path":"")", "could not decode input as JSON"},
      {"files/list_folder", "", "could not decode input as JSON"},
      {"files/list_folder/continue", R"({"cursor":"nonsense"})", "Invalid cursor"},
      {"files/list_folder/continue", R"({"cursor":""})", "cursor"},
      {"files/get_metadata", R"({"path":""})", "root folder"},
      {"files/search_v2", R"({"query":"x","options":{"max_results":"5"}})", "options.max_results"},
      {"files/search_v2", R"({"query":"x","options":{"file_categories":[{".tag":"png"}]}})", "png"},
      {"sharing/list_received_files", R"({"limit":301})", "limit"},
      {"users/get_current_account", "{}", "expected null, got value"},
      {"users/get_current_account", "", "could not decode input as JSON"},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.route);
    CAPTURE(c.argument);
    const Answer answer = client.Call(c.route, c.argument);
    CHECK(answer.status == 400);
    CHECK(Says(answer, c.text));
    CHECK(Says(answer, "Error in call to API function"));
    CHECK(*FindHeader(answer.headers, "Content-Type") == "text/plain; charset=utf-8");
    CHECK(FindHeader(answer.headers, "X-Dropbox-Request-Id")->size() == 32);
  }
}

TEST_CASE("content types") {
  Client client;
  client.tree().AddFile("/a.txt", "x");
  const Headers auth = {{"Authorization", "Bearer " + client.token}};
  const auto with = [&](Headers extra) {
    extra.insert(extra.end(), auth.begin(), auth.end());
    return extra;
  };
  const std::string form = "application/x-www-form-urlencoded";
  const std::string arg = R"({"path":"/a.txt"})";
  CHECK(client.Post("/2/files/list_folder", with({{"Content-Type", form}}), R"({"path":""})")
            .status == 400);
  CHECK(client.Post("/2/files/list_folder", auth, R"({"path":""})").status == 400);
  CHECK(client.Post("/2/users/get_current_account", auth, "").status == 200);
  CHECK(client.Call("users/get_current_account", "null").status == 200);
  CHECK(client.Download("files/download", arg).status == 200);
  CHECK(client.Download("files/download", arg, {{"Content-Type", "application/octet-stream"}})
            .status == 200);
  CHECK(client.Download("files/download", arg, {{"Content-Type", form}}).status == 400);
  CHECK(client.Download("files/download", arg, {{"Content-Type", "application/json"}}).status ==
        400);
  CHECK(client.Post("/2/files/download", with({{"Dropbox-API-Arg", arg}}), "body").status == 400);
  CHECK(client.Download("files/download", "{\"path\":\"/\xC3\xBC\"}").status == 400);
  CHECK(client.Download("files/download", R"({"path":)").status == 400);
}

TEST_CASE("hosts, methods and authorization") {
  Client client;
  Request request;
  request.target = "/2/files/list_folder";
  request.headers = {{"Authorization", "Bearer " + client.token},
                     {"Content-Type", "application/json"}};
  request.body = R"({"path":""})";
  request.role = Role::kContent;
  CHECK(client.sim().Handle(request).status == 404);
  request.role = Role::kApi;
  CHECK(client.sim().Handle(request).status == 200);
  request.method = "GET";
  CHECK(client.sim().Handle(request).status == 405);
  CHECK(
      client.Post("/2/files/list_folder", {{"Content-Type", "application/json"}}, R"({"path":""})")
          .status == 400);
  CHECK(client.Post("/2/no/such_route", {}, "").status == 404);
  CHECK(client.sim().Violations().empty());
}

TEST_CASE("a path in decomposed form is not found, and path_lower is composed") {
  Client client;
  client.tree().AddFile("/Cafe\xCC\x81.txt", "x");  // NFD
  CHECK(client.tree().Snapshot()[0].path_lower == "/caf\xC3\xA9.txt");
  CHECK(client.Call("files/get_metadata", "{\"path\":\"/caf\xC3\xA9.txt\"}").status == 200);
  const Answer decomposed = client.Call("files/get_metadata", R"({"path":"/cafe\u0301.txt"})");
  CHECK(decomposed.Error() == "path/not_found");
}

TEST_CASE("a secret in a URL, a route that writes, and Authorization on notify are violations") {
  Client client;
  client.Post("/2/files/list_folder?authorization=Bearer%20x", {}, "");
  CHECK(client.sim().Violations().size() == 1);
  client.Call("files/delete_v2", R"({"path":"/a"})");
  CHECK(client.sim().Violations().size() == 2);
  const Answer poll = client.Call("files/list_folder/longpoll", R"({"cursor":"x","timeout":30})");
  CHECK(poll.status == 400);
  CHECK(client.sim().Violations().size() == 3);
}

TEST_CASE("range and conditional requests") {
  Client client;
  const std::string id = client.tree().AddFile("/a.txt", "0123456789");
  client.tree().AddFile("/empty.txt", "");
  const std::string arg = R"({"path":")" + id + "\"}";
  const Answer part = client.Download("files/download", arg, {{"Range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(part.text == "234");
  CHECK(*FindHeader(part.headers, "Content-Range") == "bytes 2-4/10");
  CHECK(client.Download("files/download", arg, {{"Range", "bytes=7-"}}).text == "789");
  CHECK(client.Download("files/download", arg, {{"Range", "bytes=-1"}}).text == "9");
  CHECK(client.Download("files/download", arg, {{"Range", "bytes=10-"}}).status == 409);
  CHECK(client.Download("files/download", R"({"path":"/empty.txt"})", {{"Range", "bytes=0-"}})
            .status == 409);
  const std::string etag = *FindHeader(part.headers, "ETag");
  CHECK(client.Download("files/download", arg, {{"If-None-Match", etag}}).status == 304);
}

TEST_CASE("files that cannot be downloaded say why") {
  Client client;
  client.tree().AddPaper("/doc.paper", "# Title");
  FileOptions blocked;
  blocked.extras.lookup_error = "restricted_content";
  client.tree().AddFile("/blocked.txt", "x", blocked);
  client.tree().AddFolder("/folder");
  CHECK(client.Download("files/download", R"({"path":"/doc.paper"})").Error() ==
        "unsupported_file");
  CHECK(client.Download("files/download", R"({"path":"/blocked.txt"})").Error() ==
        "path/restricted_content");
  CHECK(client.Download("files/download", R"({"path":"/folder"})").Error() == "path/not_file");
  CHECK(client.Download("files/export", R"({"path":"/doc.paper"})").text == "# Title");
  CHECK(client.Download("files/export", R"({"path":"/doc.paper","export_format":"pdf"})").Error() ==
        "invalid_export_format");
}

}  // namespace
}  // namespace dbxes::sim
