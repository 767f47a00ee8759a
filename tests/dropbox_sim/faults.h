// SPDX-License-Identifier: Apache-2.0
//
// Failures on demand: which requests they hit, and what those get instead of the right answer.

#ifndef DBXES_TESTS_DROPBOX_SIM_FAULTS_H_
#define DBXES_TESTS_DROPBOX_SIM_FAULTS_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/message.h"

namespace dbxes::sim {

struct Fault {
  enum class Kind : uint8_t {
    kStatus,         // status, headers, body as given
    kTransport,      // the right answer, mistreated as `transport` says
    kExpiredToken,   // 401 expired_access_token; the token is dead from now on
    kRateLimit,      // 429; wait_s in header and/or body
    kEndpointError,  // 409 with `tag`, e.g. "path/not_found", "reset", "other"
    kHalfJson,       // 200, the right body cut in half
    kHtmlAsJson,     // 200, JSON content type, an HTML page
    kUnknownTag,     // 200, an entry whose .tag nobody knows in front of the others
    kRepeatCursor,   // 200, no entries, has_more true, the cursor that was sent
    kEmptyPage,      // 200, no entries, has_more true, a new cursor to the same place
  };
  Kind kind = Kind::kStatus;

  // Which requests.
  std::string route = "*";   // "files/download", "sharing/*", "oauth2/token"
  std::string argument;      // only requests whose argument contains this text
  uint64_t skip = 0;         // let this many matching requests pass first
  uint64_t times = 1;        // then hit this many; 0 = for ever
  uint64_t every = 1;        // of those, each k-th
  double probability = 1.0;  // and of those, this share

  // What they get.
  int status = 500;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  Headers headers;
  std::string tag;
  std::optional<int64_t> header_wait_s;  // kRateLimit: Retry-After
  std::optional<int64_t> body_wait_s;    // kRateLimit: retry_after
  bool text_body = false;                // kRateLimit: text instead of JSON
  std::string rate_limit_reason = "too_many_requests";
  TransportFault transport;
  bool after_effects =
      false;  // kStatus: the request is carried out before it fails (a lost answer)

  static Fault Status(std::string route, int status, std::string body = {},
                      std::string content_type = "text/plain; charset=utf-8");
  /// An HTML page, as Dropbox's front servers send.
  static Fault Html(std::string route, int status);
  /// Retry-After in header and body.
  static Fault RateLimit(std::string route, int64_t wait_s);
  static Fault EndpointError(std::string route, std::string tag);
  static Fault Transport(std::string route, TransportFault transport);
  static Fault Simple(std::string route, Kind kind);

  Fault&& Skip(uint64_t n) &&;
  Fault&& Times(uint64_t n) &&;
  Fault&& Every(uint64_t n) &&;
  Fault&& Chance(double p) &&;
  Fault&& Matching(std::string text) &&;
};

class Faults {
 public:
  explicit Faults(uint64_t seed) : random_(seed) {}
  void Inject(Fault fault) { active_.push_back({std::move(fault), 0, 0}); }
  void Clear() { active_.clear(); }
  /// The fault for this request, if any; counts the request against every fault that matches.
  std::optional<Fault> Next(std::string_view route, std::string_view argument);
  /// Times that any fault has struck.
  uint64_t struck() const { return struck_; }

 private:
  struct Active {
    Fault fault;
    uint64_t seen = 0;
    uint64_t hit = 0;
  };
  std::vector<Active> active_;
  std::mt19937_64 random_;
  uint64_t struck_ = 0;
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_FAULTS_H_
