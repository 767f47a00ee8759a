// SPDX-License-Identifier: Apache-2.0
// Writes the bulk API's NDJSON to a file or to stdout instead of a cluster, for `POST
// <index>/_bulk` by another program. A deletion is an error, since the file has nothing to delete.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "elastic/action_sink.h"

namespace dbxes::elastic {

class NdjsonFile final : public ActionSink {
 public:
  // "-" is stdout. kConfig when the file cannot be opened.
  static Result<std::unique_ptr<NdjsonFile>> Open(const std::string& path);
  ~NdjsonFile() override;

  Result<void> Add(const BulkAction& action) override;
  void Mark(std::uint64_t token) override { mark_ = token; }
  std::optional<std::uint64_t> TakeReleasedMark() override { return std::exchange(mark_, {}); }
  // kInternal when the bytes could not be written: a full disk, a closed pipe.
  Result<void> Drain() override;
  const BulkCounters& counters() const override { return counters_; }

 private:
  NdjsonFile(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}

  std::FILE* file_;
  std::string path_;
  std::string buffer_;
  BulkCounters counters_;
  std::optional<std::uint64_t> mark_;
};

}  // namespace dbxes::elastic
