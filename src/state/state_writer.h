// SPDX-License-Identifier: Apache-2.0
// Writes the state document, one write at a time, each on condition of the version before it. A
// write whose answer is lost is decided by reading the document: it names the write by a nonce.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "base/result.h"
#include "state/state_index.h"

namespace dbxes::state {

class StateWriter {
 public:
  using Done = std::function<void(Result<void>)>;

  StateWriter(EventLoop& loop, StateIndex& index);

  // Begins with what is stored, nothing for a state that is to be made. `owner` is the name under
  // which this process writes, "" for a process that only reads.
  void Begin(std::optional<StoredState> stored, std::string owner);

  const StateDocument& document() const { return document_; }
  // For changes, which the next write contains.
  StateDocument& Change();

  // Calls `done` after a write that contains all changes made so far. kKeptElsewhere if another
  // run has taken the state; then nothing is ever written again.
  void Write(Done done);
  // Writes and waits.
  Result<void> Await();
  // Await if there are changes that are not written.
  Result<void> Flush();

  // Why the state is no longer this process's.
  const std::optional<Error>& lost() const { return lost_; }
  // When the last write that took effect was sent, on the loop's clock.
  Milliseconds last_sent() const { return last_sent_; }
  bool is_busy() const { return write_.busy; }

 private:
  void StartWrite();
  void Send();
  void OnAnswer(const Result<elastic::DocumentVersion>& answer);
  void OnReadBack(const Error& error, const Result<std::optional<StoredState>>& found);
  void Finish(Result<void> outcome);
  void Lose(std::string_view how);

  EventLoop& loop_;
  StateIndex& index_;
  std::string owner_;
  StateDocument document_;
  elastic::DocumentVersion version_;  // of what is stored
  bool dirty_ = false;                // changed since the last write began
  std::optional<Error> lost_;
  // The write under way.
  struct {
    bool busy = false;
    StateDocument document;
    Milliseconds sent{0};
    int conflicts = 0;
    std::vector<Done> served;
  } write_;
  std::vector<Done> queue_;  // for the next write
  Milliseconds last_sent_{0};
  CallbackScope callbacks_;
};

}  // namespace dbxes::state
