// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/simulator.h"

#include <cstdint>
#include <utility>

#include "dropbox_sim/service.h"

namespace dbxes::sim {

struct Simulator::Impl : Service {
  using Service::Service;
};

Simulator::Simulator(Options options, ClockFn clock)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(clock))) {}
Simulator::~Simulator() = default;

Response Simulator::Handle(const Request& request) { return impl_->Handle(request); }

std::optional<Response> Simulator::Wake(const Request& request, std::uint64_t ticket) {
  return impl_->Wake(request, ticket);
}

void Simulator::Finish(std::uint64_t ticket) {
  const auto open = impl_->open_tickets.find(ticket);
  if (open == impl_->open_tickets.end()) return;
  impl_->cursors_in_flight.erase(impl_->cursors_in_flight.find(open->second));
  impl_->open_tickets.erase(open);
}

Tree& Simulator::tree() { return impl_->tree; }
Tokens& Simulator::tokens() { return impl_->tokens; }
Faults& Simulator::faults() { return impl_->faults; }
Books& Simulator::books() { return impl_->books; }
const Options& Simulator::options() const { return impl_->options; }
void Simulator::Inject(Fault fault) { impl_->faults.Inject(std::move(fault)); }
void Simulator::SetRateLimit(RateLimit limit) { impl_->limiter.Set(std::move(limit)); }

void Simulator::ResetCursors() {
  impl_->listings.ResetAll();
  ++impl_->event_generation;
}
void Simulator::FreezeSearch() {
  auto& frozen = impl_->frozen_search.emplace();
  impl_->search_key.clear();
  for (std::uint32_t ns = 1; ns < impl_->tree.items().namespace_count(); ++ns) {
    frozen[ns] = CurrentItems(impl_->tree, ns);
  }
}
void Simulator::ThawSearch() { impl_->frozen_search.reset(); }

std::vector<std::string> Simulator::Violations() const { return impl_->books.violations(); }

std::uint64_t Simulator::Count(std::string_view route) const {
  const auto found = impl_->books.counters().find(route);
  return found == impl_->books.counters().end() ? 0 : found->second;
}

void Simulator::BeginRun() {
  impl_->books.BeginRun();
  impl_->tokens.BeginRun();
}

}  // namespace dbxes::sim
