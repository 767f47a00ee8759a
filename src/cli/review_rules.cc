// SPDX-License-Identifier: Apache-2.0
#include "check/rule_review.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/outcome.h"
#include "cli/rule_report.h"

namespace dbxes::cli {
namespace {

// Folders that do not exist in Dropbox are errors of the file, too.
Result<void> AskDropbox(const config::Config& config, bool preview, RuleReport& report,
                        report::Reporter& reporter) {
  const rules::RuleSet& rules = report.file.rules;
  RealEnvironment environment(config.report.trace, reporter);
  TRY_ASSIGN(auto review, check::ReviewRules(*environment, config, rules, preview, reporter));
  for (std::size_t i = 0; i < rules.advanced.size(); ++i) {
    if (review.wrong_folders[i].empty()) continue;
    const rules::AdvancedRule& rule = rules.advanced[i];
    report.file.findings.Add({rules::Finding::Severity::kError,
                              rule.path_place,
                              rule.pointer + "/options/path",
                              review.wrong_folders[i],
                              {}});
  }
  report.preview = std::move(review.preview);
  if (!report.preview) return {};
  for (const std::string& warning : report.preview->warnings) reporter.Warn(warning);
  return {};
}

}  // namespace

ExitCode RunReviewRules(const CommandLine& line, const config::Config& config,
                        report::Reporter& reporter) {
  auto report = ReadReport(line.values.Argument(0));
  if (!report) return ReportOutcome("validate-rules", Fail(report.error()), reporter);
  if (CodeOf(*report) == ExitCode::kOk) {
    auto asked = AskDropbox(config, line.values.Has("--preview"), *report, reporter);
    if (!asked) return ReportOutcome("validate-rules", asked, reporter);
  }
  return Show(*report, line.output, reporter);
}

}  // namespace dbxes::cli
