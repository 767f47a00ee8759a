// SPDX-License-Identifier: Apache-2.0
#include "content/extraction_service.h"

#include <fmt/format.h>

#include <utility>

namespace dbxes::content {
namespace {

// Together they wait 15 s: a Tika that crashed on a file is back by then.
constexpr int kMostRetries = 6;
// An answer may have this share of max_memory, as may a file.
constexpr std::size_t kShareOfAnswer = 4;

SenderPolicy Policy(const config::SyncConfig& sync,
                    std::function<void(const Error&, Milliseconds)> on_retry) {
  SenderPolicy policy;
  policy.service = "the extraction service";
  policy.judge = JudgeServiceAnswer;
  policy.on_retry = std::move(on_retry);
  policy.give_up_after = sync.give_up_after;
  return policy;
}

// Only Elastic's service has file pointers, so nothing needs to be detected.
std::optional<config::ServiceProtocol> KnownProtocol(
    const config::ExtractionServiceConfig& service) {
  if (service.use_file_pointers) return config::ServiceProtocol::kElastic;
  if (service.protocol == config::ServiceProtocol::kAuto) return std::nullopt;
  return service.protocol;
}

}  // namespace

ExtractionService::ExtractionService(EventLoop& loop, FileSystem& files,
                                     const config::Config& config, std::string name,
                                     std::uint64_t seed,
                                     std::function<void(const Error&, Milliseconds)> on_retry)
    : files_(files),
      service_(config.extraction.service),
      limits_{config.extraction.max_body_chars, config.extraction.reduce_whitespace},
      max_answer_bytes_(config.extraction.max_memory / kShareOfAnswer),
      connect_timeout_(config.sync.connect_timeout),
      name_(std::move(name)),
      protocol_(KnownProtocol(service_)),
      sender_(loop, Policy(config.sync, std::move(on_retry)), seed) {
  // Removes what a killed run left. If that fails, writing fails as well, and is reported.
  if (service_.use_file_pointers) {
    (void)files_.RemoveAll(service_.shared_volume_dir, PointerPrefix(), "");
  }
}

Pending<ExtractedText> ExtractionService::Read(FileToRead file) {
  auto task = std::make_shared<Task>();
  task->file = std::move(file);
  waiting_.push_back(task);
  StartSome();
  return task->result;
}

void ExtractionService::StartSome() {
  if (!protocol_) return Detect();
  while (running_ < service_.max_concurrency && !waiting_.empty()) {
    const TaskPtr task = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    Start(task);
  }
}

void ExtractionService::Detect() {
  if (detecting_ || waiting_.empty()) return;
  detecting_ = true;
  HttpRequest request = DetectRequest(service_);
  request.timeouts.connect = connect_timeout_;
  SendOptions options;
  options.max_retries = kMostRetries;
  sender_.Send(std::move(request), std::move(options)).Then([this](Result<HttpResponse> answer) {
    detecting_ = false;
    // Any answer but that of a Tika comes from Elastic's service, which does not have this route.
    const bool away = !answer && answer.error().http_status == 0;
    const bool down = !answer && answer.error().kind == ErrorKind::kTemporary;
    if (!away && !down) {
      protocol_ = answer ? DetectedProtocol(*answer) : config::ServiceProtocol::kElastic;
      return StartSome();
    }
    for (const TaskPtr& task : std::exchange(waiting_, {})) {
      task->result.Fulfil(Fail(answer.error()));
    }
  });
}

std::string ExtractionService::PointerPrefix() const { return name_ + "-"; }

// Under a random name: a service that a hostile file controls may prepare names in this folder.
Result<void> ExtractionService::HandOver(Task& task) {
  auto written = files_.WriteNew(service_.shared_volume_dir, PointerPrefix(), *task.file.bytes);
  if (written) {
    task.pointer = std::move(*written);
    return {};
  }
  Error error = std::move(written.error());
  error.kind = ErrorKind::kConfig;
  return Fail(WithContext(std::move(error), "extraction_service.shared_volume_dir"));
}

void ExtractionService::Start(const TaskPtr& task) {
  if (service_.use_file_pointers) {
    if (auto handed = HandOver(*task); !handed) {
      --running_;
      return task->result.Fulfil(Fail(std::move(handed.error())));
    }
  }
  HttpRequest request = ReadRequest(service_, *protocol_, task->file, task->pointer);
  request.timeouts.connect = connect_timeout_;
  request.max_response_bytes = max_answer_bytes_;
  task->file.bytes.reset();  // the request or the shared folder has them
  SendOptions options;
  options.max_retries = kMostRetries;
  options.accept = [this, task](HttpResponse& answer) -> Result<void> {
    TRY_ASSIGN(task->text, ReadServiceAnswer(*protocol_, answer, limits_));
    return {};
  };
  sender_.Send(std::move(request), std::move(options))
      .Then([this, task](Result<HttpResponse> answer) { Finish(task, std::move(answer)); });
}

void ExtractionService::Finish(const TaskPtr& task, Result<HttpResponse> answer) {
  --running_;
  if (!task->pointer.empty()) {
    if (auto removed = files_.Remove(task->pointer); !removed && answer) {
      answer = Fail(std::move(removed.error()));
    }
  }
  StartSome();
  if (answer) return task->result.Fulfil(std::move(task->text));
  task->result.Fulfil(Fail(std::move(answer.error())));
}

}  // namespace dbxes::content
