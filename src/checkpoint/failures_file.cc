// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failures_file.h"

#include "base/json.h"

namespace dbxes {
namespace {

constexpr std::size_t kShown = 20;

std::string ToLine(const FailedDocument& failure, std::string_view time) {
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
  writer.EndObject();
  return std::string(View(buffer)) + "\n";
}

}  // namespace

FailuresFile::FailuresFile(FileSystem& files, const Clock& clock, std::string path)
    : files_(files), clock_(clock), path_(std::move(path)) {}

void FailuresFile::Add(FailedDocument failure) {
  ++count_;
  if (!path_.empty()) unwritten_ += ToLine(failure, FormatUtc(clock_.WallMicros()));
  if (first_.size() < kShown) first_.push_back(std::move(failure));
}

Result<void> FailuresFile::Sync() {
  if (unwritten_.empty()) return {};
  if (!file_) {
    auto before = files_.ReadFile(path_);
    const bool absent = !before && before.error().kind == ErrorKind::kNotFound;
    if (!before && !absent) return Fail(before.error());
    auto file = files_.OpenAppend(path_, before ? before->size() : 0);
    if (!file) return Fail(file.error());
    file_ = std::move(*file);
  }
  if (auto done = file_->Append(unwritten_); !done) return done;
  unwritten_.clear();
  return file_->Sync();
}

}  // namespace dbxes
