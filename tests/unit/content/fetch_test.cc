// SPDX-License-Identifier: Apache-2.0
#include "content/fetch.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "dropbox/dropbox_world.h"

namespace dbxes::content {
namespace {

using Strings = std::vector<std::string>;

constexpr std::uint64_t kMost = 1'000'000;

Result<FetchedContent> Fetch(dropbox::DropboxWorld& world, const std::string& id,
                             std::uint64_t max_bytes = kMost) {
  return world.loop.Await(FetchContent(world.client(), {FetchRoute::kDownload, id, "", max_bytes}));
}

Result<FetchedContent> Export(dropbox::DropboxWorld& world, const std::string& id,
                              std::string format) {
  return world.loop.Await(
      FetchContent(world.client(), {FetchRoute::kExport, id, std::move(format), kMost}));
}

std::string Letters(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('a' + i % 26 + i / 1000 % 3);
  return text;
}

sim::Fault Cut(std::uint64_t at_byte, sim::TransportFault::Kind kind) {
  sim::TransportFault transport;
  transport.kind = kind;
  transport.at_byte = at_byte;
  return sim::Fault::Transport("files/download", transport);
}

// What each download asked for: "" for the whole.
Strings Ranges(const dropbox::DropboxWorld& world) {
  Strings ranges;
  for (const FakeRequest& request : world.Requests("files/download")) {
    ranges.emplace_back(request.Header("range"));
  }
  return ranges;
}

}  // namespace

TEST_CASE("a file arrives as it is, with the version that it is") {
  dropbox::DropboxWorld world;
  const std::string bytes = Letters(100'000) + std::string("\0\xff\x80", 3);
  const std::string id = world.tree().AddFile("/a.txt", bytes);
  const auto content = Fetch(world, id);
  REQUIRE_MESSAGE(content, content.error().message);
  CHECK(content->bytes == bytes);
  CHECK(content->content_hash == sim::ContentHash(bytes));
  CHECK_FALSE(content->rev.empty());
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("where it is asked for, the download of a file of no known format ends at its start") {
  dropbox::DropboxWorld world;
  const auto look = [&](const std::string& bytes) {
    FetchRequest request{FetchRoute::kDownload, world.tree().AddFile("/a", bytes), "", kMost};
    request.looks = true;
    return world.loop.Await(FetchContent(world.client(), request));
  };
  const auto unknown = look(std::string(10, '\0') + Letters(500'000));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == ErrorKind::kRejectedDocument);
  CHECK(unknown.error().tag == kUnknownTag);
  CHECK(Ranges(world) == Strings{""});  // and no second try
  const auto text = look(Letters(500'000) + std::string(10, '\0'));
  REQUIRE_MESSAGE(text, text.error().message);
  CHECK(text->bytes.size() == 500'010);
  const auto small = look(std::string(10, '\0'));  // there is nothing to save
  REQUIRE_MESSAGE(small, small.error().message);
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("an empty file arrives") {
  dropbox::DropboxWorld world;
  const auto content = Fetch(world, world.tree().AddFile("/empty.txt", ""));
  REQUIRE_MESSAGE(content, content.error().message);
  CHECK(content->bytes.empty());
}

TEST_CASE("a broken download continues where it stopped") {
  for (const auto kind :
       {sim::TransportFault::Kind::kCutBody, sim::TransportFault::Kind::kShortChunked}) {
    dropbox::DropboxWorld world;
    const std::string bytes = Letters(100'000);
    const std::string id = world.tree().AddFile("/a.txt", bytes);
    world.simulator.Inject(Cut(40'000, kind));
    world.simulator.Inject(Cut(10'000, kind).Skip(1));
    const auto content = Fetch(world, id);
    REQUIRE_MESSAGE(content, content.error().message);
    CHECK(content->bytes == bytes);
    CHECK(Ranges(world) == Strings{"", "bytes=40000-", "bytes=50000-"});
    CHECK(world.simulator.Violations() == Strings());
  }
}

TEST_CASE("a file that changes between two tries is not combined from both") {
  dropbox::DropboxWorld world;
  std::string newer(90'000, 'n');
  sim::FileOptions options;
  SUBCASE("shown by size and hash") {}
  SUBCASE("shown by the revision alone") {
    options.extras.hide_content_hash = true;
    newer.resize(100'000, 'n');
  }
  const std::string id = world.tree().AddFile("/a.txt", Letters(100'000), options);
  world.simulator.Inject(Cut(40'000, sim::TransportFault::Kind::kCutBody));
  int tries = 0;
  world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    const bool download = request.target == "/2/files/download";
    if (download && ++tries == 2) world.tree().Overwrite("/a.txt", newer);
    return std::nullopt;
  };
  const auto content = Fetch(world, id);
  REQUIRE_MESSAGE(content, content.error().message);
  CHECK(content->bytes == newer);
  CHECK(Ranges(world) == Strings{"", "bytes=40000-", ""});
}

TEST_CASE("an answer that ignores the range is taken as the whole") {
  dropbox::DropboxWorld world;
  const std::string bytes = Letters(100'000);
  const std::string id = world.tree().AddFile("/a.txt", bytes);
  world.simulator.Inject(Cut(40'000, sim::TransportFault::Kind::kCutBody));
  world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.Header("range").empty()) return std::nullopt;
    FakeAnswer answer;
    answer.headers = {{"dropbox-api-result", R"({"rev":"1","size":100000,"content_hash":")" +
                                                 sim::ContentHash(bytes) + "\"}"}};
    answer.body = std::make_shared<const std::string>(bytes);
    return answer;
  };
  const auto content = Fetch(world, id);
  REQUIRE_MESSAGE(content, content.error().message);
  CHECK(content->bytes == bytes);
}

TEST_CASE("bytes that do not have the file's hash are fetched again, and never accepted") {
  dropbox::DropboxWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "right bytes");
  world.tree().CorruptContent("/a.txt", "wrong bytes");
  const auto content = Fetch(world, id);
  REQUIRE_FALSE(content);
  CHECK(content.error().kind == ErrorKind::kTemporary);
  CHECK(content.error().message.find("content hash") != std::string::npos);
  CHECK(world.Requests("files/download").size() == 1u + world.config.dropbox.retry_count);
}

TEST_CASE("a body of another length is no file, even without a hash") {
  for (const std::string body : {"short", "much too long a body"}) {
    CAPTURE(body);
    dropbox::DropboxWorld world;
    const std::string id = world.tree().AddFile("/a.txt", "eight by");
    world.intercept = [&](const FakeRequest& request) -> std::optional<FakeAnswer> {
      if (request.target != "/2/files/download") return std::nullopt;
      FakeAnswer answer;
      answer.headers = {{"dropbox-api-result", R"({"rev":"1","size":8})"}};
      answer.body = std::make_shared<const std::string>(body);
      return answer;
    };
    const auto content = Fetch(world, id);
    REQUIRE_FALSE(content);
    CHECK(content.error().kind == ErrorKind::kTemporary);
  }
}

TEST_CASE("a file that has grown past the limit is broken off") {
  dropbox::DropboxWorld world;
  const std::string id = world.tree().AddFile("/a.txt", Letters(50'000));
  const auto content = Fetch(world, id, 49'999);
  REQUIRE_FALSE(content);
  CHECK(content.error().kind == ErrorKind::kRejectedDocument);
  CHECK(content.error().tag == kTooLongTag);
  CHECK(world.Requests("files/download").size() == 1);
  CHECK(Fetch(world, id, 50'000));
}

TEST_CASE("errors of one file are distinguished from errors of all files") {
  dropbox::DropboxWorld world;
  const std::string id = world.tree().AddFile("/a.txt", "x");
  const std::pair<std::string, ErrorKind> cases[] = {
      {"path/not_found", ErrorKind::kNotFound},
      {"path/restricted_content", ErrorKind::kRejectedDocument},
      {"path/locked", ErrorKind::kRejectedDocument},
      {"unsupported_file", ErrorKind::kRejectedDocument},
  };
  for (const auto& one : cases) {
    CAPTURE(one.first);
    world.simulator.Inject(sim::Fault::EndpointError("files/download", one.first));
    const auto content = Fetch(world, id);
    REQUIRE_FALSE(content);
    CHECK(content.error().kind == one.second);
    CHECK(content.error().tag == one.first);
  }
  world.simulator.Inject(sim::Fault::Status("files/download", 401, R"({"error_summary":"x",
      "error":{".tag":"missing_scope","required_scope":"files.content.read"}})",
                                            "application/json"));
  const auto content = Fetch(world, id);
  REQUIRE_FALSE(content);
  CHECK(content.error().kind == ErrorKind::kPermission);
}

TEST_CASE("an export is verified by its own hash, and starts over when it breaks off") {
  dropbox::DropboxWorld world;
  const std::string id = world.tree().AddPaper("/plan.paper", "hello", "<p>hello</p>");
  const auto markdown = Export(world, id, "markdown");
  REQUIRE_MESSAGE(markdown, markdown.error().message);
  CHECK(markdown->bytes == "hello");
  CHECK_FALSE(markdown->rev.empty());

  sim::TransportFault cut;
  cut.kind = sim::TransportFault::Kind::kCutBody;
  cut.at_byte = 4;
  world.simulator.Inject(sim::Fault::Transport("files/export", cut));
  world.simulator.Inject(sim::Fault::EndpointError("files/export", "retry_error").Skip(1));
  const auto html = Export(world, id, "html");
  REQUIRE_MESSAGE(html, html.error().message);
  CHECK(html->bytes == "<p>hello</p>");
  for (const FakeRequest& request : world.Requests("files/export")) {
    CHECK(request.Header("range").empty());
  }
  CHECK(world.simulator.Violations() == Strings());
}

TEST_CASE("arguments are safe in a header, whatever characters they have") {
  dropbox::DropboxWorld world;
  const std::string path = "/\xc3\x9cn\xc3\xaf/\xf0\x9f\x98\x80\x7f\"q\".txt";
  Fetch(world, path);
  const auto requests = world.Requests("files/download");
  REQUIRE_FALSE(requests.empty());
  CHECK(requests.front().Header("dropbox-api-arg") ==
        R"({"path":"/\u00DCn\u00EF/\uD83D\uDE00\u007f\"q\".txt"})");
}

}  // namespace dbxes::content
