// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace dbxes::checkpoint {
namespace {

constexpr unsigned kFileMode = 0600;

}  // namespace

FailuresFile::FailuresFile(DurableFiles& files, const Clock& clock, std::string path)
    : files_(files), clock_(clock), path_(std::move(path)) {}

Result<void> FailuresFile::Load() {
  if (path_.empty()) return {};
  auto text = files_.ReadFile(path_);
  if (!text && text.error().kind == ErrorKind::kNotFound) return {};
  if (!text) return Fail(text.error());
  file_.is_there = true;
  std::size_t begin = 0;
  for (std::size_t end = text->find('\n'); end != std::string::npos;
       end = text->find('\n', begin)) {
    auto record = ParseFailureLine(std::string_view(*text).substr(begin, end - begin));
    begin = end + 1;
    if (!record) {
      return Fail(ErrorKind::kConfig,
                  fmt::format("failures file {} is damaged: {} and run dbx-es full-sync", path_,
                              files_.HowToDiscard(/*with_checkpoint=*/false)));
    }
    AddEarlier(std::move(*record));
  }
  file_.length = begin;
  return {};
}

void FailuresFile::AddEarlier(FailureRecord record) {
  waiting_.for_time = waiting_.for_time || !record.next.empty();
  waiting_.for_revision = waiting_.for_revision || !record.accepted.empty();
  const std::string& id = record.failure.id;
  list_.NoteAttempts(id, record.attempts);
  const auto [number, is_new] = numbers_.try_emplace(id, earlier_.size());
  if (is_new) {
    earlier_.push_back(std::move(record));
  } else {
    earlier_[number->second] = std::move(record);
  }
}

std::uint64_t FailuresFile::CountEarlierFailures() const {
  return static_cast<std::uint64_t>(
      std::count_if(earlier_.begin(), earlier_.end(),
                    [](const FailureRecord& record) { return IsFailure(record.failure); }));
}

std::uint64_t FailuresFile::CountAccepted() const {
  return static_cast<std::uint64_t>(
      std::count_if(earlier_.begin(), earlier_.end(), [](const FailureRecord& record) {
        return IsFailure(record.failure) && !record.accepted.empty();
      }));
}

bool FailuresFile::HasWork() const {
  return std::any_of(earlier_.begin(), earlier_.end(), [this](const FailureRecord& record) {
    const bool counts = IsFailure(record.failure) && record.accepted.empty();
    return counts || IsDue(record);
  });
}

void FailuresFile::NoteRevision(std::string_view id, std::string_view server_modified) {
  if (!waiting_.for_revision) return;
  const auto number = numbers_.find(std::string(id));
  if (number == numbers_.end()) return;
  // Times have one format, so that they compare as text.
  FailureRecord& record = earlier_[number->second];
  const std::string& tried = record.time.empty() ? record.accepted : record.time;
  if (server_modified > tried) record.accepted.clear();
}

void FailuresFile::Touch(std::string_view id, std::string_view path) {
  if (!waiting_.for_time) return;
  if (!id.empty()) touched_.insert(Hash64(id));
  touched_.insert(Hash64(path));
  // That many changes are worth one more try of each.
  constexpr std::size_t kMostTouched = 100'000;
  if (touched_.size() > kMostTouched) waiting_.for_time = false;
}

