// SPDX-License-Identifier: Apache-2.0
// Rules files as text, and what is reported about them: for the tests of the steps of reading one.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule_file.h"

namespace dbxes::rules {

using Lines = std::vector<std::string>;

// All findings as printed, ":LINE:COLUMN: error: POINTER: MESSAGE", in order.
inline Lines FindingsOf(std::string_view text) {
  RuleFile file = ReadRules(text);
  Lines lines;
  for (const Finding& finding : file.findings.Sorted()) {
    lines.push_back(FormatFinding(finding, ""));
  }
  return lines;
}

inline std::string Basic(const std::string& members) {
  return R"([{"id":"1","policy":"exclude","field":"name","rule":"equals","value":"a","order":1)" +
         (members.empty() ? "" : "," + members) + "}]";
}

// A list of one rule with one member replaced.
inline std::string With(std::string_view key, std::string_view value) {
  const std::pair<std::string_view, std::string_view> members[] = {
      {"id", "\"1\""},        {"policy", "\"exclude\""}, {"field", "\"name\""},
      {"rule", "\"equals\""}, {"value", "\"a\""},        {"order", "1"}};
  std::string text;
  for (const auto& [name, usual] : members) {
    text +=
        fmt::format("{}\"{}\":{}", text.empty() ? "[{" : ",", name, name == key ? value : usual);
  }
  return text + "}]";
}

inline std::string Rule(std::string_view id, std::string_view field, std::string_view op,
                        std::string_view value, int order) {
  return fmt::format(
      R"({{"id":"{}","policy":"exclude","field":"{}","rule":"{}","value":"{}","order":{}}})", id,
      field, op, value, order);
}

inline std::string Condition(std::string_view field, std::string_view op, std::string_view value) {
  return "[" + Rule("1", field, op, value, 1) + "]";
}

}  // namespace dbxes::rules
