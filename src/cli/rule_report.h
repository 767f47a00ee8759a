// SPDX-License-Identifier: Apache-2.0
// The report of validate-rules about a rules file: its mistakes, and what its rules would do.
#pragma once

#include <optional>
#include <string>

#include "base/exit_code.h"
#include "check/rule_review.h"
#include "cli/command_line.h"
#include "config/config.h"
#include "report/reporter.h"
#include "rules/rule_file.h"

namespace dbxes::cli {

struct RuleReport {
  std::string name;  // of the file, for messages
  rules::RuleFile file;
  std::optional<check::RulePreview> preview;
};

// Reads and checks a file; "-" is standard input.
Result<RuleReport> ReadReport(const std::string& path);
// kOk or kConfiguration.
ExitCode CodeOf(const RuleReport& report);
// Prints it as text or as one JSON object, and returns CodeOf().
ExitCode Show(RuleReport& report, const OutputOptions& output, report::Reporter& reporter);

}  // namespace dbxes::cli