bool FailuresFile::IsDue(const FailureRecord& record) const {
  if (!record.accepted.empty()) return false;
  // Times have one format, so that they compare as text. One beyond the longest delay comes from a
  // clock that has jumped.
  const std::string now = FormatUtc(clock_.WallMicros());
  const std::string latest = FormatUtc(clock_.WallMicros() + kLongestDelay);
  if (!waiting_.for_time || record.next <= now || record.next > latest) return true;
  if (touched_.contains(Hash64(record.failure.id))) return true;
  std::string_view path = record.failure.path;
  while (!path.empty()) {
    if (touched_.contains(Hash64(path))) return true;
    const std::size_t slash = path.rfind('/');
    path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  return false;
}

void FailuresFile::Add(report::FailedDocument failure) {
  doubtful_.erase(failure.id);
  const auto earlier = numbers_.find(failure.id);
  if (earlier != numbers_.end()) {
    const FailureRecord& record = earlier_[earlier->second];
    const bool same = record.failure.operation == failure.operation;
    if (same && !record.accepted.empty()) return Keep(record);
  }
  const std::string line = list_.Add(std::move(failure), clock_.WallMicros());
  if (!path_.empty()) file_.unwritten += line;
}

void FailuresFile::AddRefused(report::FailedDocument refused) {
  if (list_.Counts(refused.id)) return;
  refused.operation = kRefusedOperation;
  Add(std::move(refused));
}

void FailuresFile::AddDoubtful(const report::FailedDocument& failure) {
  // Its reason is worth more than that of a file which may be gone.
  if (list_.Counts(failure.id) && !doubtful_.contains(failure.id)) return;
  Add(failure);
  doubtful_.insert_or_assign(failure.id, failure);
}

std::vector<report::FailedDocument> FailuresFile::TakeDoubtful() {
  std::vector<report::FailedDocument> taken;
  for (auto& [id, failure] : std::exchange(doubtful_, {})) taken.push_back(std::move(failure));
  return taken;
}

void FailuresFile::NoteRepaired(std::string_view id, std::string_view operation) {
  if (earlier_.empty()) return;
  const auto number = numbers_.find(std::string(id));
  if (number == numbers_.end()) return;
  FailureRecord& record = earlier_[number->second];
  record.repaired = record.failure.operation == operation;
}

bool FailuresFile::IsRepaired(const std::string& id) const {
  const auto number = numbers_.find(id);
  return number != numbers_.end() && earlier_[number->second].repaired && !list_.Contains(id);
}

void FailuresFile::Keep(const FailureRecord& record) {
  list_.Keep(record, record.time.empty() ? FormatUtc(clock_.WallMicros()) : record.time);
}

void FailuresFile::AddConflict(report::FailedDocument conflict) {
  if (conflicts_.size() >= kMostConflicts) return Add(std::move(conflict));
  conflicts_.push_back({std::move(conflict)});
}

void FailuresFile::RecordConflict(Conflict& conflict) {
  if (path_.empty() || std::exchange(conflict.recorded, true)) return;
  file_.unwritten += list_.LineOf(conflict.document, FormatUtc(clock_.WallMicros()));
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
    const auto number = numbers_.find(record.failure.id);
    const bool kept =
        number != numbers_.end() && earlier_[number->second].attempts == record.attempts;
    if (kept || !IsFailure(record.failure)) continue;
    failures.push_back(std::move(record.failure));
  }
  return failures;
}

Result<void> FailuresFile::Sync() {
  if (file_.failure) return Fail(*file_.failure);
  for (Conflict& conflict : conflicts_) RecordConflict(conflict);
  if (file_.unwritten.empty()) return {};
  auto written = Write();
  // The file may end in a part of a line: nothing may follow it.
  if (!written) file_.failure = written.error();
  return written;
}

Result<void> FailuresFile::Write() {
  if (!file_.handle) {
    TRY_ASSIGN(file_.handle, files_.OpenAppend(path_, file_.length));
  }
  TRY(file_.handle->Append(file_.unwritten));
  file_.unwritten.clear();
  return file_.handle->Sync();
}

Result<void> FailuresFile::SyncRepaired() {
  TRY(Sync());
  const bool any =
      std::any_of(earlier_.begin(), earlier_.end(),
                  [this](const FailureRecord& record) { return IsRepaired(record.failure.id); });
  if (path_.empty() || !any) return {};
  TRY_ASSIGN(const std::string text, files_.ReadFile(path_));
  std::string left;
  std::string_view rest = text;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    TRY_ASSIGN(const auto record, ParseFailureLine(rest.substr(0, end)));
    if (!IsRepaired(record.failure.id)) left += rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
  }
  file_.handle.reset();
  file_.is_there = !left.empty();
  file_.length = left.size();
  return left.empty() ? files_.Remove(path_) : files_.ReplaceFile(path_, left, kFileMode);
}

Result<void> FailuresFile::Replace() {
  for (Conflict& conflict : std::exchange(conflicts_, {})) Add(std::move(conflict.document));
  // A crash may have left a file without a complete line; this run may have withdrawn its own.
  const bool is_there = file_.is_there || file_.handle != nullptr;
  if (path_.empty() || (!is_there && list_.empty())) return {};
  file_.handle.reset();
  file_.unwritten.clear();
  if (list_.empty()) return files_.Remove(path_);
  return files_.ReplaceFile(path_, list_.Text(), kFileMode);
}

}  // namespace dbxes::checkpoint
