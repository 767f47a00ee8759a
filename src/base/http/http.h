// SPDX-License-Identifier: Apache-2.0
// One HTTP exchange, without retries and without knowledge of any service. The production
// implementation is base/http/curl_http.h; tests answer in-process.
#pragma once

#include <cstddef>
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

// The slowest connection that counts as alive, in bytes a second: a body that drips would never
// end.
inline constexpr long kFloorRate = 1024;

struct HttpTimeouts {
  Milliseconds connect{15'000};
  Milliseconds stall{60'000};   // less than kFloorRate for this long breaks the connection
  Milliseconds total{240'000};  // 0: none
};

// How to reach a service, and how both sides prove their identity.
struct HttpTransport {
  // "http://proxy:3128"; "none" for a direct connection; "" to follow the usual environment
  // variables (HTTPS_PROXY, no_proxy and so on), except for plain HTTP to this machine.
  std::string proxy;
  std::string proxy_credentials;  // "user:password", for `proxy`
  bool verify_tls = true;
  std::string ca_file;  // "" for the system's certificates
  // SHA-256 of a certificate, as 64 digits in lower case. Then no other one is trusted: the server
  // must send it, as its own or as that of an authority above its own.
  std::string ca_fingerprint;
  std::string client_cert;  // a PEM file
  std::string client_key;   // "" if that file contains the key, too
  std::string client_key_password;
};

class BodySink;
class RateLimit;

// What a trace shows of a request besides the request itself (base/http/tracing_http.h).
struct TraceNote {
  std::string service;    // "Dropbox"
  int retry = 0;          // 0 for the first try
  Milliseconds delay{0};  // before this try
};

// Which parts of an exchange are secrets, besides the headers. No trace shows them.
enum class Secrecy {
  kNone,
  kBodies,  // the bodies of request and answer contain credentials
  kAll,     // the URL, too, except for its host
};

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  // Complete lines, "Name: value". A line "Name:" suppresses a header that curl adds by itself.
  std::vector<std::string> headers;
  // Shared, so that a retry does not copy a bulk body of many megabytes.
  std::shared_ptr<const std::string> body;
  HttpTimeouts timeouts;
  HttpTransport transport;
  // Ask for a compressed answer. Off for downloads, where the byte counts must be those of the
  // file.
  bool accept_compressed = true;
  // A longer answer fails with kInternal instead of filling the memory: compressed, a few kilobytes
  // can be gigabytes. Clients set what their kinds of answers may honestly need.
  std::size_t max_response_bytes = std::size_t{16} << 20;
  // Of an answer that is no success (not 2xx), no more than this is read: its status says enough.
  std::size_t max_error_bytes = std::size_t{1} << 20;
  // How fast the answer may arrive, together with others that share the limit; null for any rate.
  // The time that it waits counts towards HttpTimeouts::total, but is no stall.
  std::shared_ptr<RateLimit> rate_limit;
  // Open a connection rather than wait for one that is being opened. Where that one carries one
  // request at a time (HTTP/1.1), waiting for it would have cost a second handshake after the
  // first.
  bool own_connection = false;
  // Buffer to receive the answer's body into (capacity is kept), so that pages reuse memory.
  std::string response_buffer;
  // Receives the body of a successful answer; null to receive it in HttpResponse::body.
  std::shared_ptr<BodySink> body_sink;
  TraceNote trace;
  Secrecy secrecy = Secrecy::kNone;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::uint64_t wire_bytes_received = 0;  // before decompression, headers included

  // First value of a header (name in lower case), or "".
  std::string_view Header(std::string_view name) const;
};

// How long an answer with this status may be, in bytes.
std::size_t MostBytesOf(const HttpRequest& request, int status);

// Receives the body of a successful answer (2xx) as it arrives, so that the next try can continue
// where a connection broke. Other answers are small and arrive whole.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // Called once for each successful answer when its headers are complete, before its bytes, even if
  // there are none.
  virtual void Begin(const HttpResponse& head) = 0;
  // False stops the exchange, which then fails with kInternal.
  virtual bool Write(std::string_view bytes) = 0;
};

// Tags of the errors of certificates. The caller adds what would help. No known authority vouches
// for it:
inline constexpr std::string_view kCertificateTag = "certificate";
// It, or that of its authority, has expired or is not valid yet.
inline constexpr std::string_view kCertificateDateTag = "certificate_date";
// It is for other names than that of the URL.
inline constexpr std::string_view kCertificateNameTag = "certificate_name";

// Tag of the error when the server does not send the certificate of HttpTransport::ca_fingerprint.
// The message lists the fingerprints that it sends.
inline constexpr std::string_view kFingerprintTag = "fingerprint";

// Tag of the error when one of HttpTimeouts ended the exchange: unlike after a broken connection,
// the next try may well take as long.
inline constexpr std::string_view kTimeoutTag = "timeout";

using HttpCallback = std::function<void(Result<HttpResponse>)>;

class Http {
 public:
  virtual ~Http() = default;
  // Starts one exchange. `done` is called once from a later Poll, never from inside Start. If there
  // is no HTTP answer, the error is kTemporary; kConfig: untrusted certificate, proxy that refuses,
  // bad URL; kInternal: header with a line break. Destroying the Http drops all, without a call.
  virtual void Start(HttpRequest request, HttpCallback done) = 0;
  // Waits for network activity, at most `max_wait`, and calls back for finished exchanges. Returns
  // early when a signal arrives.
  virtual void Poll(Milliseconds max_wait) = 0;
  // From now on Poll also returns early while this descriptor is readable; -1 for none. The caller
  // keeps owning it.
  virtual void WakeOn(int descriptor) = 0;
};

}  // namespace dbxes
