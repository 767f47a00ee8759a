// SPDX-License-Identifier: Apache-2.0
#include "dropbox/downloads.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "dropbox/dropbox_world.h"

namespace dbxes::dropbox {
namespace {

Error Failure(DropboxWorld& world, const Pending<HttpResponse>& pending) {
  const auto answer = world.loop.Await(pending);
  REQUIRE_FALSE(answer);
  return answer.error();
}

}  // namespace

TEST_CASE("the argument of a download is plain ASCII in a header") {
  DropboxWorld world;
  world.intercept = [](const FakeRequest& request) -> std::optional<FakeAnswer> {
    if (request.target != "/2/files/export") return std::nullopt;
    return FakeAnswer::Json(200, "{}");
  };
  REQUIRE(world.loop.Await(Export(world.client(), "/\xc3\xbc\x7f", "", {})));
  REQUIRE(world.loop.Await(Export(world.client(), "id:1", "markdown", {})));
  const auto sent = world.Requests("files/export");
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].Header("dropbox-api-arg") == "{\"path\":\"/\\u00FC\\u007f\"}");
  CHECK(sent[1].Header("dropbox-api-arg") == R"({"path":"id:1","export_format":"markdown"})");
}

TEST_CASE("an error of a download concerns one file, or every file") {
  DropboxWorld world;
  world.config.dropbox.retry_count = 0;
  const std::string route = "files/download";
  CHECK(Failure(world, Download(world.client(), "id:nobody", {})).kind == ErrorKind::kNotFound);
  world.simulator.Inject(sim::Fault::EndpointError(route, "path/restricted_content"));
  CHECK(Failure(world, Download(world.client(), "id:1", {})).kind == ErrorKind::kRejectedDocument);
  world.simulator.Inject(sim::Fault::Status(route, 403, "no"));
  const Error blocked = Failure(world, Download(world.client(), "id:1", {}));
  CHECK(blocked.kind == ErrorKind::kInternal);
  CHECK(blocked.concern == Concern::kDocument);
  world.simulator.Inject(sim::Fault::Status(
      route, 403, R"({"error_summary":"x/","error":{".tag":"paper_access_denied"}})"));
  CHECK(Failure(world, Download(world.client(), "id:1", {})).kind == ErrorKind::kRejectedDocument);
  // A refused refresh token is every file's trouble.
  world.simulator.tokens().RevokeRefreshToken();
  world.simulator.tokens().ExpireAll();
  const Error revoked = Failure(world, Download(world.client(), "id:1", {}));
  CHECK(revoked.kind == ErrorKind::kAuth);
  CHECK(revoked.concern == Concern::kRun);
}

}  // namespace dbxes::dropbox
