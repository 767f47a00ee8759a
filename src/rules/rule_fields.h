// SPDX-License-Identifier: Apache-2.0
// The fields of a document that basic rules can test, and how values are compared: numbers as
// numbers, dates as dates, texts byte by byte.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dbxes::rules {

enum class RuleFieldType : std::uint8_t {
  kText,
  kNumber,
  kDate,
  kBool,
  kLater,    // documents have it, but only after rules have decided
  kUnknown,  // no document of dbx-es has it
};

struct RuleField {
  std::string_view name;
  RuleFieldType type;
};

std::span<const RuleField> RuleFields();
RuleFieldType TypeOfField(std::string_view name);

// The whole text as a decimal number.
std::optional<double> ParseNumber(std::string_view text);
// Microseconds since 1970 of "2026-01-31", "2026-01-31T10:00:00Z" and the like (ISO 8601); without
// an offset it is UTC.
std::optional<std::int64_t> ParseDate(std::string_view text);
// true, yes, on, 1 and their opposites, in any case of letters.
std::optional<bool> ParseBool(std::string_view text);

}  // namespace dbxes::rules
