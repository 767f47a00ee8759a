// SPDX-License-Identifier: Apache-2.0
// The failures of one run as the lines of the failures file: one for each document, with the number
// of attempts over all runs. No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "report/failed_document.h"

namespace dbxes::checkpoint {

struct FailureRecord {
  report::FailedDocument failure;
  std::uint64_t attempts = 0;
};

// Parses one line of the file. kConfig or kTemporary if it is not a record.
Result<FailureRecord> ParseFailureLine(std::string_view line);

class FailureList {
 public:
  // With more failures in one run, the reason is not in single documents.
  static constexpr std::uint64_t kMost = 10'000;

  // Earlier runs tried this document that often. False if it was known already.
  bool NoteAttempts(const std::string& id, std::uint64_t attempts);
  // Adds a failure and returns its line; nothing if the run has had more than kMost. Of several
  // failures of one document, the last one counts. `time`: UTC, "2026-08-05T10:00:00Z".
  std::optional<std::string> Add(report::FailedDocument failure, std::string_view time);

  // The line of a document that is no failure yet.
  std::string LineOf(const report::FailedDocument& document, std::string_view time) const;

  std::uint64_t count() const { return count_; }  // documents
  bool empty() const { return lines_.empty(); }
  // The first failures, for the summary.
  const std::vector<report::FailedDocument>& first() const { return first_; }
  // All lines, in the order of their documents.
  std::string Text() const;

 private:
  std::vector<std::string> lines_;
  std::unordered_map<std::string, std::size_t> line_numbers_;   // by id, into `lines_`
  std::map<std::string, std::uint64_t, std::less<>> attempts_;  // by id
  std::uint64_t count_ = 0;
  std::vector<report::FailedDocument> first_;
};

}  // namespace dbxes::checkpoint
