// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/ascii.h"

namespace dbxes::rules {
namespace {

constexpr std::array kFields{
    RuleField{"id", RuleFieldType::kText},
    RuleField{"type", RuleFieldType::kText},
    RuleField{"name", RuleFieldType::kText},
    RuleField{"file_path", RuleFieldType::kText},
    RuleField{"path_lower", RuleFieldType::kText},
    RuleField{"ancestors", RuleFieldType::kText},
    RuleField{"url", RuleFieldType::kText},
    RuleField{"size", RuleFieldType::kNumber},
    RuleField{"_timestamp", RuleFieldType::kDate},
    RuleField{"client_modified", RuleFieldType::kDate},
    RuleField{"server_modified", RuleFieldType::kDate},
    RuleField{"extension", RuleFieldType::kText},
    RuleField{"mime_type", RuleFieldType::kText},
    RuleField{"rev", RuleFieldType::kText},
    RuleField{"received", RuleFieldType::kBool},
    RuleField{"content_hash", RuleFieldType::kText},
    RuleField{"namespace_id", RuleFieldType::kText},
    RuleField{"shared_folder_id", RuleFieldType::kText},
    RuleField{"_extract_binary_content", RuleFieldType::kBool},
    RuleField{"_reduce_whitespace", RuleFieldType::kBool},
    RuleField{"_run_ml_inference", RuleFieldType::kBool},
    RuleField{"_allow_access_control", RuleFieldType::kLater},
    RuleField{"_attachment", RuleFieldType::kLater},
    RuleField{"body", RuleFieldType::kLater},
    RuleField{"title", RuleFieldType::kLater},
    RuleField{"author", RuleFieldType::kLater},
    RuleField{"language", RuleFieldType::kLater},
    RuleField{"body_truncated", RuleFieldType::kLater},
    RuleField{"damaged_partly", RuleFieldType::kLater},
    RuleField{"body_fingerprint", RuleFieldType::kLater},
    RuleField{"permissions_fingerprint", RuleFieldType::kLater},
    RuleField{"sync_fingerprint", RuleFieldType::kLater},
    RuleField{"sync_seq", RuleFieldType::kLater},
    RuleField{"sync_version", RuleFieldType::kLater},
};

// Reads exactly `count` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// "2026-01-31" off the front, as days since 1970.
std::optional<std::int64_t> TakeDay(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !Take(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// The digits after a decimal point, in microseconds; finer digits are dropped.
std::optional<std::int64_t> TakeFraction(std::string_view& text) {
  std::int64_t micros = 0;
  std::size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (digits++ < 6) micros = micros * 10 + (text.front() - '0');
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return micros;
}

// "10:30", "10:30:05", "10:30:05.25" off the front, in microseconds.
std::optional<std::int64_t> TakeTime(std::string_view& text) {
  constexpr std::int64_t kSecond = 1'000'000;
  const auto hour = TakeDigits(text, 2);
  if (!hour || *hour > 23 || !Take(text, ':')) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t micros = (*hour * 60 + *minute) * 60 * kSecond;
  if (!Take(text, ':')) return micros;
  const auto second = TakeDigits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  micros += *second * kSecond;
  if (!Take(text, '.')) return micros;
  const auto fraction = TakeFraction(text);
  if (!fraction) return std::nullopt;
  return micros + *fraction;
}

// "Z", "+02:00", "-0330" or nothing, in minutes.
std::optional<std::int64_t> TakeOffset(std::string_view& text) {
  if (text.empty() || Take(text, 'Z') || Take(text, 'z')) return 0;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 23) return std::nullopt;
  if (!text.empty()) Take(text, ':');
  const auto minutes = text.empty() ? std::optional<int>(0) : TakeDigits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t offset = *hours * 60 + *minutes;
  return west ? -offset : offset;
}

}  // namespace

std::span<const RuleField> RuleFields() { return kFields; }

RuleFieldType TypeOfField(std::string_view name) {
  const auto found = std::find_if(kFields.begin(), kFields.end(),
                                  [&](const RuleField& field) { return field.name == name; });
  return found == kFields.end() ? RuleFieldType::kUnknown : found->type;
}

std::optional<double> ParseNumber(std::string_view text) {
  double value = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  // from_chars accepts "inf" and "nan", but no plus sign.
  if (!text.empty() && *begin == '+') ++begin;
  const char* first = begin != end && *begin == '-' && begin == text.data() ? begin + 1 : begin;
  if (first == end || ((*first < '0' || *first > '9') && *first != '.')) return std::nullopt;
  const auto parsed = std::from_chars(begin, end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> ParseDate(std::string_view text) {
  const auto day = TakeDay(text);
  if (!day) return std::nullopt;
  std::int64_t micros = *day * 86'400'000'000;
  if (text.empty()) return micros;
  if (!Take(text, 'T') && !Take(text, 't') && !Take(text, ' ')) return std::nullopt;
  const auto time = TakeTime(text);
  if (!time) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return micros + *time - *offset * 60'000'000;
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string lower = LowerAscii(text);
  for (const std::string_view word : {"true", "yes", "on", "y", "t", "1"}) {
    if (lower == word) return true;
  }
  for (const std::string_view word : {"false", "no", "off", "n", "f", "0"}) {
    if (lower == word) return false;
  }
  return std::nullopt;
}

}  // namespace dbxes::rules
