// SPDX-License-Identifier: Apache-2.0
// Collects the bytes of one file over as many tries as it takes, and proves them.
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

  // Before a try: asks for the part that is missing.
  void Prepare(HttpRequest& request) const;
  void Begin(const HttpResponse& head) override;
  bool Write(std::string_view bytes) override;
  // After an answer of success: is the file complete, and is it what its headers say? kTemporary
  // when another try may help; what was received stays where that try can go on from it.
  Result<void> Check();
  bool too_long() const { return too_long_; }
  FetchedContent Take();

 private:
  bool GoesOn(const HttpResponse& head, const DownloadResult& promise) const;
  void StartOver();

  FetchRoute route_;
  std::uint64_t max_bytes_;
  DownloadResult promise_;  // what the headers said
  std::string bytes_;
  ContentHasher hasher_;
  bool misplaced_ = false;  // this answer is not the part that was asked for
  bool too_long_ = false;
};

}  // namespace dbxes::content
