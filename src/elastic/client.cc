// SPDX-License-Identifier: Apache-2.0
#include "elastic/client.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "base/http/url.h"
#include "config/transport.h"
#include "elastic/error_reader.h"
#include "elastic/meaning.h"

namespace dbxes::elastic {
namespace {

// Smaller bodies fit into one packet without compression.
constexpr std::size_t kMinCompressed = 1400;
// For errors that PassesWithTime does not expect to pass.
constexpr int kFewRetries = 3;

bool ShouldCompress(const config::ElasticsearchConfig& config) {
  if (config.compression != config::Compression::kAuto)
    return config.compression == config::Compression::kOn;
  const Result<UrlParts> url = ParseUrl(config.host);
  return url && !IsLoopback(*url);
}

Verdict JudgeWithoutCredential(const Result<HttpResponse>& answer) {
  Verdict verdict = JudgeElasticAnswer(answer);
  if (verdict.error.kind == ErrorKind::kAuth) {
    verdict.error.message =
        "no credential is configured for Elasticsearch: set elasticsearch.api_key";
  }
  return verdict;
}

config::Secret Credential(const config::ElasticsearchConfig& config) {
  if (!config.api_key.empty())
    return config::Secret("Authorization: ApiKey " + config.api_key.Reveal());
  if (config.username.empty()) return {};
  const std::string pair = config.username + ":" + config.password.Reveal();
  return config::Secret("Authorization: Basic " + Base64Encode(pair));
}

}  // namespace

std::string_view CertificateAdvice(const Error& error) {
  if (error.tag == kCertificateTag) {
    return "if an authority of your own vouches for the cluster, name the file with its "
           "certificate in elasticsearch.ca_certs";
  }
  if (error.tag == kCertificateDateTag) {
    return "renew the certificate of the cluster or of its authority, or correct the clock of "
           "this computer";
  }
  if (error.tag == kCertificateNameTag) {
    return "set elasticsearch.host to a name or an address that the cluster's certificate has";
  }
  if (error.tag == kFingerprintTag) {
    return "compare elasticsearch.ca_fingerprint with what Elasticsearch printed when it was set "
           "up";
  }
  return {};
}

Verdict JudgeElasticAnswer(const Result<HttpResponse>& answer) {
  Verdict verdict;
  if (!answer) {
    verdict.error = answer.error();
    verdict.kind = verdict.error.kind == ErrorKind::kTemporary ? Verdict::kRetry : Verdict::kFail;
    const std::string_view advice = CertificateAdvice(verdict.error);
    if (!advice.empty()) verdict.error.message += fmt::format("; {}", advice);
    return verdict;
  }
  if (answer->status >= 200 && answer->status < 300) return verdict;
  verdict.error = ReadElasticError(answer->status, answer->body);
  const bool passes =
      verdict.error.kind == ErrorKind::kTemporary && !IsVersionConflict(verdict.error);
  verdict.kind = passes ? Verdict::kRetry : Verdict::kFail;
  verdict.gate = IsOverload(answer->status);
  if (!PassesWithTime(answer->status)) verdict.max_retries = kFewRetries;
  return verdict;
}

Client::Client(EventLoop& loop, const config::ElasticsearchConfig& config,
               const config::SyncConfig& sync, std::uint64_t seed,
               std::function<void(const Error&, Milliseconds)> on_retry)
    : loop_(loop),
      base_url_(config.host),
      credential_(Credential(config)),
      transport_(config::TransportOf(config)),
      compress_(ShouldCompress(config)),
      on_retry_(std::move(on_retry)),
      sender_(loop, Policy(sync), seed) {
  timeouts_.connect = sync.connect_timeout;
  // A bulk request is silent while an ingest pipeline works on it: only its whole time is bounded.
  timeouts_.stall = config.request_timeout;
  timeouts_.total = config.request_timeout;
}

SenderPolicy Client::Policy(const config::SyncConfig& sync) {
  SenderPolicy policy;
  policy.service = "Elasticsearch";
  policy.judge = credential_.empty() ? JudgeWithoutCredential : JudgeElasticAnswer;
  policy.on_retry = on_retry_;
  policy.give_up_after = sync.give_up_after;
  // The credential is in the request already; what a try needs besides is to be let through.
  policy.authorize = [this](const std::string&, const SenderPolicy::AuthorizeDone& done) {
    if (!fence_) return done(std::string());
    fence_([done](const Result<void>& open) {
      done(open ? Result<std::string>(std::string()) : Fail(open.error()));
    });
  };
  return policy;
}

Pending<HttpResponse> Client::Send(ElasticRequest request) {
  HttpRequest http;
  http.method = std::move(request.method);
  http.url = base_url_ + request.target;
  http.timeouts = timeouts_;
  http.secrecy = request.secrecy;
  http.max_response_bytes = request.max_answer_bytes;
  // Without compression nobody asks for it, but a proxy that compresses all the same is understood.
  http.accept_compressed = true;
  if (!compress_) http.headers.emplace_back("Accept-Encoding: identity");
  http.transport = transport_;
  if (!credential_.empty()) http.headers.push_back(credential_.Reveal());
  if (request.body) {
    http.headers.push_back("Content-Type: " + request.content_type);
    http.body = std::move(request.body);
    if (compress_ && http.body->size() >= kMinCompressed) {
      http.body = Compress(*http.body);
      http.headers.emplace_back("Content-Encoding: gzip");
    }
  }
  return sender_.Send(std::move(http), std::move(request.options));
}

Result<HttpResponse> Client::Call(ElasticRequest request) {
  return loop_.Await(Send(std::move(request)));
}

void Client::ReportWait(const Error& reason, Milliseconds delay) const {
  if (on_retry_) on_retry_(reason, delay);
}

std::shared_ptr<const std::string> Client::Compress(const std::string& body) {
  auto compressed = std::make_shared<std::string>();
  gzip_.Compress(body, *compressed);
  return compressed;
}

}  // namespace dbxes::elastic
