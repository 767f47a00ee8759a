// SPDX-License-Identifier: Apache-2.0
// Writes the bulk API's NDJSON to a file or to stdout instead of a cluster, for `POST
// <index>/_bulk` by another program. A deletion is an error, since the file has nothing to delete.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "elastic/action_sink.h"

namespace dbxes::elastic {

class NdjsonFile final : public ActionSink {
 public:
  // "-" is stdout. kConfig when the file cannot be opened. `on_change` is called with the change of
  // each action once its document is in the file.
  static Result<std::unique_ptr<NdjsonFile>> Open(
      const std::string& path, std::function<void(const report::Change&)> on_change = {});
  ~NdjsonFile() override;

  Result<void> Add(const BulkAction& action) override;
  void Mark(std::uint64_t token) override { mark_ = token; }
  std::optional<std::uint64_t> TakeReleasedMark() override { return std::exchange(mark_, {}); }
  // kInternal when the bytes could not be written: a full disk, a closed pipe.
  Result<void> Drain() override;
  const BulkCounters& counters() const override { return counters_; }

 private:
  NdjsonFile(std::FILE* file, std::string path,
             std::function<void(const report::Change&)> on_change)
      : file_(file), path_(std::move(path)), on_change_(std::move(on_change)) {}

  std::FILE* file_;
  std::string path_;
  std::function<void(const report::Change&)> on_change_;
  std::vector<std::shared_ptr<const report::Change>> changes_;  // of what is in `buffer_`
  std::string buffer_;
  BulkCounters counters_;
  std::optional<std::uint64_t> mark_;
};

}  // namespace dbxes::elastic
