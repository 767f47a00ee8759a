// SPDX-License-Identifier: Apache-2.0
#include "dropbox/dropbox_world.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace dbxes::dropbox {
namespace {

// The faults of the simulator that the fake network can show.
void ApplyFault(const sim::TransportFault& fault, FakeAnswer& answer) {
  using Kind = sim::TransportFault::Kind;
  answer.at_byte = fault.at_byte;
  switch (fault.kind) {
    case Kind::kNone:
    case Kind::kChunked:
    case Kind::kCloseAfter:
      return;
    case Kind::kResetBeforeHeaders:
    case Kind::kResetAfterHeaders:
      answer.transport = FakeAnswer::Transport::kReset;
      return;
    case Kind::kResetInBody:
    case Kind::kCutBody:
      answer.transport = FakeAnswer::Transport::kCut;
      return;
    case Kind::kShortChunked:
      answer.transport = FakeAnswer::Transport::kTruncated;
      return;
    case Kind::kStallBeforeHeaders:
    case Kind::kStallInBody:
      answer.silence = Milliseconds(fault.delay_ms);
      return;
    case Kind::kSlowBody:
      throw std::logic_error("these tests have no use for a slow body");
  }
}

std::string WithLimit(std::string body, int limit) {
  constexpr std::string_view kAsked = R"("limit":2000)";
  const std::size_t found = body.find(kAsked);
  if (found == std::string::npos) return body;
  return body.replace(found, kAsked.size(), R"("limit":)" + std::to_string(limit));
}

}  // namespace

DropboxWorld::DropboxWorld(sim::Options options)
    : simulator(std::move(options), [this] { return clock.WallMicros() / 1000; }) {
  config.dropbox.app_key = "sim-app-key";
  config.dropbox.app_secret = config::Secret("sim-app-secret");
  config.dropbox.refresh_token = config::Secret("sim-refresh-token");
  config.dropbox.api_url = kApi;
  config.dropbox.content_url = kContent;
  for (const char* host : {kApi, kContent}) {
    network.Route(host, [this](const FakeRequest& request) { return Answer(request); });
  }
}

Client& DropboxWorld::client() {
  if (!client_) {
    const auto on_retry = [this](const Error& error, Milliseconds) {
      retries.push_back(error.message);
    };
    client_ = std::make_unique<Client>(loop, config, on_retry, 1);
  }
  return *client_;
}

std::vector<FakeRequest> DropboxWorld::Requests(const std::string& route) const {
  std::vector<FakeRequest> found;
  for (const FakeRequest& request : requests_) {
    if (request.target == "/2/" + route || request.target == "/" + route) found.push_back(request);
  }
  return found;
}

FakeAnswer DropboxWorld::Answer(const FakeRequest& request) {
  requests_.push_back(request);
  if (intercept) {
    if (auto answer = intercept(request)) return *std::move(answer);
  }
  sim::Request asked;
  const bool content = request.url.compare(0, std::string_view(kContent).size(), kContent) == 0;
  asked.role = content ? sim::Role::kContent : sim::Role::kApi;
  asked.method = request.method;
  asked.target = request.target;
  asked.headers = request.headers;
  asked.body = WithLimit(request.body, page_size);
  const sim::Response response = simulator.Handle(asked);
  FakeAnswer answer;
  answer.status = response.status;
  answer.body = response.body;
  for (auto [name, value] : response.headers) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers.emplace_back(std::move(name), std::move(value));
  }
  ApplyFault(response.fault, answer);
  return answer;
}

}  // namespace dbxes::dropbox
