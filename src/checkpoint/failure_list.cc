// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_list.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/json/json.h"
#include "report/text.h"

namespace dbxes::checkpoint {
namespace {

constexpr std::size_t kShown = 20;

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
  return report::SafeJson(View(buffer)) + "\n";
}

}  // namespace

Result<FailureRecord> ParseFailureLine(std::string_view line) {
  TRY_ASSIGN(const auto json, ParseJson(line, "the line"));
  FailureRecord record;
  record.failure = {std::string(StringMember(json, "id")), std::string(StringMember(json, "path")),
                    std::string(StringMember(json, "operation")),
                    static_cast<int>(UintMember(json, "status").value_or(0)),
                    std::string(StringMember(json, "reason"))};
  record.attempts = UintMember(json, "attempts").value_or(1);
  const report::FailedDocument& failure = record.failure;
  const bool intact = StringMember(json, "check") == Check(failure.id, failure.operation);
  if (failure.id.empty() || !intact) {
    return Fail(ErrorKind::kConfig, "the line is not a record of a failure");
  }
  return record;
}

bool FailureList::NoteAttempts(const std::string& id, std::uint64_t attempts) {
  return attempts_.insert_or_assign(id, attempts).second;
}

std::optional<std::string> FailureList::Add(report::FailedDocument failure, std::string_view time) {
  const auto [number, is_new] = line_numbers_.try_emplace(failure.id, lines_.size());
  if (is_new && ++count_ > kMost) {
    line_numbers_.erase(number);
    return std::nullopt;
  }
  const std::uint64_t attempts = is_new ? ++attempts_[failure.id] : attempts_[failure.id];
  std::string line = ToLine(failure, attempts, time);
  if (is_new) {
    lines_.push_back(line);
    if (first_.size() < kShown) first_.push_back(std::move(failure));
    return line;
  }
  lines_[number->second] = line;
  const auto shown =
      std::find_if(first_.begin(), first_.end(),
                   [&](const report::FailedDocument& one) { return one.id == failure.id; });
  if (shown != first_.end()) *shown = std::move(failure);
  return line;
}

std::string FailureList::LineOf(const report::FailedDocument& document,
                                std::string_view time) const {
  const auto earlier = attempts_.find(document.id);
  return ToLine(document, earlier == attempts_.end() ? 0 : earlier->second, time);
}

std::string FailureList::Text() const {
  std::string text;
  for (const std::string& line : lines_) text += line;
  return text;
}

}  // namespace dbxes::checkpoint
