// SPDX-License-Identifier: Apache-2.0
#include "cli/run_reporters.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/http/curl_http.h"
#include "base/http/trace_file.h"
#include "cli/version.h"

namespace dbxes::cli {
namespace {

// A setting of [report] from flags or environment, before the configuration is loaded.
std::string Early(const CommandLine& line, const ProgramContext& context, std::string_view key) {
  const config::OptionRow* row = config::FindOption("report", key);
  for (const config::FlagSetting& flag : line.load.flags) {
    if (flag.row == row) return flag.text;
  }
  const auto found = context.sources.environment.find(config::EnvironmentName(*row));
  return found == context.sources.environment.end() ? "" : found->second;
}

constexpr std::string_view kChanges = "--changes";

report::ProgressMode ProgressOf(std::string_view text) {
  using report::ProgressMode;
  if (text == "plain") return ProgressMode::kPlain;
  if (text == "live") return ProgressMode::kLive;
  return text == "none" ? ProgressMode::kNone : ProgressMode::kAuto;
}

std::unique_ptr<Http> MakeCurlHttp() { return std::make_unique<CurlHttp>(UserAgent()); }

}  // namespace

RunReporters::RunReporters(const CommandLine& line, const ProgramContext& context, Clock& clock)
    : line_(line), context_(context), clock_(clock) {
  const bool json = Early(line, context, "log_format") == "json";
  Rebuild(json && Early(line, context, "log_file").empty());
  group_.SetRevision([this](report::RunSummary& summary) {
    if (summary.exit_code != ExitCode::kOk || !ReportFailed()) return;
    summary.report_failed = true;
    summary.exit_code = ExitCode::kFailed;
    const bool lacks_changes = changes_ && !changes_->problem().empty();
    summary.message = fmt::format("the run succeeded, but its {} could not be written",
                                  lacks_changes ? "list of changes" : "log or metrics");
  });
}

void RunReporters::Rebuild(bool json) {
  const bool log_on_stderr = json && !log_file_;
  const report::ProgressMode progress = ProgressOf(line_.values.Text("--progress"));
  text_.emplace(report::ReportOptions{.json = line_.output.json,
                                      .quiet = line_.output.quiet,
                                      .verbose = line_.output.verbose,
                                      .progress = progress,
                                      .summary_on_stderr = line_.values.Text("--output") == "-" ||
                                                           line_.values.Text(kChanges) == "-" ||
                                                           line_.values.Has("--print"),
                                      .log_on_stderr = log_on_stderr},
                context_.streams, context_.terminal, clock_);
  std::vector<report::Reporter*> members;
  log_.reset();
  if (log_file_ || log_on_stderr) {
    const report::LogOptions options{.json = json,
                                     .quiet = log_on_stderr && line_.output.quiet,
                                     .verbose = line_.output.verbose,
                                     .progress = progress != report::ProgressMode::kNone};
    log_.emplace(
        options,
        report::LogOrigin{std::string(kVersion), std::string(CommandFor(line_.command).name),
                          static_cast<int>(::getpid())},
        log_file_ ? log_file_.get() : context_.streams.err, clock_);
    members.push_back(&*log_);
  }
  if (changes_) members.push_back(&*changes_);
  if (monitors_) members.push_back(&*monitors_);
  // Last, because the others may change the exit code in the summary.
  members.push_back(&*text_);
  group_.Set(std::move(members));
}

// A run that writes no index writes no metrics.
bool RunReporters::WantsMonitors() const {
  const bool syncs = line_.command == CommandId::kFullSync ||
                     line_.command == CommandId::kIncremental ||
                     line_.command == CommandId::kAclSync ||
                     (line_.command == CommandId::kConnector && line_.values.Argument(0) == "run");
  return syncs && !line_.values.Has("--dry-run") && !line_.values.Has("--output");
}

Result<void> RunReporters::Configure(const config::Config& config) {
  const config::ReportConfig& report = config.report;
  // First, so that they report a log that cannot be opened, too.
  if (WantsMonitors()) {
    monitors_.emplace(report::MonitorSettings{config.elasticsearch.index, report.metrics_file,
                                              report.ping_url.Reveal()},
                      files_, clock_, context_.make_http ? context_.make_http : MakeCurlHttp,
                      group_);
  }
  auto opened = OpenFiles(report);
  Rebuild(report.log_format == config::LogFormat::kJson);
  return opened;
}

Result<void> RunReporters::OpenFiles(const config::ReportConfig& report) {
  log_path_ = report.log_file;
  if (!log_path_.empty()) {
    TRY_ASSIGN(log_file_, report::LogReporter::Open(log_path_));
  }
  if (line_.values.Has(kChanges)) {
    TRY_ASSIGN(changes_file_, report::ChangesFile::Open(line_.values.Text(kChanges)));
    changes_.emplace(changes_file_.get(), clock_);
  }
  if (!report.trace.empty()) {
    TRY(TraceFile::Open(report.trace));
  }
  return {};
}

bool RunReporters::ReportFailed() const {
  const bool lacks_changes = changes_ && !changes_->problem().empty();
  return lacks_changes || (monitors_ && monitors_->failed()) ||
         (log_file_ && log_ && !log_->problem().empty());
}

ExitCode RunReporters::Finish(ExitCode code) {
  if (log_file_ && log_ && !log_->problem().empty()) {
    text_->Warn(fmt::format("cannot write the log file {}: {}", log_path_, log_->problem()));
  }
  if (changes_ && !changes_->problem().empty()) {
    text_->Warn(fmt::format("cannot write --changes {}: {}", line_.values.Text(kChanges),
                            changes_->problem()));
  }
  return ReportFailed() && code == ExitCode::kOk ? ExitCode::kFailed : code;
}

}  // namespace dbxes::cli
