// SPDX-License-Identifier: Apache-2.0
// Injected faults: which requests they hit, and what those get instead of the right answer.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/message.h"

namespace dbxes::sim {

struct Fault {
  enum class Kind : std::uint8_t {
    kStatus,         // status, headers, body as given
    kTransport,      // the right answer, mistreated as `transport` says
    kExpiredToken,   // 401 expired_access_token; the token is dead from now on
    kRateLimit,      // 429; wait_s in header and/or body
    kEndpointError,  // 409 with `tag`, e.g. "path/not_found", "reset", "other"
    kHalfJson,       // 200, the right body cut in half
    kHtmlAsJson,     // 200, JSON content type, an HTML page
    kUnknownTag,     // 200, an entry with an unknown .tag before the others
    kRepeatCursor,   // 200, no entries, has_more true, the cursor that was sent
    kEmptyPage,      // 200, no entries, has_more true, a new cursor to the same place
    kRepeatPage,     // 200, the right entries, has_more true, the cursor that was sent
    kCursorsInTurn,  // 200, the right entries, has_more true, one of two cursors to the same place
  };
  Kind kind = Kind::kStatus;

  // Which requests.
  std::string route = "*";   // "files/download", "sharing/*", "oauth2/token"
  std::string argument;      // only requests whose argument contains this text
  std::uint64_t skip = 0;    // let this many matching requests pass first
  std::uint64_t times = 1;   // then hit this many; 0 = for ever
  std::uint64_t every = 1;   // of those, each k-th
  double probability = 1.0;  // and of those, this share

  // What they get.
  int status = 500;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  Headers headers;
  std::string tag;
  std::optional<std::int64_t> header_wait_s;  // kRateLimit: Retry-After
  std::optional<std::int64_t> body_wait_s;    // kRateLimit: retry_after
  bool text_body = false;                     // kRateLimit: text instead of JSON
  std::string rate_limit_reason = "too_many_requests";
  TransportFault transport;
  bool after_effects =
      false;  // kStatus: the request is carried out before it fails (a lost answer)

  static Fault Status(std::string route, int status, std::string body = {},
                      std::string content_type = "text/plain; charset=utf-8");
  // An HTML page, as Dropbox's front servers send.
  static Fault Html(std::string route, int status);
  // Retry-After in header and body.
  static Fault RateLimit(std::string route, std::int64_t wait_s);
  static Fault EndpointError(std::string route, std::string tag);
  static Fault Transport(std::string route, TransportFault transport);
  static Fault Simple(std::string route, Kind kind);

  Fault&& Skip(std::uint64_t n) &&;
  Fault&& Times(std::uint64_t n) &&;
  Fault&& Every(std::uint64_t n) &&;
  Fault&& Chance(double p) &&;
  Fault&& Matching(std::string text) &&;
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : random_(seed) {}
  void Inject(Fault fault) { active_.push_back({std::move(fault), 0, 0}); }
  void Clear() { active_.clear(); }
  // The fault for this request, if any; counts the request against every fault that matches.
  std::optional<Fault> Next(std::string_view route, std::string_view argument);
  // How often any fault was applied.
  std::uint64_t struck() const { return struck_; }

 private:
  struct Active {
    Fault fault;
    std::uint64_t seen = 0;
    std::uint64_t hit = 0;
  };
  std::vector<Active> active_;
  std::mt19937_64 random_;
  std::uint64_t struck_ = 0;
};

}  // namespace dbxes::sim
