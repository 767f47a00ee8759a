// SPDX-License-Identifier: Apache-2.0
// The Dropbox client and the simulated Dropbox in one process, on a clock that takes no time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "config/config.h"
#include "dropbox/client.h"
#include "dropbox_sim/simulator.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes::dropbox {

class DropboxWorld {
 public:
  static constexpr char kApi[] = "https://api.dropbox.test";
  static constexpr char kContent[] = "https://content.dropbox.test";

  explicit DropboxWorld(sim::Options options = {});

  Client& client();
  sim::Tree& tree() { return simulator.tree(); }
  // Requests of a route so far, as sent.
  std::vector<FakeRequest> Requests(const std::string& route) const;

  FakeClock clock;
  sim::Simulator simulator;
  FakeNetwork network{clock};
  int signal = 0;
  EventLoop loop{network, clock, [this] { return signal; }};
  config::Config config;  // as it is when the client is first asked for
  // Entries on a page of a listing, whatever the client requests: small trees have several pages.
  int page_size = 2000;
  // Where it returns a value, this answers instead of the simulator.
  std::function<std::optional<FakeAnswer>(const FakeRequest&)> intercept;
  std::vector<std::string> retries;  // why

 private:
  FakeAnswer Answer(const FakeRequest& request);

  std::vector<FakeRequest> requests_;
  std::unique_ptr<Client> client_;
};

}  // namespace dbxes::dropbox
