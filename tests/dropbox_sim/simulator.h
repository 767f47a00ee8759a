// SPDX-License-Identifier: Apache-2.0
// A Dropbox that answers requests in memory: strict about requests, free in its answers within the
// rules, and able to fail on demand. It opens no socket, starts no thread and reads only the clock
// that it is given; the caller is the transport and honours Response::fault. Not thread-safe: the
// server program guards it with a mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dropbox_sim/books.h"
#include "dropbox_sim/faults.h"
#include "dropbox_sim/message.h"
#include "dropbox_sim/rate_limiter.h"
#include "dropbox_sim/style.h"
#include "dropbox_sim/tokens.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

struct Options {
  std::uint64_t seed = 1;
  Style style;  // Style::Mild() or Style::Nasty(); the default is plain
  TokenOptions tokens;
  // The transport calls Finish() for each response; without it a request ends when Handle returns.
  bool track_in_flight = false;
  // Requests this soon after a 429 were already in flight and are no violation.
  std::int64_t wait_grace_ms = 0;
  // Bytes of rendered pages that are kept.
  std::size_t page_cache_bytes = std::size_t{768} << 20;
  // Pages hold about as many entries as asked for, but no more than about this.
  std::size_t default_page_size = 2000;
  // Old rule for the batch of file members: a limit above 20 is refused.
  bool old_batch_limit = false;
  // Longpoll answers after this long when nothing changes (as a fault for the transport to wait),
  // 0 = the asked timeout.
  std::int64_t longpoll_wait_ms = 0;
  std::int64_t longpoll_jitter_ms = 0;   // up to this much longer
  std::uint64_t longpoll_backoff_s = 0;  // 0: none
  RateLimit rate_limit;                  // of each authorization; the default is none
};

class Simulator {
 public:
  // `clock` gives milliseconds since 1970.
  Simulator(Options options, ClockFn clock);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  // Answers one request. Never throws and never blocks: a delay is described in Response::fault.
  Response Handle(const Request& request);
  // The transport has finished a response (see Options::track_in_flight).
  void Finish(std::uint64_t ticket);
  // The answer of a longpoll that waits (see Response::waits_for_news) after a change; nothing when
  // it has to keep waiting.
  std::optional<Response> Wake(const Request& request, std::uint64_t ticket);

  Tree& tree();
  Tokens& tokens();
  Faults& faults();
  Books& books();
  const Options& options() const;

  // Adds a fault; see faults.h. Short for faults().Inject().
  void Inject(Fault fault);
  // Changes Options::rate_limit and empties all buckets.
  void SetRateLimit(RateLimit limit);
  // From now on all cursors of listings and of the event log issued so far answer 409 reset.
  void ResetCursors();
  // Until ThawSearch, search answers from the tree as it is now: Dropbox updates its search index
  // late, too.
  void FreezeSearch();
  void ThawSearch();
  // Violations so far, one sentence each; a test expects none.
  std::vector<std::string> Violations() const;
  // Requests of a route so far, e.g. "files/list_folder/continue" or "oauth2/token".
  std::uint64_t Count(std::string_view route) const;
  // A new run of the client begins: waits announced to an earlier run no longer count.
  void BeginRun();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dbxes::sim
