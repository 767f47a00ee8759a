// SPDX-License-Identifier: Apache-2.0
#include "cli/kibana_form.h"

#include <algorithm>
#include <optional>
#include <random>

#include "base/clock.h"
#include "base/http/curl_http.h"
#include "base/http/event_loop.h"
#include "base/http/trace_file.h"
#include "base/http/tracing_http.h"
#include "cli/version.h"
#include "connector/connector_document.h"
#include "connector/connector_form.h"
#include "connector/protocol_store.h"
#include "elastic/client.h"

namespace dbxes::cli {
namespace {

// Kibana is not worth a longer wait.
constexpr Milliseconds kPatience{10'000};

config::Config Hasty(config::Config config) {
  config.sync.give_up_after = std::min(config.sync.give_up_after, kPatience);
  config.elasticsearch.request_timeout = std::min(config.elasticsearch.request_timeout, kPatience);
  return config;
}

}  // namespace

// The command has not begun: a signal still ends the process.
Result<config::ConnectorForm> ReadKibanaForm(const config::Config& config) {
  SystemClock clock;
  CurlHttp curl(UserAgent());
  TracingHttp http(curl, clock);
  std::optional<TraceFile> trace;
  if (!config.report.trace.empty()) {
    // The command itself reports a trace that cannot be written.
    if (auto file = TraceFile::Open(config.report.trace))
      http.TraceTo(trace.emplace(*std::move(file)));
  }
  EventLoop loop(http, clock, [] { return 0; });
  const config::Config hasty = Hasty(config);
  elastic::Client client(loop, hasty.elasticsearch, hasty.sync, std::random_device{}());
  connector::ProtocolStore store(client);
  TRY_ASSIGN(const auto found,
             store.Read(connector::ProtocolIndex::kConnectors, config.connector.id));
  if (!found) return Fail(connector::NoConnector(config));
  TRY(connector::CheckConnector(found->source, config, /*registers=*/true));
  return connector::FormOf(*found);
}

}  // namespace dbxes::cli
