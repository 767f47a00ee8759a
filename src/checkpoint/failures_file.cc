// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFileMode = 0600;

}  // namespace

FailuresFile::FailuresFile(FileSystem& files, const Clock& clock, std::string path)
    : files_(files), clock_(clock), path_(std::move(path)) {}

Result<void> FailuresFile::Load() {
  if (path_.empty()) return {};
  auto text = files_.ReadFile(path_);
  if (!text && text.error().kind == ErrorKind::kNotFound) return {};
  if (!text) return Fail(text.error());
  is_there_ = true;
  std::size_t begin = 0;
  for (std::size_t end = text->find('\n'); end != std::string::npos;
       end = text->find('\n', begin)) {
    auto record = ParseFailureLine(std::string_view(*text).substr(begin, end - begin));
    begin = end + 1;
    if (!record) {
      return Fail(
          ErrorKind::kConfig,
          fmt::format("failures file {} is damaged: move it away and run dbx-es full-sync", path_));
    }
    AddEarlier(std::move(*record));
  }
  length_ = begin;
  return {};
}

void FailuresFile::AddEarlier(FailureRecord record) {
  report::FailedDocument& failure = record.failure;
  if (list_.NoteAttempts(failure.id, record.attempts)) {
    earlier_.push_back(std::move(failure));
    return;
  }
  const auto same =
      std::find_if(earlier_.begin(), earlier_.end(),
                   [&](const report::FailedDocument& one) { return one.id == failure.id; });
  *same = std::move(failure);
}

void FailuresFile::Add(report::FailedDocument failure) {
  const auto line = list_.Add(std::move(failure), FormatUtc(clock_.WallMicros()));
  if (line && !path_.empty()) unwritten_ += *line;
}

void FailuresFile::AddConflict(report::FailedDocument conflict) {
  if (conflicts_.size() >= kMost) return Add(std::move(conflict));
  conflicts_.push_back({std::move(conflict)});
}

void FailuresFile::RecordConflict(Conflict& conflict) {
  if (path_.empty() || std::exchange(conflict.recorded, true)) return;
  unwritten_ += list_.LineOf(conflict.document, FormatUtc(clock_.WallMicros()));
}

std::vector<report::FailedDocument> FailuresFile::TakeConflicts(
    const std::function<bool(const report::FailedDocument&)>& wanted, bool durable) {
  const auto begin =
      std::stable_partition(conflicts_.begin(), conflicts_.end(),
                            [&](const Conflict& conflict) { return !wanted(conflict.document); });
  std::vector<report::FailedDocument> taken;
  for (auto conflict = begin; conflict != conflicts_.end(); ++conflict) {
    if (durable) RecordConflict(*conflict);
    taken.push_back(std::move(conflict->document));
  }
  conflicts_.erase(begin, conflicts_.end());
  return taken;
}

Result<std::vector<report::FailedDocument>> FailuresFile::current() const {
  std::vector<report::FailedDocument> failures;
  const std::string text = list_.Text();
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    TRY_ASSIGN(auto record, ParseFailureLine(line));
    failures.push_back(std::move(record.failure));
  }
  return failures;
}

Result<void> FailuresFile::Sync() {
  if (count() > kMost) {
    return Fail(ErrorKind::kInternal,
                fmt::format("more than {} documents failed, the first with: {}", kMost,
                            first().front().reason));
  }
  if (failure_) return Fail(*failure_);
  for (Conflict& conflict : conflicts_) RecordConflict(conflict);
  if (unwritten_.empty()) return {};
  auto written = Write();
  // The file may end in a part of a line: nothing may follow it.
  if (!written) failure_ = written.error();
  return written;
}

Result<void> FailuresFile::Write() {
  if (!file_) {
    TRY_ASSIGN(file_, files_.OpenAppend(path_, length_));
  }
  is_there_ = true;
  TRY(file_->Append(unwritten_));
  unwritten_.clear();
  return file_->Sync();
}

Result<void> FailuresFile::Replace() {
  for (Conflict& conflict : std::exchange(conflicts_, {})) Add(std::move(conflict.document));
  // A crash may have left a file without a complete line.
  if (path_.empty() || (!is_there_ && list_.empty())) return {};
  file_.reset();
  unwritten_.clear();
  if (list_.empty()) return files_.Remove(path_);
  return files_.ReplaceFile(path_, list_.Text(), kFileMode);
}

}  // namespace dbxes::checkpoint
