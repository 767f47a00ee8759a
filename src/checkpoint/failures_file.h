// SPDX-License-Identifier: Apache-2.0
// The documents that were refused for good, one JSON object a line: for people, and for the next
// run, which tries them again. Durable before a checkpoint passes them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "report/failed_document.h"

namespace dbxes::checkpoint {

// The operation of a received file that could not be read: the next run compares all of them
// instead of asking for the place of this one, which it has not.
inline constexpr std::string_view kReadOperation = "read";

class FailuresFile {
 public:
  // More refusals in one run are no accident of single documents any more.
  static constexpr std::uint64_t kMost = 10'000;

  // `path` is "" when nothing is to be kept (a dry run, --output).
  FailuresFile(FileSystem& files, const Clock& clock, std::string path);

  // Reads what earlier runs left. A last line that a crash cut short is dropped: no checkpoint
  // counts it. kConfig for any other line that is no record.
  Result<void> Load();
  // The documents that earlier runs could not write, each once.
  const std::vector<report::FailedDocument>& earlier() const { return earlier_; }

  // Of several failures of one document in a run, the last one stands.
  void Add(report::FailedDocument failure);
  // kInternal, too, when this run has had more than kMost. Once writing has failed, every later
  // call fails in the same way.
  Result<void> Sync();
  // At the end of a run that tried every earlier document again: only its own failures stay.
  Result<void> Replace();

  std::uint64_t count() const { return count_; }  // documents
  // The first few of this run, for the summary.
  const std::vector<report::FailedDocument>& first() const { return first_; }
  const std::string& path() const { return path_; }

 private:
  Result<void> Write();

  FileSystem& files_;
  const Clock& clock_;
  std::string path_;
  std::string unwritten_;
  std::optional<Error> failure_;
  std::vector<std::string> lines_;                             // of this run
  std::unordered_map<std::string, std::size_t> line_numbers_;  // by id, into `lines_`
  std::unique_ptr<AppendFile> file_;
  bool is_there_ = false;     // when it was loaded
  std::uint64_t length_ = 0;  // of the file, whole lines only
  std::vector<report::FailedDocument> earlier_;
  std::map<std::string, std::uint64_t, std::less<>> attempts_;  // by id
  std::uint64_t count_ = 0;
  std::vector<report::FailedDocument> first_;
};

}  // namespace dbxes::checkpoint
