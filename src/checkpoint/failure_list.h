// SPDX-License-Identifier: Apache-2.0
// The failures of one run as the lines of the failures file: one for each document, with the number
// of attempts over all runs; and the files that Dropbox refused to hand out, which later runs ask
// for again although they are no failures. No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "report/failed_document.h"

namespace dbxes::checkpoint {

struct FailureRecord {
  report::FailedDocument failure;
  std::uint64_t attempts = 0;
  std::string next;           // UTC: not tried before, "" for the next run
  std::string accepted = {};  // UTC: since when the administrator accepts it, "" if it is not
  std::string time = {};      // UTC: of the failure
  bool repaired = false;      // by this run (FailuresFile::NoteRepaired)
};

// The operation of a file that Dropbox refused. It is not counted and does not decide the exit
// code.
inline constexpr std::string_view kRefusedOperation = "refused";
bool IsFailure(const report::FailedDocument& recorded);

// The longest time between two tries, in microseconds.
inline constexpr std::int64_t kLongestDelay = std::int64_t{24} * 3600 * 1'000'000;

// When a document is tried again that failed so often (attempts over all runs): the first times by
// the next run, then after a growing delay of at most a day. `now`: microseconds since 1970.
std::string NextTry(std::uint64_t attempts, std::int64_t now);

// Parses one line of the file. kConfig or kTemporary if it is not a record.
Result<FailureRecord> ParseFailureLine(std::string_view line);

// The line of a record.
std::string FailureLineOf(const FailureRecord& record, std::string_view time);

class FailureList {
 public:
  // Earlier runs tried this document that often. False if it was known already.
  bool NoteAttempts(const std::string& id, std::uint64_t attempts);
  // Adds a failure and returns its line. Of several failures of one document, the last one counts.
  // `now`: microseconds since 1970.
  std::string Add(report::FailedDocument failure, std::int64_t now);
  bool Counts(const std::string& id) const { return group_of_.contains(id); }
  // Adds what an earlier run recorded and this one did not try, as it was; or what the
  // administrator accepts, which is not counted.
  void Keep(const FailureRecord& record, std::string_view time);
  // The document turned out not to have failed.
  void Withdraw(const std::string& id);
  bool Contains(const std::string& id) const { return line_numbers_.contains(id); }

  // The line of a document that is no failure yet.
  std::string LineOf(const report::FailedDocument& document, std::string_view time) const;

  std::uint64_t count() const { return count_; }  // documents that failed
  bool empty() const { return line_numbers_.empty(); }
  // The first failures, for the summary.
  const std::vector<report::FailedDocument>& first() const { return first_; }
  // How many documents failed in which way ("download, HTTP 403"), the most frequent first.
  std::vector<std::pair<std::string, std::uint64_t>> Groups() const;
  // All lines, in the order of their documents.
  std::string Text() const;

 private:
  void Insert(const report::FailedDocument& failure, std::string line, bool counts = true);
  void Count(const report::FailedDocument& failure);
  void Uncount(const std::string& id);

  std::vector<std::string> lines_;                             // "" for one that was withdrawn
  std::unordered_map<std::string, std::size_t> line_numbers_;  // by id, into `lines_`
  std::unordered_map<std::string, std::uint64_t> attempts_;    // by id
  std::unordered_set<std::string> kept_;                       // ids of those without a try
  std::map<std::string, std::uint64_t> groups_;
  std::unordered_map<std::string, std::string> group_of_;  // by id
  std::uint64_t count_ = 0;
  std::vector<report::FailedDocument> first_;
};

}  // namespace dbxes::checkpoint
