// SPDX-License-Identifier: Apache-2.0
#include "faults/random_faults.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace dbxes {
namespace {

using sim::Fault;
using sim::TransportFault;

constexpr char kContinue[] = "files/list_folder/continue";
constexpr std::array kListingRoutes = {kContinue, "files/list_folder", "files/list_folder*"};
constexpr std::array kAllRoutes = {
    kContinue,        kContinue,        "files/list_folder",  "*",
    "oauth2/token",   "sharing/*",      "files/get_metadata", "users/*",
    "files/download", "files/download", "files/export"};

Fault RateLimit(std::string route, Dice& dice) {
  Fault fault = Fault::RateLimit(std::move(route), static_cast<std::int64_t>(dice.Spread(5)) - 1);
  const std::size_t where = dice.Below(4);
  if (where == 1 || where == 3) fault.header_wait_s.reset();
  if (where == 2 || where == 3) fault.body_wait_s.reset();
  fault.text_body = fault.body_wait_s == std::nullopt && dice.Chance(50);
  return fault;
}

Fault Transport(std::string route, Dice& dice) {
  using Kind = TransportFault::Kind;
  static constexpr std::array kKinds = {
      Kind::kResetBeforeHeaders, Kind::kResetAfterHeaders,  Kind::kResetInBody, Kind::kCutBody,
      Kind::kShortChunked,       Kind::kStallBeforeHeaders, Kind::kStallInBody, Kind::kSlowBody,
      Kind::kCloseAfter};
  TransportFault transport;
  transport.kind = dice.Pick(kKinds);
  transport.at_byte = dice.Below(400);
  // As often within the client's patience of 60 s as beyond it.
  if (transport.kind == Kind::kStallBeforeHeaders || transport.kind == Kind::kStallInBody) {
    transport.delay_ms = static_cast<std::int64_t>(1 + dice.Below(120)) * 1000;
  }
  if (transport.kind == Kind::kSlowBody) transport.bytes_per_second = 1 + dice.Below(300);
  return Fault::Transport(std::move(route), transport);
}

Fault Reset(Dice& dice) {
  switch (dice.Below(4)) {
    case 0:
      return Fault::EndpointError(kContinue, "path/not_found");
    case 1:
      return Fault::EndpointError(kContinue, "other");
    case 2:
      return Fault::Status(kContinue, 400,
                           "Error in call to API function \"files/list_folder/continue\": "
                           "Invalid \"cursor\" parameter");
    default:
      return Fault::EndpointError(kContinue, "reset");
  }
}

Fault AnyDropboxFault(Dice& dice) {
  static constexpr std::array kTroubles = {500, 500, 502, 503, 503, 504};
  const std::string route = dice.Pick(kAllRoutes);
  const std::string listing = dice.Pick(kListingRoutes);
  switch (dice.Below(12)) {
    case 0:
    case 1:
      return RateLimit(route, dice);
    case 2:
      return Fault::Html(route, dice.Pick(kTroubles));
    case 3:
      return Fault::Status(route, dice.Pick(kTroubles));
    case 4:
    case 5:
    case 6:
      return Transport(route, dice);
    case 7:
      return Fault::Simple("files/*", Fault::Kind::kExpiredToken);
    case 8:
      return Reset(dice);
    case 9:
      return Fault::Simple(listing,
                           dice.Chance(50) ? Fault::Kind::kEmptyPage : Fault::Kind::kUnknownTag);
    case 10:
      return Fault::Simple(route,
                           dice.Chance(50) ? Fault::Kind::kHalfJson : Fault::Kind::kHtmlAsJson);
    default:
      return Fault::Simple(listing, Fault::Kind::kRepeatCursor);
  }
}

ElasticFault StatusFault(Dice& dice) {
  static constexpr std::array<std::pair<int, const char*>, 7> kRows = {{
      {429, R"({"error":{"type":"circuit_breaking_exception","reason":"full"},"status":429})"},
      {429, ""},
      {503, R"({"error":{"type":"cluster_block_exception","reason":"no master"},"status":503})"},
      {503, "no upstream"},
      {502, "<html><head><title>502 Bad Gateway</title></head></html>"},
      {504, "{}"},
      {500, R"({"error":{"type":"null_pointer_exception","reason":"oops"},"status":500})"},
  }};
  ElasticFault fault;
  const auto& [status, body] = dice.Pick(kRows);
  fault.status = status;
  fault.body = body;
  if (status == 429 && dice.Chance(50)) {
    fault.headers.emplace_back("retry-after", fmt::format("{}", dice.Below(30)));
  }
  return fault;
}

ElasticFault ItemFault(Dice& dice) {
  static constexpr std::array<std::pair<int, const char*>, 4> kRows = {{
      {429, "es_rejected_execution_exception"},
      {429, "cluster_block_exception"},
      {503, "unavailable_shards_exception"},
      {503, "process_cluster_event_timeout_exception"},
  }};
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kItemStatus;
  std::tie(fault.status, fault.type) = dice.Pick(kRows);
  fault.reason = "later";
  return fault;
}

ElasticFault AnyElasticFault(Dice& dice) {
  using Kind = ElasticFault::Kind;
  static constexpr std::array kRoutes = {"_bulk",   "_bulk",    "_bulk", "_mget",
                                         "_search", "_refresh", ""};
  static constexpr std::array kTransports = {Kind::kRefused,        Kind::kReset,
                                             Kind::kResetApplied,   Kind::kResetApplied,
                                             Kind::kTimeoutApplied, Kind::kHtml};
  ElasticFault fault;
  switch (dice.Below(5)) {
    case 0:
      fault = StatusFault(dice);
      fault.route = dice.Pick(kRoutes);
      return fault;
    case 1:
      return ItemFault(dice);
    case 2:
      fault.kind = dice.Chance(50) ? Kind::kFewerItems : Kind::kInvalidJson;
      return fault;
    case 3:
      fault.kind = Kind::kStatus;
      fault.status = 413;
      return fault;
    default:
      fault.kind = dice.Pick(kTransports);
      fault.route = dice.Pick(kRoutes);
      // A page in place of the index's description is a wrong address, not a failure that passes.
      if (fault.kind == Kind::kHtml && fault.route.empty()) fault.route = "_bulk";
      return fault;
  }
}

bool LosesAnswers(ElasticFault::Kind kind) {
  using Kind = ElasticFault::Kind;
  return kind == Kind::kResetApplied || kind == Kind::kTimeoutApplied ||
         kind == Kind::kFewerItems || kind == Kind::kInvalidJson;
}

}  // namespace

