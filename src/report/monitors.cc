// SPDX-License-Identifier: Apache-2.0
#include "report/monitors.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "base/http/event_loop.h"
#include "base/http/request_sender.h"
#include "base/http/url.h"
#include "report/metrics.h"
#include "report/summary.h"

namespace dbxes::report {
namespace {

// The textfile collector runs as another user.
constexpr unsigned kMetricsMode = 0644;
// Several targets may share the file, each with a few KiB. Another user may have made it.
constexpr std::size_t kMostMetrics = std::size_t{4} << 20;
// Each try waits for 50 ms; other runs hold the lock for as long as a file takes to be written.
constexpr int kLockTries = 200;
constexpr Milliseconds kPingTime{5'000};
constexpr Milliseconds kPingGiveUp{15'000};
constexpr int kPingRetries = 2;
constexpr std::size_t kMaxPingAnswer = std::size_t{1} << 20;

Verdict JudgePing(const Result<HttpResponse>& answer) {
  Verdict verdict;
  if (answer && answer->status >= 200 && answer->status < 300) return verdict;
  verdict.error = answer ? Error{ErrorKind::kTemporary, fmt::format("HTTP {}", answer->status)}
                         : answer.error();
  const bool passing = answer ? answer->status == 429 || answer->status >= 500
                              : verdict.error.kind == ErrorKind::kTemporary;
  verdict.kind = passing ? Verdict::kRetry : Verdict::kFail;
  return verdict;
}

std::string WithPath(const std::string& url, const std::string& more) {
  const std::size_t query = std::min(url.find('?'), url.size());
  return WithoutTrailingSlash(url.substr(0, query)) + more + url.substr(query);
}

}  // namespace

Monitors::Monitors(MonitorSettings settings, FileSystem& files, Clock& clock, MakeHttp make_http,
                   Reporter& listener)
    : settings_(std::move(settings)),
      files_(files),
      clock_(clock),
      make_http_(std::move(make_http)),
      listener_(listener) {}

// A run must not wait long for a service that is down, so there is no retry.
void Monitors::Begin() {
  under_way_ = true;
  Ping("/start", 0);
}

Monitors::~Monitors() {
  if (under_way_) Ping(fmt::format("/{}", static_cast<int>(ExitCode::kFailed)), 0);
}

void Monitors::Summary(const RunSummary& summary) {
  const bool began = std::exchange(under_way_, false);
  const bool only_looked = OnlyLooksForWork(summary.command);
  if (!only_looked) WriteMetrics(summary);
  // It is no news, and the other run will ping.
  if (FoundAnotherRun(summary)) return;
  // Nor may it hide how the last sync ended.
  if (only_looked && summary.exit_code == ExitCode::kOk && !began) return;
  const bool unwritten = failed_ && summary.exit_code == ExitCode::kOk;
  const int code = static_cast<int>(unwritten ? ExitCode::kFailed : summary.exit_code);
  Ping(code == 0 ? "" : fmt::format("/{}", code), kPingRetries);
}

void Monitors::WriteMetrics(const RunSummary& summary) {
  const std::string& path = settings_.metrics_file;
  if (path.empty()) return;
  const auto fail = [&](const std::string& reason) {
    failed_ = true;
    listener_.Warn(fmt::format("metrics file: {}", reason));
  };
  // Several targets may share the file: nobody may write it between reading and replacing.
  auto lock = files_.Lock(path + ".lock", "metrics");
  for (int i = 1; !lock && lock.error().kind == ErrorKind::kLocked && i < kLockTries; ++i) {
    lock = files_.Lock(path + ".lock", "metrics");
  }
  if (!lock) {
    return fail(lock.error().kind == ErrorKind::kLocked ? path + ".lock is held by another process"
                                                        : lock.error().message);
  }
  auto before = files_.ReadRange(path, 0, kMostMetrics + 1);
  if (!before && before.error().kind != ErrorKind::kNotFound) return fail(before.error().message);
  if (before && before->size() > kMostMetrics) {
    return fail(fmt::format("{} is longer than {} MiB: remove it", path, kMostMetrics >> 20));
  }
  const auto after =
      MetricsAfter(before ? *before : "", summary, settings_.index, clock_.WallMicros());
  if (!after) return fail(fmt::format("{} {}", path, after.error().message));
  const auto written = files_.ReplaceFile(path, *after, kMetricsMode);
  if (!written) fail(written.error().message);
}

// The URL is a secret: a message may contain only its host.
void Monitors::Ping(const std::string& what, int max_retries) {
  if (settings_.ping_url.empty()) return;
  const std::unique_ptr<Http> http = make_http_();
  EventLoop loop(*http, clock_);
  SenderPolicy policy;
  policy.service = "the ping URL";
  policy.judge = JudgePing;
  policy.give_up_after = kPingGiveUp;
  RequestSender sender(loop, std::move(policy), std::random_device{}());
  HttpRequest request;
  request.method = "GET";
  request.url = WithPath(settings_.ping_url, what);
  request.secrecy = Secrecy::kAll;
  request.timeouts = {kPingTime, kPingTime, kPingTime};
  request.max_response_bytes = kMaxPingAnswer;
  SendOptions options;
  options.max_retries = max_retries;
  const auto answer = loop.Await(sender.Send(std::move(request), std::move(options)));
  if (answer) return;
  const auto parts = ParseUrl(settings_.ping_url);
  listener_.Warn(
      fmt::format("ping to {} failed: {}", parts ? parts->host : "?", answer.error().message));
}

}  // namespace dbxes::report
