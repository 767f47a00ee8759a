// SPDX-License-Identifier: Apache-2.0
// The documents that were refused for good, one JSON object a line, for people and for the next
// run. Durable before a checkpoint passes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_system.h"
#include "report/reporter.h"

namespace dbxes {

class FailuresFile {
 public:
  // `path` is "" when nothing is to be kept (a dry run, --output).
  FailuresFile(FileSystem& files, const Clock& clock, std::string path);

  void Add(FailedDocument failure);
  Result<void> Sync();

  std::uint64_t count() const { return count_; }
  // The first few of this run, for the summary.
  const std::vector<FailedDocument>& first() const { return first_; }
  const std::string& path() const { return path_; }

 private:
  FileSystem& files_;
  const Clock& clock_;
  std::string path_;
  std::string unwritten_;
  std::unique_ptr<AppendFile> file_;
  std::uint64_t count_ = 0;
  std::vector<FailedDocument> first_;
};

}  // namespace dbxes
