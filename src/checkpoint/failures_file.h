// SPDX-License-Identifier: Apache-2.0
// The failed documents, one JSON object a line: for people, and for the next run, which tries them
// again. Durable before a checkpoint passes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/os/file_system.h"
#include "checkpoint/failure_list.h"
#include "report/failed_document.h"

namespace dbxes::checkpoint {

// The operation of a received file that could not be read. Such a file has no path to ask for, so
// the next run compares all received files.
inline constexpr std::string_view kReadOperation = "read";

class FailuresFile {
 public:
  static constexpr std::uint64_t kMost = FailureList::kMost;

  // `path` is "" if no file is to be written (a dry run, --output).
  FailuresFile(FileSystem& files, const Clock& clock, std::string path);

  // Reads the records of earlier runs. Drops a last line that a crash cut short: no checkpoint
  // counts it. kConfig for any other line that is not a record.
  Result<void> Load();
  // The documents that earlier runs could not write, each once.
  const std::vector<report::FailedDocument>& earlier() const { return earlier_; }

  // Of several failures of one document in a run, the last one counts.
  void Add(report::FailedDocument failure);
  // A document that somebody else has changed under this run, which decides on it again before it
  // ends. No failure yet, but Sync records it like one, should the run not get there. Beyond kMost
  // of them, they are failures.
  void AddConflict(report::FailedDocument conflict);
  // Removes and returns the conflicts that are `wanted`. `durable`: the next Sync still records
  // those that none has recorded yet; for documents that a cursor passes. Conflicts which are left
  // when Replace is called become failures.
  std::vector<report::FailedDocument> TakeConflicts(
      const std::function<bool(const report::FailedDocument&)>& wanted, bool durable);
  // Makes the records durable. kInternal, too, if this run has had more than kMost. Once writing
  // has failed, every later call returns the same error.
  Result<void> Sync();
  // Call it at the end of a run that tried every earlier document again: keeps only its own
  // failures.
  Result<void> Replace();

  std::uint64_t count() const { return list_.count(); }  // documents
  // The first failures of this run, for the summary.
  const std::vector<report::FailedDocument>& first() const { return list_.first(); }
  // All failures of this run.
  Result<std::vector<report::FailedDocument>> current() const;
  const std::string& path() const { return path_; }

 private:
  struct Conflict {
    report::FailedDocument document;
    bool recorded = false;
  };

  void AddEarlier(FailureRecord record);
  void RecordConflict(Conflict& conflict);
  Result<void> Write();

  FileSystem& files_;
  const Clock& clock_;
  std::string path_;
  FailureList list_;  // of this run
  std::vector<report::FailedDocument> earlier_;
  std::vector<Conflict> conflicts_;
  std::string unwritten_;
  std::optional<Error> failure_;
  std::unique_ptr<AppendFile> file_;
  bool is_there_ = false;
  std::uint64_t length_ = 0;  // of the file, whole lines only
};

}  // namespace dbxes::checkpoint
