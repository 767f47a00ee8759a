// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/faults.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {

Fault Fault::Status(std::string route, int status, std::string body, std::string content_type) {
  Fault fault;
  fault.kind = Kind::kStatus;
  fault.route = std::move(route);
  fault.status = status;
  fault.body = std::move(body);
  fault.content_type = std::move(content_type);
  return fault;
}

Fault Fault::Html(std::string route, int status) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>Dropbox - {}</title></head><body>\n", status);
  // As long as the real page, to catch a client that logs whole bodies.
  while (page.size() < 25000)
    page += "<p>Something went wrong. Don't worry, your files are still safe.</p>\n";
  return Status(std::move(route), status, page + "</body></html>\n", "text/html; charset=utf-8");
}

Fault Fault::RateLimit(std::string route, std::int64_t wait_s) {
  Fault fault;
  fault.kind = Kind::kRateLimit;
  fault.route = std::move(route);
  fault.header_wait_s = wait_s;
  fault.body_wait_s = wait_s;
  return fault;
}

Fault Fault::EndpointError(std::string route, std::string tag) {
  Fault fault;
  fault.kind = Kind::kEndpointError;
  fault.route = std::move(route);
  fault.tag = std::move(tag);
  return fault;
}

Fault Fault::Transport(std::string route, TransportFault transport) {
  Fault fault;
  fault.kind = Kind::kTransport;
  fault.route = std::move(route);
  fault.transport = transport;
  return fault;
}

Fault Fault::Simple(std::string route, Kind kind) {
  Fault fault;
  fault.kind = kind;
  fault.route = std::move(route);
  return fault;
}

Fault&& Fault::Skip(std::uint64_t n) && {
  skip = n;
  return std::move(*this);
}

Fault&& Fault::Times(std::uint64_t n) && {
  times = n;
  return std::move(*this);
}

Fault&& Fault::Every(std::uint64_t n) && {
  every = n;
  return std::move(*this);
}

Fault&& Fault::Chance(double p) && {
  probability = p;
  return std::move(*this);
}

Fault&& Fault::Matching(std::string text) && {
  argument = std::move(text);
  return std::move(*this);
}

std::optional<Fault> Faults::Next(std::string_view route, std::string_view argument) {
  std::optional<Fault> chosen;
  for (Active& active : active_) {
    const Fault& fault = active.fault;
    if (!MatchesPattern(fault.route, route)) continue;
    if (!fault.argument.empty() && argument.find(fault.argument) == std::string_view::npos)
      continue;
    const std::uint64_t n = active.seen++;
    if (chosen || n < fault.skip || (fault.times != 0 && active.hit >= fault.times)) continue;
    if ((n - fault.skip) % fault.every != fault.every - 1 && fault.every > 1) continue;
    if (fault.probability < 1.0 &&
        std::uniform_real_distribution<>(0, 1)(random_) >= fault.probability)
      continue;
    ++active.hit;
    ++struck_;
    chosen = fault;
  }
  return chosen;
}

}  // namespace dbxes::sim
