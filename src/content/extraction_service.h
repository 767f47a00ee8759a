// SPDX-License-Identifier: Apache-2.0
// Converts files to text with a service on the network: a few at a time, with retries while the
// service is down, and through a shared folder if the settings say so.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/http/event_loop.h"
#include "base/http/request_sender.h"
#include "base/os/file_system.h"
#include "config/config.h"
#include "content/extraction_protocol.h"

namespace dbxes::content {

class ExtractionService {
 public:
  // `config` outlives the service. `name` is the name of this target, for files in the shared
  // folder: no other run may use it at the same time.
  ExtractionService(EventLoop& loop, FileSystem& files, const config::Config& config,
                    std::string name, std::uint64_t seed,
                    std::function<void(const Error&, Milliseconds)> on_retry);

  // kRejectedDocument: the service cannot read the file, now or later. kInternal and kTemporary
  // concern this file, too, but may pass; many kTemporary in a row mean that the service is down.
  // kConfig: the URL is not an extraction service, or the shared folder cannot be written.
  Pending<ExtractedText> Read(FileToRead file);

 private:
  struct Task {
    FileToRead file;
    std::string pointer;  // its path in the shared folder, "" if the request contains the bytes
    Pending<ExtractedText> result;
    ExtractedText text;
  };
  using TaskPtr = std::shared_ptr<Task>;

  void StartSome();
  void Detect();
  void Start(const TaskPtr& task);
  void Finish(const TaskPtr& task, Result<HttpResponse> answer);
  std::string PointerPrefix() const;
  Result<void> HandOver(Task& task);

  FileSystem& files_;
  const config::ExtractionServiceConfig& service_;
  TextLimits limits_;
  std::size_t max_answer_bytes_;
  Milliseconds connect_timeout_;
  std::string name_;
  std::optional<config::ServiceProtocol> protocol_;  // none until it is detected
  bool detecting_ = false;
  std::deque<TaskPtr> waiting_;
  int running_ = 0;
  RequestSender sender_;
};

}  // namespace dbxes::content
