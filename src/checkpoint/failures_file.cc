// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json.h"

namespace dbxes {
namespace {

constexpr std::size_t kShown = 20;
constexpr unsigned kFileMode = 0600;

// Proves the parts of a line that the next run goes by: a flipped bit must not make it look for
// another document, or for none.
std::string Check(std::string_view id, std::string_view operation) {
  return ToHex64(Hash64(std::string(id) + "\n" + std::string(operation)));
}

std::string ToLine(const FailedDocument& failure, std::uint64_t attempts, std::string_view time) {
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

}  // namespace

FailuresFile::FailuresFile(FileSystem& files, const Clock& clock, std::string path)
    : files_(files), clock_(clock), path_(std::move(path)) {}

Result<void> FailuresFile::Load() {
  if (path_.empty()) return {};
  auto text = files_.ReadFile(path_);
  if (!text && text.error().kind == ErrorKind::kNotFound) return {};
  if (!text) return Fail(text.error());
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
    if (!attempts_.insert_or_assign(id, attempts).second) continue;
    earlier_.push_back({id, std::string(StringMember(*line, "path")),
                        std::string(StringMember(*line, "operation")),
                        static_cast<int>(UintMember(*line, "status").value_or(0)),
                        std::string(StringMember(*line, "reason"))});
  }
  length_ = begin;
  return {};
}

void FailuresFile::Add(FailedDocument failure) {
  ++count_;
  if (!path_.empty() && count_ <= kMost) {
    const std::uint64_t attempts = ++attempts_[failure.id];
    const std::string line = ToLine(failure, attempts, FormatUtc(clock_.WallMicros()));
    unwritten_ += line;
    of_this_run_ += line;
  }
  if (first_.size() < kShown) first_.push_back(std::move(failure));
}

Result<void> FailuresFile::Sync() {
  if (count_ > kMost) {
    return Fail(ErrorKind::kInternal,
                fmt::format("more than {} documents were refused, the first because: {}", kMost,
                            first_.front().reason));
  }
  if (unwritten_.empty()) return {};
  if (!file_) {
    auto file = files_.OpenAppend(path_, length_);
    if (!file) return Fail(file.error());
    file_ = std::move(*file);
  }
  if (auto done = file_->Append(unwritten_); !done) return done;
  unwritten_.clear();
  return file_->Sync();
}

Result<void> FailuresFile::Replace() {
  if (path_.empty() || (earlier_.empty() && count_ == 0)) return {};
  file_.reset();
  unwritten_.clear();
  if (of_this_run_.empty()) return files_.Remove(path_);
  return files_.ReplaceFile(path_, of_this_run_, kFileMode);
}

}  // namespace dbxes
