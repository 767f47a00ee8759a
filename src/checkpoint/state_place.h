// SPDX-License-Identifier: Apache-2.0
// Where the state of one target is kept: the files of a folder (checkpoint/folder_place.h), or
// documents in the cluster. A run takes the place, so that no other run does, and gives it back at
// its end.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/http/request_sender.h"
#include "base/os/file_system.h"
#include "base/result.h"

namespace dbxes::checkpoint {

class StatePlace {
 public:
  virtual ~StatePlace() = default;

  // The parts of the state. Their names are base() and an ending: ".json", ".seen".
  virtual DurableFiles& files() = 0;
  virtual const std::string& base() const = 0;

  // Makes the parts readable, for somebody that changes nothing.
  virtual Result<void> Open() = 0;
  // Makes the parts readable and changeable for the process `pid`, until GiveBack. kLocked, naming
  // the holder and since when, if another run holds the place.
  virtual Result<void> Take(int pid) = 0;
  // Afterwards everything that was replaced or synced so far is durable.
  virtual Result<void> Flush() = 0;
  // Flush, and the end of what Take began; nothing if the place is not held.
  virtual Result<void> GiveBack() = 0;
  // After Take: whether a holder before this one did not give the place back, so that requests of
  // it may still be on their way.
  virtual bool HasTakenOver() const = 0;
  // The next write of a part notes what that means: later holders need not know.
  virtual void NoteTakenOver() = 0;
  // Whether this process holds the place.
  virtual bool IsHeld() const = 0;
  // Calls `done` once it is certain that no other run can hold the place, or with the error that
  // says why it is not. For each request that changes the target.
  virtual void WhenHeld(std::function<void(Result<void>)> done) = 0;

  // For people. The run that holds the place, as "pid 12, since 2026-08-05T10:00:00Z".
  virtual Result<std::optional<std::string>> HeldBy() = 0;
  // The same of a run that held the place and did not give it back, "" if it is not known.
  virtual std::string LastHolder() = 0;
  // Requests to the cluster for the state itself.
  virtual SenderCounters counters() const = 0;
};

}  // namespace dbxes::checkpoint
