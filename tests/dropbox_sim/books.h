// SPDX-License-Identifier: Apache-2.0
// The simulator's records: every request, counters per route, and violations of the rules that a
// client of Dropbox must follow. A test ends with CHECK(simulator.Violations().empty()).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/message.h"

namespace dbxes::sim {

// Of an answer that Dropbox itself did not write.
inline constexpr char kForeignError[] = "not_from_dropbox";

struct LoggedRequest {
  std::int64_t time_ms = 0;
  std::string route;     // "files/list_folder", "oauth2/token"
  std::string argument;  // JSON; for oauth2/token the form with secrets blanked
  Headers headers;       // Authorization blanked
  int status = 0;
  std::string error;   // tag path of an endpoint error, kForeignError, else empty
  std::string caller;  // authorization it ran under: grant and select header, no secret
  bool fault = false;  // the answer was an injected one
};

class Books {
 public:
  // For each call: the request, then the answer.
  void Asked(const Request& request, const LoggedRequest& entry, std::int64_t now_ms,
             std::int64_t grace_ms, const std::vector<std::string>& secrets);
  void Answered(LoggedRequest entry, std::uint64_t tree_version);
  // A 429 was sent: no request with this authorization is allowed before `until_ms`.
  void PromisedWait(const std::string& caller, std::int64_t now_ms, std::int64_t until_ms);
  void CheckRetry(const LoggedRequest& entry, std::uint64_t tree_version);
  void Violation(std::string text);
  void BeginRun();
  void Reset();
  // Keep the list of requests (default) or only counters, for benchmarks.
  void set_keep_requests(bool keep) { keep_requests_ = keep; }

  const std::vector<LoggedRequest>& requests() const { return requests_; }
  const std::map<std::string, std::uint64_t, std::less<>>& counters() const { return counters_; }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  struct Wait {
    std::int64_t since_ms = 0;
    std::int64_t until_ms = 0;
  };
  bool keep_requests_ = true;
  std::vector<LoggedRequest> requests_;
  std::map<std::string, std::uint64_t, std::less<>> counters_;
  std::vector<std::string> violations_;
  std::map<std::string, Wait> waits_;
  std::map<std::string, std::uint64_t> refused_;  // caller, route and argument to tree version
};

}  // namespace dbxes::sim
