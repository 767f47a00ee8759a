// SPDX-License-Identifier: Apache-2.0
// What validate-rules says of a file of sync rules: its mistakes, and what its rules would do.
#pragma once

#include <optional>
#include <string>

#include "base/exit_code.h"
#include "check/rule_review.h"
#include "config/config.h"
#include "report/reporter.h"
#include "rules/rule_file.h"

namespace dbxes::cli {

struct RuleReport {
  std::string name;  // of the file, for people
  rules::RuleFile file;
  std::optional<check::RulePreview> preview;
};

// Reads and checks a file; "-" is standard input.
Result<RuleReport> ReadReport(const std::string& path);
// The summary of a command that could not do its work. Answers with its exit code.
ExitCode ReportFailure(const Error& error, report::Reporter& reporter);
// kOk or kConfiguration.
ExitCode CodeOf(const RuleReport& report);
// Prints it as text or as one JSON object. Answers with CodeOf.
ExitCode Show(RuleReport& report, const config::OutputConfig& output, report::Reporter& reporter);

}  // namespace dbxes::cli
