// SPDX-License-Identifier: Apache-2.0
// Collects the bytes of one file over several tries, and verifies them by size and hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/http/http.h"
#include "base/result.h"
#include "content/content_hasher.h"
#include "content/download_result.h"
#include "content/fetch.h"

namespace dbxes::content {

class BodyReceiver final : public BodySink {
 public:
  explicit BodyReceiver(const FetchRequest& request)
      : route_(request.route), max_bytes_(request.max_bytes) {}

  // Call it before a try: requests the missing part.
  void Prepare(HttpRequest& request) const;
  void Begin(const HttpResponse& head) override;
  bool Write(std::string_view bytes) override;
  // Call it after an answer of success: checks that the file is complete and agrees with its
  // headers. kTemporary if another try may help; that try continues after the bytes received so
  // far.
  Result<void> Check();
  bool too_long() const { return too_long_; }
  FetchedContent Take();

 private:
  bool Continues(const HttpResponse& head, const DownloadResult& promise) const;
  void StartOver();

  FetchRoute route_;
  std::uint64_t max_bytes_;
  DownloadResult promise_;  // from the headers
  std::string bytes_;
  ContentHasher hasher_;
  bool misplaced_ = false;  // this answer is not the requested part
  bool too_long_ = false;
};

}  // namespace dbxes::content
