// SPDX-License-Identifier: Apache-2.0
// A client and a cluster in one process, on a clock that takes no time.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/http/event_loop.h"
#include "config/config.h"
#include "elastic/client.h"
#include "support/fake_clock.h"
#include "support/fake_elastic.h"
#include "support/fake_network.h"

namespace dbxes::elastic {

inline constexpr const char* kHost = "http://search.test:9200";

inline config::ElasticsearchConfig TestElasticConfig() {
  config::ElasticsearchConfig config;
  config.host = kHost;
  config.index = "docs";
  config.api_key = config::Secret("a2V5OnNlY3JldA==");
  config.compression = config::Compression::kOff;
  return config;
}

struct World {
  explicit World(config::ElasticsearchConfig config = TestElasticConfig(),
                 config::SyncConfig sync = {})
      : client(loop, config, sync, 7,
               [this](const Error& error, Milliseconds) { waits.push_back(error.message); }) {
    network.Route(kHost, [this](const FakeRequest& request) { return elastic(request); });
  }

  FakeClock clock;
  FakeNetwork network{clock};
  FakeElastic elastic;
  int signal = 0;
  EventLoop loop{network, clock, [this] { return signal; }};
  std::vector<std::string> waits;
  Client client;
};

}  // namespace dbxes::elastic
