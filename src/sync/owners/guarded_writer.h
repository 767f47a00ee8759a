// SPDX-License-Identifier: Apache-2.0
// The end of the pipeline behind the guard of the index: the only way to write documents to a
// cluster.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "elastic/action_sink.h"
#include "sync/owners/index_guard.h"

namespace dbxes::sync {

class GuardedWriter final : public elastic::ActionSink {
 public:
  GuardedWriter(std::unique_ptr<elastic::ActionSink> writer, IndexGuard& guard);

  // The errors of IndexGuard::BeforeWrite before anything was written.
  Result<void> Add(const elastic::BulkAction& action) override;
  void Mark(std::uint64_t token) override { writer_->Mark(token); }
  std::optional<std::uint64_t> TakeReleasedMark() override { return writer_->TakeReleasedMark(); }
  Result<void> AwaitId(std::string_view id) override { return writer_->AwaitId(id); }
  Result<void> Flush() override { return writer_->Flush(); }
  Result<void> Drain() override { return writer_->Drain(); }
  void StartOver() override { writer_->StartOver(); }
  std::size_t BufferedBytes() const override { return writer_->BufferedBytes(); }
  const elastic::BulkCounters& counters() const override { return writer_->counters(); }

 private:
  std::unique_ptr<elastic::ActionSink> writer_;
  IndexGuard& guard_;
};

}  // namespace dbxes::sync
