// SPDX-License-Identifier: Apache-2.0
// Collects the bytes of one file over several tries, and verifies them by size and hash.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/http/http.h"
#include "base/result.h"
#include "content/content_hasher.h"
#include "content/download_result.h"
#include "content/fetch.h"

namespace dbxes::content {

class BodyReceiver final : public BodySink {
 public:
  explicit BodyReceiver(FetchRequest request) : request_(std::move(request)) {}

  // Call it before a try: requests the missing part.
  void Prepare(HttpRequest& request) const;
  void Begin(const HttpResponse& head) override;
  bool Write(std::string_view bytes) override;
  // Call it after an answer of success: checks that the file is complete and agrees with its
  // headers. kTemporary if another try may help; that try continues after the bytes received so
  // far.
  Result<void> Check();
  bool too_long() const { return too_long_; }
  bool unknown() const { return unknown_; }
  // Of one that is too long for its room: it is not known to be longer than the limit.
  bool may_fit() const {
    return Room() < request_.max_bytes && promise_.size <= request_.max_bytes;
  }
  FetchedContent Take();

 private:
  bool Continues(const HttpResponse& head, const DownloadResult& promise) const;
  void StartOver();
  std::uint64_t Room() const {
    return request_.room == 0 ? request_.max_bytes : std::min(request_.room, request_.max_bytes);
  }

  FetchRequest request_;
  DownloadResult promise_;  // from the headers
  std::string bytes_;
  ContentHasher hasher_;
  bool misplaced_ = false;  // this answer is not the requested part
  bool too_long_ = false;
  bool unknown_ = false;
};

}  // namespace dbxes::content
