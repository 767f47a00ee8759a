// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/json/json.h"

namespace dbxes::checkpoint {
namespace {

constexpr std::size_t kShown = 20;
constexpr unsigned kFileMode = 0600;

// Protects the parts of a line that the next run uses: a flipped bit must not make it try another
// document, or none.
std::string Check(std::string_view id, std::string_view operation) {
  return ToHex64(Hash64(std::string(id) + "\n" + std::string(operation)));
}

std::string ToLine(const report::FailedDocument& failure, std::uint64_t attempts,
                   std::string_view time) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  const auto field = [&](std::string_view key, std::string_view value) {
    WriteKey(writer, key);
    WriteString(writer, value);
  };
  writer.StartObject();
  field("time", time);
  field("id", failure.id);
  field("path", failure.path);
  field("operation", failure.operation);
  writer.Key("status");
  writer.Int(failure.status);
  field("reason", failure.reason);
  writer.Key("attempts");
  writer.Uint64(attempts);
  field("check", Check(failure.id, failure.operation));
  writer.EndObject();
  return std::string(View(buffer)) + "\n";
}

std::vector<report::FailedDocument>::iterator FindById(
    std::vector<report::FailedDocument>& failures, const std::string& id) {
  return std::find_if(failures.begin(), failures.end(),
                      [&](const report::FailedDocument& failure) { return failure.id == id; });
}

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
    auto line = ParseJson(std::string_view(*text).substr(begin, end - begin), path_);
    begin = end + 1;
    const std::string id = line ? std::string(StringMember(*line, "id")) : std::string();
    const bool intact =
        line && StringMember(*line, "check") == Check(id, StringMember(*line, "operation"));
    if (id.empty() || !intact) {
      return Fail(
          ErrorKind::kConfig,
          fmt::format("failures file {} is damaged: move it away and run dbx-es full-sync", path_));
    }
    const std::uint64_t attempts = UintMember(*line, "attempts").value_or(1);
    report::FailedDocument failure{id, std::string(StringMember(*line, "path")),
                                   std::string(StringMember(*line, "operation")),
                                   static_cast<int>(UintMember(*line, "status").value_or(0)),
                                   std::string(StringMember(*line, "reason"))};
    if (attempts_.insert_or_assign(id, attempts).second) {
      earlier_.push_back(std::move(failure));
    } else {
      *FindById(earlier_, id) = std::move(failure);
    }
  }
  length_ = begin;
  return {};
}

void FailuresFile::Add(report::FailedDocument failure) {
  const auto [number, is_new] = line_numbers_.try_emplace(failure.id, lines_.size());
  if (is_new && ++count_ > kMost) {
    line_numbers_.erase(number);
    return;
  }
  const std::uint64_t attempts = is_new ? ++attempts_[failure.id] : attempts_[failure.id];
  std::string line = ToLine(failure, attempts, FormatUtc(clock_.WallMicros()));
  if (!path_.empty()) unwritten_ += line;
  if (is_new) {
    lines_.push_back(std::move(line));
    if (first_.size() < kShown) first_.push_back(std::move(failure));
    return;
  }
  lines_[number->second] = std::move(line);
  const auto shown = FindById(first_, failure.id);
  if (shown != first_.end()) *shown = std::move(failure);
}

Result<void> FailuresFile::Sync() {
  if (count_ > kMost) {
    return Fail(ErrorKind::kInternal,
                fmt::format("more than {} documents failed, the first with: {}", kMost,
                            first_.front().reason));
  }
  if (failure_) return Fail(*failure_);
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
  TRY(file_->Append(unwritten_));
  unwritten_.clear();
  return file_->Sync();
}

Result<void> FailuresFile::Replace() {
  // A crash may have left a file without a complete line.
  if (path_.empty() || (!is_there_ && lines_.empty())) return {};
  file_.reset();
  unwritten_.clear();
  if (lines_.empty()) return files_.Remove(path_);
  std::string text;
  for (const std::string& line : lines_) text += line;
  return files_.ReplaceFile(path_, text, kFileMode);
}

}  // namespace dbxes::checkpoint
