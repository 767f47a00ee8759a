// SPDX-License-Identifier: Apache-2.0
#include "base/http/paused_transfers.h"

namespace dbxes {

void PausedTransfers::Add(CURL* handle, Milliseconds wait) {
  due_.emplace(std::chrono::steady_clock::now() + wait, handle);
}

void PausedTransfers::Forget(CURL* handle) {
  std::erase_if(due_, [handle](const auto& paused) { return paused.second == handle; });
}

std::optional<PausedTransfers::Time> PausedTransfers::Next() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

std::vector<PausedTransfers::Broken> PausedTransfers::ResumeDue() {
  std::vector<Broken> broken;
  if (due_.empty()) return broken;
  const auto end = due_.upper_bound(std::chrono::steady_clock::now());
  std::vector<CURL*> handles;
  for (auto at = due_.begin(); at != end; ++at) handles.push_back(at->second);
  due_.erase(due_.begin(), end);
  // curl delivers here what it has kept, and the callback may pause again.
  for (CURL* handle : handles) {
    const CURLcode code = curl_easy_pause(handle, CURLPAUSE_CONT);
    if (code != CURLE_OK) broken.push_back({handle, code});
  }
  return broken;
}

}  // namespace dbxes
