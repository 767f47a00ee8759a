// SPDX-License-Identifier: Apache-2.0
// The failed documents, one JSON object a line: for people, and for the next run, which tries them
// again. Durable before a checkpoint passes them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
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
  // They are held in memory.
  static constexpr std::size_t kMostConflicts = 10'000;

  // `path` is "" if no file is to be written (a dry run, --output).
  FailuresFile(DurableFiles& files, const Clock& clock, std::string path);

  // Reads the records of earlier runs. Drops a last line that a crash cut short: no checkpoint
  // counts it. kConfig for any other line that is not a record.
  Result<void> Load();
  // The documents that earlier runs could not write, each once.
  const std::vector<FailureRecord>& earlier() const { return earlier_; }
  bool IsKnown(const std::string& id) const { return numbers_.contains(id); }
  std::uint64_t CountEarlierFailures() const;  // without refused files
  std::uint64_t CountAccepted() const;         // those of them that the administrator accepts
  // Whether this run has anything to try again: a failure, or a refused file whose time has come.
  bool HasWork() const;
  // Whether any of them waits for its time, or for another revision of its file.
  bool HasDeferred() const { return waiting_.for_time || waiting_.for_revision; }
  // Something happened to this document, or at this path: what failed there is tried again now.
  void Touch(std::string_view id, std::string_view path);
  // Dropbox has this revision of the file, of this time (UTC). A failure of an
  // earlier one is accepted no longer.
  void NoteRevision(std::string_view id, std::string_view server_modified);
  // The time to try it again has come, or something happened to it. Accepted ones are never due.
  bool IsDue(const FailureRecord& record) const;

  // Of several failures of one document in a run, the last one counts. One that the administrator
  // accepts, of the same operation, stays accepted and is not counted.
  void Add(report::FailedDocument failure);
  // A document that somebody else has changed under this run, which decides on it again before it
  // ends. No failure yet, but Sync records it like one, should the run not get there. Beyond
  // kMostConflicts of them, they are failures.
  void AddConflict(report::FailedDocument conflict);
  // Removes and returns the conflicts that are `wanted`. `durable`: the next Sync still records
  // those that none has recorded yet; for documents that a cursor passes. Conflicts which are left
  // when Replace is called become failures.
  std::vector<report::FailedDocument> TakeConflicts(
      const std::function<bool(const report::FailedDocument&)>& wanted, bool durable);
  // A file that Dropbox refuses to hand out: no failure, but later runs ask for it again. What has
  // failed as well stays a failure.
  void AddRefused(report::FailedDocument refused);
  // The same as Add, of a file that is perhaps gone: the end of the run has to ask. A document that
  // failed for another reason as well, before or after it, is not doubtful and keeps that reason.
  void AddDoubtful(const report::FailedDocument& failure);
  std::vector<report::FailedDocument> TakeDoubtful();
  // The document turned out not to have failed.
  void Withdraw(const std::string& id) { list_.Withdraw(id); }
  // Dropbox has said in this run that it has no such document: it is not asked for it again, should
  // the run start over.
  void NoteGone(const std::string& id) { gone_.insert(id); }
  bool IsGone(const std::string& id) const { return gone_.contains(id); }
  // This run did what failed, which was this operation; what else failed of the document stays.
  void NoteRepaired(std::string_view id, std::string_view operation);
  // This run does not try it.
  void Keep(const FailureRecord& record);
  bool HasFailed(const std::string& id) const { return list_.Contains(id); }

  // Makes the records durable. Once writing has failed, every later call returns the same error.
  Result<void> Sync();
  // The same, and removes the records of earlier runs that are repaired. Call it at the end of a
  // run that tries no document again.
  Result<void> SyncRepaired();
  // Call it at the end of a run that tried every earlier document again, or kept it: leaves only
  // the failures of this run.
  Result<void> Replace();

  std::uint64_t count() const { return list_.count(); }  // documents
  // Whether the file has anything in it, or had before this run.
  bool HasRecords() const { return !list_.empty() || !earlier_.empty(); }
  // The first failures of this run, for the summary.
  const std::vector<report::FailedDocument>& first() const { return list_.first(); }
  std::vector<std::pair<std::string, std::uint64_t>> Groups() const { return list_.Groups(); }
  // All failures of this run, without those that it kept.
  Result<std::vector<report::FailedDocument>> current() const;
  const std::string& path() const { return path_; }

 private:
  struct Conflict {
    report::FailedDocument document;
    bool recorded = false;
  };

  void AddEarlier(FailureRecord record);
  void RecordConflict(Conflict& conflict);
  bool IsRepaired(const std::string& id) const;
  Result<void> Write();

  DurableFiles& files_;
  const Clock& clock_;
  std::string path_;
  FailureList list_;  // of this run
  std::vector<FailureRecord> earlier_;
  std::unordered_map<std::string, std::size_t> numbers_;  // by id, into `earlier_`
  std::unordered_set<std::string> gone_;
  struct {
    bool for_time = false;
    bool for_revision = false;
  } waiting_;                                               // what any of the earlier ones wait for
  std::unordered_set<std::uint64_t> touched_;               // Hash64 of ids and paths
  std::map<std::string, report::FailedDocument> doubtful_;  // by id
  std::vector<Conflict> conflicts_;
  // The file: what is still to be written, the first error, whether it was there when it was loaded
  // and its length in bytes then, whole lines only.
  struct {
    std::string unwritten;
    std::optional<Error> failure;
    std::unique_ptr<AppendFile> handle;
    bool is_there = false;
    std::uint64_t length = 0;
  } file_;
};

}  // namespace dbxes::checkpoint
