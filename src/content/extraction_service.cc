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
  for (int slot = service_.max_concurrency; slot > 0; --slot) {
    free_slots_.push_back(slot);
    // Removes what a killed run left. If that fails, writing fails as well, and is reported.
    if (service_.use_file_pointers) (void)files_.Remove(PointerOf(slot));
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
  while (!free_slots_.empty() && !waiting_.empty()) {
    const TaskPtr task = std::move(waiting_.front());
    waiting_.pop_front();
    const int slot = free_slots_.back();
    free_slots_.pop_back();
    Start(task, slot);
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

std::string ExtractionService::PointerOf(int slot) const {
  return fmt::format("{}/{}-{}", service_.shared_volume_dir, name_, slot);
}

// Not synced: only the service reads the file, and the next run overwrites it.
Result<void> ExtractionService::HandOver(const Task& task, const std::string& path) {
  auto file = files_.OpenAppend(path, 0);
  Result<void> written;
  if (!file) written = Fail(file.error());
  if (file) written = (*file)->Append(*task.file.bytes);
  if (written) return {};
  Error error = std::move(written.error());
  error.kind = ErrorKind::kConfig;
  return Fail(WithContext(std::move(error), "extraction_service.shared_volume_dir"));
}

void ExtractionService::Start(const TaskPtr& task, int slot) {
  const std::string pointer = service_.use_file_pointers ? PointerOf(slot) : "";
  if (!pointer.empty()) {
    if (auto handed = HandOver(*task, pointer); !handed) {
      free_slots_.push_back(slot);
      return task->result.Fulfil(Fail(std::move(handed.error())));
    }
  }
  HttpRequest request = ReadRequest(service_, *protocol_, task->file, pointer);
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
      .Then([this, task, slot](Result<HttpResponse> answer) {
        Finish(task, slot, std::move(answer));
      });
}

void ExtractionService::Finish(const TaskPtr& task, int slot, Result<HttpResponse> answer) {
  free_slots_.push_back(slot);
  if (service_.use_file_pointers) {
    // If it cannot be removed, the next file of this slot overwrites it.
    if (auto removed = files_.Remove(PointerOf(slot)); !removed && answer) {
      answer = Fail(std::move(removed.error()));
    }
  }
  StartSome();
  if (answer) return task->result.Fulfil(std::move(task->text));
  task->result.Fulfil(Fail(std::move(answer.error())));
}

}  // namespace dbxes::content
