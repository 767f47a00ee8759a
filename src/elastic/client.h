// SPDX-License-Identifier: Apache-2.0
// The one way to the cluster: base URL, credential, compression and the retry policy for
// Elasticsearch and OpenSearch. Endpoints and their meaning are in the files that use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/gzip.h"
#include "base/http/event_loop.h"
#include "base/http/request_sender.h"
#include "config/config.h"
#include "config/secret.h"
#include "elastic/version_stamp.h"

namespace dbxes::elastic {

// Bounds of answers by kind, in bytes. A longer answer is kInternal.
inline constexpr std::size_t kMostOfAnswer = std::size_t{16} << 20;      // settings, one document
inline constexpr std::size_t kMostOfOutcomes = std::size_t{64} << 20;    // of a bulk request
inline constexpr std::size_t kMostOfDocuments = std::size_t{128} << 20;  // their metadata
inline constexpr std::size_t kMostOfTexts = std::size_t{256} << 20;  // documents with their text

struct ElasticRequest {
  std::string method = "POST";
  std::string target;  // path and query behind the base URL, percent-encoded: "/docs/_count"
  std::shared_ptr<const std::string> body;  // null for none
  std::string content_type = "application/json";
  SendOptions options;
  Secrecy secrecy = Secrecy::kNone;  // what no trace may show
  std::size_t max_answer_bytes = kMostOfAnswer;
};

// What to do about an error of the cluster's certificate; "" for any other error.
std::string_view CertificateAdvice(const Error& error);

// What an answer means for the sender: temporary errors (meaning.h) and broken connections are
// tried again, 500 a few times only; a version conflict is for the caller to decide on; any other
// answer but 2xx is an error, see ReadElasticError.
// Pure.
Verdict JudgeElasticAnswer(const Result<HttpResponse>& answer);

class Client {
 public:
  // `on_retry` is called with the reason and the delay of each retry; may be empty.
  Client(EventLoop& loop, const config::ElasticsearchConfig& config, const config::SyncConfig& sync,
         std::uint64_t seed, std::function<void(const Error&, Milliseconds)> on_retry = nullptr);

  // The answer has a status of 2xx, or is an error of the kind that KindOf (meaning.h) gives it;
  // no answer at all is kTemporary.
  Pending<HttpResponse> Send(ElasticRequest request);
  // Send and wait.
  Result<HttpResponse> Call(ElasticRequest request);

  // Calls `fence` before each attempt of each request, retries included. The request is sent once
  // the fence lets it pass, or ends with the fence's error.
  using Fence = std::function<void(std::function<void(Result<void>)>)>;
  void SendBehind(Fence fence) { fence_ = std::move(fence); }

  // Reports why nothing seems to happen; for waits that are not a retry of a request.
  void ReportWait(const Error& reason, Milliseconds delay) const;

  // Those of the index that this run keeps. What is read before they are known is nobody's.
  const VersionStamps& stamps() const { return stamps_; }
  void UseStamps(const VersionStamps& stamps) { stamps_ = stamps; }

  EventLoop& loop() { return loop_; }
  const SenderCounters& counters() const { return sender_.counters(); }

 private:
  SenderPolicy Policy(const config::SyncConfig& sync);
  std::shared_ptr<const std::string> Compress(const std::string& body);

  EventLoop& loop_;
  std::string base_url_;
  config::Secret credential_;  // a complete header line
  HttpTimeouts timeouts_;
  HttpTransport transport_;
  bool compress_;
  GzipCompressor gzip_;
  std::function<void(const Error&, Milliseconds)> on_retry_;
  Fence fence_;
  RequestSender sender_;
  VersionStamps stamps_;
};

}  // namespace dbxes::elastic
