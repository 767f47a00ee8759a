// SPDX-License-Identifier: Apache-2.0
// A sink that remembers what it was given. Marks are released when the test says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "elastic/action_sink.h"

namespace dbxes::sync {

class RecordingSink final : public elastic::ActionSink {
 public:
  Result<void> Add(const elastic::BulkAction& action) override {
    lines.push_back(std::string(elastic::ToString(action.kind)) + " " + std::string(action.id) +
                    " " + std::string(action.source) + std::string(action.tail));
    actions.push_back({action.kind, action.version, action.sync_seq});
    return {};
  }
  void Mark(std::uint64_t token) override {
    lines.push_back("mark " + std::to_string(token));
    if (releases) released = token;
  }
  std::optional<std::uint64_t> TakeReleasedMark() override { return std::exchange(released, {}); }
  Result<void> Drain() override {
    lines.emplace_back("drain");
    return {};
  }
  std::size_t BufferedBytes() const override { return buffered; }
  const elastic::BulkCounters& counters() const override { return counters_; }

  std::vector<std::string> lines;
  struct Action {
    elastic::BulkAction::Kind kind;
    elastic::DocumentVersion version;
    std::int64_t sync_seq;
  };
  std::vector<Action> actions;
  bool releases = true;  // each mark at once
  std::optional<std::uint64_t> released;
  std::size_t buffered = 0;

 private:
  elastic::BulkCounters counters_;
};

}  // namespace dbxes::sync
