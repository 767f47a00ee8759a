// SPDX-License-Identifier: Apache-2.0
#include "connector/protocol_store.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/http/trace_file.h"
#include "base/http/tracing_http.h"
#include "unit/base/os/temp_folder.h"
#include "unit/connector/connector_world.h"

namespace dbxes::connector {
namespace {

constexpr const char* kSavedForm = R"({"configuration":{"app_secret":{"value":"saved secret"},)"
                                   R"("refresh_token":{"value":"saved token"}}})";

std::string Saved(ConnectorWorld& world) {
  world.RegisterNow();
  world.Change(kConnectorIndex, "c1", kSavedForm);
  return world.elastic.Source(kConnectorIndex, "c1").value();
}

TEST_CASE("no trace shows what people have saved in the form of the connector") {
  ConnectorWorld world;
  const std::string connector = Saved(world);
  REQUIRE(connector.find("saved token") != std::string::npos);
  const TempFolder folder;
  const std::string path = folder / "trace";
  auto file = TraceFile::Open(path).value();
  TracingHttp http(world.network, world.clock);
  http.TraceTo(file);
  EventLoop loop(http, world.clock, [] { return 0; });
  elastic::Client client(loop, world.config.elasticsearch, world.config.sync, 7);
  ProtocolStore store(client);

  const auto read = store.Read(ProtocolIndex::kConnectors, "c1");
  REQUIRE(read);
  CHECK(ConnectorWorld::At((*read)->source, "configuration.refresh_token.value") ==
        "\"saved token\"");
  // Elasticsearch and Kibana copy the form into their jobs.
  const std::string job =
      R"({"status":"pending","connector":{"id":"c1",)" + connector.substr(1) + "}";
  const Change create{Change::kCreate, ProtocolIndex::kSyncJobs, "j1", job, {}};
  CHECK(store.Apply({create}));
  CHECK(store.Read(ProtocolIndex::kSyncJobs, "j1"));
  CHECK(store.OpenJobs("c1"));

  std::ifstream stream(path);
  const std::string trace{std::istreambuf_iterator<char>(stream), {}};
  CHECK(trace.find("/.elastic-connectors/_doc/c1") != std::string::npos);
  CHECK(trace.find("_bulk") != std::string::npos);
  CHECK(trace.find("/.elastic-connectors-sync-jobs/_search") != std::string::npos);
  CHECK(trace.find("saved") == std::string::npos);
}

}  // namespace
}  // namespace dbxes::connector
