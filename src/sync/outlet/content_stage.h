// SPDX-License-Identifier: Apache-2.0
// Documents that wait for the content of their files: a sink in front of the one that writes them,
// which hands each on as soon as its text has arrived. Marks are released, and actions on one id
// kept in order, as if nothing had waited.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/http/event_loop.h"
#include "content/content_plan.h"
#include "elastic/action_sink.h"
#include "sync/outlet/body_writer.h"
#include "sync/outlet/downloads.h"
#include "sync/outlet/recent_writes.h"

namespace dbxes::sync {

class ContentStage final : public elastic::ActionSink {
 public:
  // Records in `recent` each document that it hands on to `next`.
  ContentStage(EventLoop& loop, Downloads& downloads, BodyWriter& bodies, RecentWrites& recent,
               elastic::ActionSink& next);
  ContentStage(const ContentStage&) = delete;
  ContentStage& operator=(const ContentStage&) = delete;

  // As Add, once the content has been fetched as `download` says: with its text, or as it is when
  // there is none to be had. Waits while too many are under way.
  Result<void> AddWithContent(const elastic::BulkAction& action, DownloadPtr download);
  // Hands on what has arrived, starts what there is room for, and releases marks. Does not wait.
  Result<void> HandOn();

  // Whether a document with this id (Hash64) waits for its file.
  bool Holds(std::uint64_t id) const { return by_id_.contains(id); }

  // Drops what has not been handed on, and the marks that wait for it: a stop does not wait for
  // downloads, and no checkpoint counts them.
  void Abandon();

  Result<void> Add(const elastic::BulkAction& action) override;
  void Mark(std::uint64_t token) override;
  std::optional<std::uint64_t> TakeReleasedMark() override;
  Result<void> AwaitId(std::string_view id) override;
  Result<void> Flush() override { return next_.Flush(); }
  Result<void> Drain() override;
  std::size_t BufferedBytes() const override {
    return next_.BufferedBytes() + downloads_.held_bytes();
  }
  const elastic::BulkCounters& counters() const override { return next_.counters(); }

 private:
  using DocumentPtr = std::shared_ptr<WaitingDocument>;
  struct PendingMark {
    std::uint64_t token;
    std::uint64_t document;  // the last one that it waits for
  };

  Result<void> Deliver(WaitingDocument& document);
  template <class Condition>
  Result<void> WaitUntil(Condition condition);

  EventLoop& loop_;
  Downloads& downloads_;
  BodyWriter& bodies_;
  RecentWrites& recent_;
  elastic::ActionSink& next_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, DocumentPtr> waiting_;          // not handed on yet, by number
  std::unordered_map<std::uint64_t, DocumentPtr> by_id_;  // by hash of the id: one at a time
  std::deque<PendingMark> marks_;
  std::optional<std::uint64_t> released_;
  std::optional<Error> failure_;
};

}  // namespace dbxes::sync