InjectedFault InjectDropboxFault(sim::Simulator& dropbox, Dice& dice) {
  Fault fault = AnyDropboxFault(dice);
  fault.skip = dice.Below(8);
  // Empty pages without end are a listing without end.
  const bool may_last = fault.kind != Fault::Kind::kEmptyPage;
  fault.times = may_last && dice.Chance(5) ? 0 : dice.Spread(2);
  if (dice.Chance(20)) fault.probability = 0.5;
  InjectedFault injected;
  injected.text =
      fmt::format("Dropbox: {} kind {} status {} tag '{}' transport {} after {} times {}",
                  fault.route, static_cast<int>(fault.kind), fault.status, fault.tag,
                  static_cast<int>(fault.transport.kind), fault.skip, fault.times);
  dropbox.Inject(std::move(fault));
  return injected;
}

InjectedFault InjectElasticFault(FakeElastic& elastic, Dice& dice) {
  ElasticFault fault = AnyElasticFault(dice);
  fault.skip = static_cast<int>(dice.Below(8));
  fault.times = dice.Chance(5) ? -1 : static_cast<int>(dice.Spread(2));
  InjectedFault injected;
  injected.text =
      fmt::format("Elasticsearch: {} kind {} status {} {} after {} times {}", fault.route,
                  static_cast<int>(fault.kind), fault.status, fault.type, fault.skip, fault.times);
  injected.loses_answers = LosesAnswers(fault.kind);
  elastic.Inject(std::move(fault));
  return injected;
}

std::string RefuseDocuments(FakeElastic& elastic, const std::vector<std::string>& ids, Dice& dice,
                            std::set<std::string>& refused) {
  std::string text = "refuses:";
  if (ids.empty()) return text;
  for (std::size_t count = dice.Spread(2); count > 0; --count) {
    const std::string& id = dice.Pick(ids);
    const std::size_t how = dice.Below(4);
    if (how == 0) elastic.poison_ids.insert(id);
    if (how == 1) elastic.garbling_ids.insert(id);
    if (how == 2) elastic.unmappable_ids.insert(id);
    if (how == 3) {
      ElasticFault fault;
      fault.kind = ElasticFault::Kind::kItemStatus;
      fault.status = 400;
      fault.type = "illegal_argument_exception";
      fault.reason = "this one is refused";
      fault.ids = {id};
      fault.times = -1;
      elastic.Inject(std::move(fault));
    }
    refused.insert(id);
    text += fmt::format(" {} ({})", id, how);
  }
  return text;
}

}  // namespace dbxes
