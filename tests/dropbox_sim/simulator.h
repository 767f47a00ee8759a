// SPDX-License-Identifier: Apache-2.0
//
// A Dropbox that answers requests in memory: strict about what it is asked, free in what it
// answers, and able to fail on demand. It opens no socket, starts no thread and reads no clock but
// the one it is given; the caller is the transport and honours Response::fault. Not thread-safe:
// the server program guards it with a mutex.

#ifndef DBXES_TESTS_DROPBOX_SIM_SIMULATOR_H_
#define DBXES_TESTS_DROPBOX_SIM_SIMULATOR_H_

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
  uint64_t seed = 1;
  Style style;  // Style::Mild() or Style::Nasty(); the default is plain
  TokenOptions tokens;
  /// The transport calls Finish() for each response; without it a request ends when Handle returns.
  bool track_in_flight = false;
  /// Requests this soon after a 429 were already under way and break no promise.
  int64_t wait_grace_ms = 0;
  /// Bytes of rendered pages that are kept.
  size_t page_cache_bytes = size_t{768} << 20;
  /// Pages hold about as many entries as asked for, but no more than about this.
  size_t default_page_size = 2000;
  /// Old rule for the batch of file members: a limit above 20 is refused.
  bool old_batch_limit = false;
  /// Longpoll answers after this long when nothing changes (as a fault for the transport to wait),
  /// 0 = the asked timeout.
  int64_t longpoll_wait_ms = 0;
  int64_t longpoll_jitter_ms = 0;   // up to so much longer
  uint64_t longpoll_backoff_s = 0;  // 0: none
  RateLimit rate_limit;             // of each authorization; the default is none
};

class Simulator {
 public:
  /// `clock` gives milliseconds since 1970.
  Simulator(Options options, ClockFn clock);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  /// Answers one request. Never throws and never blocks: a delay is described in Response::fault.
  Response Handle(const Request& request);
  /// Says that the transport is done with a response (see Options::track_in_flight).
  void Finish(uint64_t ticket);
  /// Asks for a longpoll that waits (see Response::waits_for_news): its answer, now that something
  /// has happened, or nothing when it is to wait on.
  std::optional<Response> Wake(const Request& request, uint64_t ticket);

  Tree& tree();
  Tokens& tokens();
  Faults& faults();
  Books& books();
  const Options& options() const;

  /// Adds a fault; see faults.h. Short for faults().Inject().
  void Inject(Fault fault);
  /// Changes Options::rate_limit and empties all buckets.
  void SetRateLimit(RateLimit limit);
  /// All cursors of listings and of the event log that were given out so far answer 409 reset from
  /// now on.
  void ResetCursors();
  /// From now on search answers as things are now, whatever changes: its index is updated late at
  /// Dropbox, too. Until ThawSearch.
  void FreezeSearch();
  void ThawSearch();
  /// Broken promises and manners so far, one sentence each; empty is what a test asks for.
  std::vector<std::string> Violations() const;
  /// Requests of a route so far, e.g. "files/list_folder/continue" or "oauth2/token".
  uint64_t Count(std::string_view route) const;
  /// A new run of the client begins: what an earlier run was told no longer binds it.
  void BeginRun();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_SIMULATOR_H_
