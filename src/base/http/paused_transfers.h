// SPDX-License-Identifier: Apache-2.0
// Transfers of libcurl that wait until a rate lets them continue (base/http/rate_limit.h). A paused
// transfer reads nothing from its socket, so that TCP slows the sender down.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <map>
#include <optional>
#include <vector>

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
  // Continues those whose time has come, which calls their write callbacks. Returns those that can
  // not continue, because the callback refused what curl had kept: libcurl 7.88 forgets such a
  // transfer, so the caller has to end it.
  struct Broken {
    CURL* handle;
    CURLcode code;
  };
  std::vector<Broken> ResumeDue();

 private:
  std::multimap<Time, CURL*> due_;
};

}  // namespace dbxes
