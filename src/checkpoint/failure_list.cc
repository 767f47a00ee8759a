// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/failure_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json/json_write.h"
#include "report/text.h"

namespace dbxes::checkpoint {
namespace {

constexpr std::size_t kShown = 20;

// So often the next run tries a document again, whenever it is.
constexpr std::uint64_t kTriedByNextRun = 3;
constexpr std::int64_t kMinute = 60'000'000;  // microseconds
constexpr std::int64_t kFirstDelay = 15 * kMinute;

// Protects the parts of a line that the next run uses: a flipped bit must not make it try another
// document, or none.
std::string Check(std::string_view id, std::string_view operation) {
  return ToHex64(Hash64(std::string(id) + "\n" + std::string(operation)));
}

std::string GroupOf(const report::FailedDocument& failure) {
  return failure.status == 0 ? failure.operation
                             : fmt::format("{}, HTTP {}", failure.operation, failure.status);
}

}  // namespace

std::string FailureLineOf(const FailureRecord& record, std::string_view time) {
  const report::FailedDocument& failure = record.failure;
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  const auto field = [&](std::string_view key, std::string_view value) {
    WriteExactly(writer, key, value);
  };
  writer.StartObject();
  field("time", time);
  field("id", failure.id);
  field("path", failure.path);
  field("operation", failure.operation);
  WriteNumber(writer, "status", failure.status);
  field("reason", failure.reason);
  WriteNumber(writer, "attempts", record.attempts);
  field("next", record.next);
  if (!record.accepted.empty()) field("accepted", record.accepted);
  field("check", Check(failure.id, failure.operation));
  writer.EndObject();
  return report::SafeJson(View(buffer)) + "\n";
}

bool IsFailure(const report::FailedDocument& recorded) {
  return recorded.operation != kRefusedOperation;
}

Result<FailureRecord> ParseFailureLine(std::string_view line) {
  TRY_ASSIGN(const auto json, ParseJson(line, "the line"));
  FailureRecord record;
  record.failure = {std::string(StringMember(json, "id")), std::string(StringMember(json, "path")),
                    std::string(StringMember(json, "operation")),
                    static_cast<int>(UintMember(json, "status").value_or(0)),
                    std::string(StringMember(json, "reason"))};
  record.attempts = UintMember(json, "attempts").value_or(1);
  record.next = StringMember(json, "next");
  record.accepted = StringMember(json, "accepted");
  record.time = StringMember(json, "time");
  const report::FailedDocument& failure = record.failure;
  const bool intact = StringMember(json, "check") == Check(failure.id, failure.operation);
  if (failure.id.empty() || !intact) {
    return Fail(ErrorKind::kConfig, "the line is not a record of a failure");
  }
  return record;
}

std::string NextTry(std::uint64_t attempts, std::int64_t now) {
  if (attempts <= kTriedByNextRun) return "";
  const std::uint64_t doublings = std::min<std::uint64_t>(attempts - kTriedByNextRun - 1, 10);
  return FormatUtc(now + std::min(kFirstDelay << doublings, kLongestDelay));
}

bool FailureList::NoteAttempts(const std::string& id, std::uint64_t attempts) {
  return attempts_.insert_or_assign(id, attempts).second;
}

void FailureList::Insert(const report::FailedDocument& failure, std::string line, bool counts) {
  const auto [number, is_new] = line_numbers_.try_emplace(failure.id, lines_.size());
  if (is_new) {
    lines_.push_back(std::move(line));
  } else {
    lines_[number->second] = std::move(line);
  }
  if (counts && IsFailure(failure)) Count(failure);
}

void FailureList::Count(const report::FailedDocument& failure) {
  const std::string group = GroupOf(failure);
  ++groups_[group];
  const auto [counted, is_new] = group_of_.try_emplace(failure.id, group);
  if (is_new) {
    ++count_;
    if (first_.size() < kShown) first_.push_back(failure);
    return;
  }
  --groups_[std::exchange(counted->second, group)];
  const auto shown =
      std::find_if(first_.begin(), first_.end(),
                   [&](const report::FailedDocument& one) { return one.id == failure.id; });
  if (shown != first_.end()) *shown = failure;
}

void FailureList::Uncount(const std::string& id) {
  const auto counted = group_of_.find(id);
  if (counted == group_of_.end()) return;
  --groups_[counted->second];
  --count_;
  group_of_.erase(counted);
  std::erase_if(first_, [&](const report::FailedDocument& one) { return one.id == id; });
}

std::string FailureList::Add(report::FailedDocument failure, std::int64_t now) {
  std::uint64_t& attempts = attempts_[failure.id];
  if (!Contains(failure.id) || kept_.erase(failure.id) > 0) ++attempts;
  const FailureRecord record{std::move(failure), attempts, NextTry(attempts, now)};
  std::string line = FailureLineOf(record, FormatUtc(now));
  Insert(record.failure, line);
  return line;
}

std::string FailureList::LineOf(const report::FailedDocument& document,
                                std::string_view time) const {
  const auto earlier = attempts_.find(document.id);
  return FailureLineOf({document, earlier == attempts_.end() ? 0 : earlier->second, ""}, time);
}

void FailureList::Keep(const FailureRecord& record, std::string_view time) {
  if (Contains(record.failure.id)) return;
  kept_.insert(record.failure.id);
  Insert(record.failure, FailureLineOf(record, time), record.accepted.empty());
}

void FailureList::Withdraw(const std::string& id) {
  const auto number = line_numbers_.find(id);
  if (number == line_numbers_.end()) return;
  lines_[number->second].clear();
  line_numbers_.erase(number);
  if (kept_.erase(id) == 0) --attempts_[id];
  Uncount(id);
}

std::vector<std::pair<std::string, std::uint64_t>> FailureList::Groups() const {
  std::vector<std::pair<std::string, std::uint64_t>> groups;
  for (const auto& [group, count] : groups_) {
    if (count > 0) groups.emplace_back(group, count);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return groups;
}

std::string FailureList::Text() const {
  std::string text;
  for (const std::string& line : lines_) text += line;
  return text;
}

}  // namespace dbxes::checkpoint
