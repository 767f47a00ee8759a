// SPDX-License-Identifier: Apache-2.0
// One HTTP exchange, without retries and without knowledge of any service. The production
// implementation is base/curl_http.h; tests answer in-process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dbxes {

struct HttpTimeouts {
  Milliseconds connect{15'000};
  Milliseconds stall{60'000};   // no byte in either direction for this long breaks the connection
  Milliseconds total{240'000};  // 0: none
};

// How a service is reached, and how the two prove to each other who they are.
struct HttpTransport {
  // "http://proxy:3128"; "none" for a direct way; "" for what the usual environment variables say
  // (HTTPS_PROXY, ALL_PROXY, NO_PROXY and so on, in capitals or not).
  std::string proxy;
  std::string proxy_credentials;  // "user:password", for `proxy`
  bool verify_tls = true;
  std::string ca_file;  // "" for the system's certificates
  // SHA-256 of a certificate, as 64 digits in lower case. No other one is trusted then: the server
  // has to send it along, as its own or as that of an authority above its own.
  std::string ca_fingerprint;
  std::string client_cert;  // a PEM file
  std::string client_key;   // "" where that file holds the key, too
  std::string client_key_password;
};

class BodySink;

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  // Complete lines, "Name: value". A line "Name:" suppresses a header that curl adds by itself.
  std::vector<std::string> headers;
  // Shared, so that a retry does not copy a bulk body of many megabytes.
  std::shared_ptr<const std::string> body;
  HttpTimeouts timeouts;
  HttpTransport transport;
  // Ask for a compressed answer. Off for downloads, whose byte counts must mean file bytes.
  bool accept_compressed = true;
  // A longer answer fails with kInternal instead of filling the memory.
  std::size_t max_response_bytes = std::size_t{256} << 20;
  // Buffer to receive the answer's body into (capacity is kept), so that pages reuse memory.
  std::string response_buffer;
  // Where the body of an answer of success goes instead; null for HttpResponse::body.
  std::shared_ptr<BodySink> body_sink;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::uint64_t wire_bytes_received = 0;  // before decompression, headers included

  // First value of a header (name in lower case), or "".
  std::string_view Header(std::string_view name) const;
};

// Takes the body of an answer of success (2xx) as it arrives: what came before a connection broke
// is there for the next try to go on from. Other answers are small and arrive whole.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // The headers are complete. Called once for each answer of success, before its bytes, and also
  // when there are none.
  virtual void Begin(const HttpResponse& head) = 0;
  // False breaks the exchange off with kInternal.
  virtual bool Write(std::string_view bytes) = 0;
};

// Tag of the error when the other side's certificate is not trusted: only who asked knows which
// setting would help.
inline constexpr std::string_view kCertificateTag = "certificate";

// Tag of the error when the other side does not show the certificate of
// HttpTransport::ca_fingerprint. The message has the fingerprints that it shows.
inline constexpr std::string_view kFingerprintTag = "fingerprint";

// Tag of the error when one of HttpTimeouts ended the exchange: unlike a broken connection, it may
// well take as long again.
inline constexpr std::string_view kTimeoutTag = "timeout";

using HttpCallback = std::function<void(Result<HttpResponse>)>;

class Http {
 public:
  virtual ~Http() = default;
  // Starts one exchange. `done` is called once from a later Poll, never from inside Start. Failures
  // to get any HTTP answer are kTemporary, but for an untrusted certificate, a proxy that refuses
  // or a malformed URL (kConfig). Destroying the Http drops what is under way without calling back.
  virtual void Start(HttpRequest request, HttpCallback done) = 0;
  // Waits for network activity, at most `max_wait`, and calls what is done. Returns early when a
  // signal arrives.
  virtual void Poll(Milliseconds max_wait) = 0;
  // From now on Poll also returns early while this descriptor is readable; -1 for none. It stays
  // the caller's.
  virtual void WakeOn(int descriptor) = 0;
};

}  // namespace dbxes
