// SPDX-License-Identifier: Apache-2.0
// Runs of several machines on one state in the cluster, each with a network of its own, on a clock
// that takes no time.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "state/cluster_place.h"
#include "support/fake_clock.h"
#include "support/fake_elastic.h"
#include "support/fake_network.h"
#include "unit/elastic/world.h"

namespace dbxes::state {

inline constexpr const char* kStateIndex = "dbx-es-docs";

struct Cluster {
  FakeClock clock;
  FakeElastic elastic;

  std::string State() const { return elastic.Source(kStateIndex, "state").value_or(""); }
};

struct Machine {
  explicit Machine(Cluster& cluster, const std::string& host = "one")
      : network(cluster.clock), loop(network, cluster.clock, [this] { return signal; }) {
    network.Route(elastic::kHost,
                  [&cluster](const FakeRequest& request) { return cluster.elastic(request); });
    config.elasticsearch = elastic::TestElasticConfig();
    config.sync.give_up_after = Milliseconds(30'000);
    place.emplace(loop, config, host, 7,
                  [this](const Error& error, Milliseconds) { waits.push_back(error.message); });
  }
  // The loop runs, so that signs of life are written.
  void Live(Milliseconds time) { CHECK(loop.Wait(time)); }
  Result<void> AskHeld() {
    std::optional<Result<void>> answer;
    place->WhenHeld([&](const Result<void>& held) { answer = held; });
    while (!answer) loop.RunOnce();
    return *answer;
  }
  Result<void> Put(const std::string& part, const std::string& text) {
    return place->files().ReplaceFile(place->base() + part, text, 0600);
  }
  std::string Get(const std::string& part) {
    return place->files().ReadFile(place->base() + part).value_or("none");
  }

  FakeNetwork network;
  int signal = 0;
  EventLoop loop;
  config::Config config;
  std::vector<std::string> waits;
  std::optional<ClusterPlace> place;
};

}  // namespace dbxes::state
