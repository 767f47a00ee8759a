// SPDX-License-Identifier: Apache-2.0
// Log, metrics and ping of the settings. Nothing is written and nothing is pinged: the ping's
// service is asked for its front page.
#include <fmt/format.h>

#include <filesystem>

#include "base/http/request_sender.h"
#include "base/http/url.h"
#include "base/os/file_probe.h"
#include "check/check_parts.h"

namespace dbxes::check {
namespace {

constexpr Milliseconds kPatience{5'000};
constexpr std::size_t kMostBytes = std::size_t{1} << 20;

// A file that is replaced or made needs its folder; one that is appended to needs only itself.
std::string WritingProblem(const FileProbe& probe, const std::string& path, bool appends) {
  if (appends && probe.modified(path)) return probe.file_writing_problem(path);
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string folder = parent.empty() ? "." : parent;
  const bool exists = probe.modified(folder).has_value();
  if (!exists) return fmt::format("there is no folder {}", folder);
  const auto written = probe.check_writing(folder);
  return written ? std::string() : written.error().message;
}

// `setting`: the key in [report] that names the file.
void CheckFile(const FileProbe& probe, std::string_view name, std::string_view setting,
               const std::string& path, bool appends, CheckReport& report) {
  if (path.empty()) return;
  const std::string problem = WritingProblem(probe, path, appends);
  if (problem.empty()) return report.Ok(name, path);
  report.Problem(name, ExitCode::kConfiguration, fmt::format("{}: {}", path, problem),
                 fmt::format("make it writable for the user who runs dbx-es, or set report.{} to "
                             "another path",
                             setting));
}

// Whatever the front page answers, the service can be reached.
Verdict JudgeAnswer(const Result<HttpResponse>& answer) {
  Verdict verdict;
  if (answer) return verdict;
  verdict.kind = Verdict::kFail;
  verdict.error = answer.error();
  return verdict;
}

// The URL is a secret: a message may contain only its host.
void CheckPing(EventLoop& loop, const config::ReportConfig& config, CheckReport& report) {
  if (config.ping_url.empty()) return;
  const auto url = ParseUrl(config.ping_url.Reveal());
  if (!url) {
    return report.Problem("ping", ExitCode::kConfiguration, "report.ping_url is not a URL",
                          "set it to the https:// address that the service shows");
  }
  SenderPolicy policy;
  policy.service = "the ping URL";
  policy.judge = JudgeAnswer;
  policy.give_up_after = kPatience;
  RequestSender sender(loop, std::move(policy), /*seed=*/0);
  HttpRequest request;
  request.method = "GET";
  const std::string& whole = config.ping_url.Reveal();
  request.url = whole.substr(0, whole.find_first_of("/?#", url->scheme.size() + 3)) + "/";
  request.timeouts = {kPatience, kPatience, kPatience};
  request.max_response_bytes = kMostBytes;
  const auto answer = loop.Await(sender.Send(std::move(request), {}));
  if (answer) return report.Ok("ping", url->host + " answers");
  if (answer.error().kind == ErrorKind::kInterrupted) return;
  report.Warn("ping", fmt::format("{} cannot be reached: {}", url->host, answer.error().message),
              "check the host of report.ping_url and the proxy; a run only warns");
}

}  // namespace

void CheckReporting(Environment& environment, EventLoop& loop, const config::Config& config,
                    CheckReport& report) {
  const FileProbe& probe = environment.probe;
  CheckFile(probe, "log", "log_file", config.report.log_file, /*appends=*/true, report);
  CheckFile(probe, "metrics", "metrics_file", config.report.metrics_file, /*appends=*/false,
            report);
  CheckPing(loop, config.report, report);
}

}  // namespace dbxes::check
