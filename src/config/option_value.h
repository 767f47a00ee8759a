// SPDX-License-Identifier: Apache-2.0
// Converts a value from the file, the environment or a flag to the member of Config. One reader per
// type of setting. No I/O.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/option_table.h"

namespace dbxes::config {

// A value as the user wrote it.
struct RawValue {
  // kText: from the environment or a flag. The others: types of TOML. kList: of strings.
  enum Kind { kText, kString, kInteger, kFloat, kBoolean, kOther, kList };
  Kind kind = kText;
  std::string text;    // kOther and kList: the type, "a table"
  std::string origin;  // "FILE:LINE", "environment DBX_ES_...", "flag --x", "default"
  // kList; kText: of a flag that may be repeated
  std::vector<std::string> items = {};
  std::string flaw = {};  // kOther: why a list is none of strings, "whose element 2 is a number"
};

// Reads `value` into the row's member. kConfig: "ORIGIN: SETTING: expected ..., found ...", without
// the value of a secret.
Result<void> AssignOption(const OptionRow& row, const RawValue& value, Config& config);

// The arguments to execute for a value of type kCommand.
std::vector<std::string> CommandWords(const RawValue& value);

}  // namespace dbxes::config
