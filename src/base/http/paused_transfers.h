// SPDX-License-Identifier: Apache-2.0
// Transfers of libcurl that wait until a rate lets them continue (base/http/rate_limit.h). A paused
// transfer reads nothing from its socket, so that TCP slows the sender down.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <map>
#include <optional>

#include "base/clock.h"

namespace dbxes {

class PausedTransfers {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // For a write callback, which then returns CURL_WRITEFUNC_PAUSE.
  void Add(CURL* handle, Milliseconds wait);
  // Before the handle is used otherwise or freed; it need not be paused.
  void Forget(CURL* handle);
  // When the first one continues; nothing if none is paused.
  std::optional<Time> Next() const;
  // Continues those whose time has come. Calls their write callbacks, never the end of a transfer.
  void ResumeDue();

 private:
  std::multimap<Time, CURL*> due_;
};

}  // namespace dbxes
