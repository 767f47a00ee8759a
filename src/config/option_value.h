// SPDX-License-Identifier: Apache-2.0
// From a value as somebody wrote it to the member of Config: one reader per type of setting, the
// same for the file, the environment and the flags. No I/O.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/option_table.h"

namespace dbxes::config {

// A value as it was written.
struct RawValue {
  // kText: from the environment or a flag, where everything is text. The rest: types of TOML.
  // kList: of strings.
  enum Kind { kText, kString, kInteger, kFloat, kBoolean, kOther, kList };
  Kind kind = kText;
  std::string text;    // kOther and kList: what it is, "a table"
  std::string origin;  // "FILE:LINE", "environment DBX_ES_...", "flag --x", "default"
  std::vector<std::string> items = {};  // kList
};

// Reads `value` into the row's member. kConfig: "ORIGIN: SETTING: expected ..., found ...", with
// the value of a secret left out.
Result<void> AssignOption(const OptionRow& row, const RawValue& value, Config& config);

// The words to execute for a value of type kCommand.
std::vector<std::string> CommandWords(const RawValue& value);

}  // namespace dbxes::config
