// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_http.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/x509_vfy.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/ascii.h"
#include "base/http/curl_transport.h"
#include "base/http/rate_limit.h"
#include "base/http/url.h"

namespace dbxes {

struct CurlHttp::Transfer {
  HttpRequest request;
  HttpCallback done;
  HttpResponse response;
  CURL* handle = nullptr;
  PausedTransfers* paused = nullptr;
  curl_slist* header_list = nullptr;
  std::uint64_t charged_bytes = 0;  // to the rate limit
  bool too_long = false;
  bool cut = false;  // an error whose status says enough
  bool headers_complete = false;
  bool sink_begun = false;
  char error_text[CURL_ERROR_SIZE] = "";

  ~Transfer() { curl_slist_free_all(header_list); }
};

// How an exchange ended without an answer.
struct CurlHttp::Outcome {
  CURLcode code;
  long proxy_status;
  long verify_result;
};

namespace {

constexpr long kMaxConnections = 128;
// Each exchange under way has one. Pages are long and few; a hundred files arrive at once.
constexpr long kPageBuffer = 256L << 10;
constexpr long kFileBuffer = 32L << 10;
constexpr std::size_t kLookAhead = 64;
// A limited transfer takes this part of a second's bytes at a time, so that each pause is short:
// servers close connections that stand still for long.
constexpr std::size_t kPartOfSecond = 16;
constexpr std::size_t kLeastBuffer = 1024;  // of libcurl

template <class T>
std::size_t MostBytesOf(const T& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
  return dbxes::MostBytesOf(transfer.request, static_cast<int>(status));
}

// " to POST /path", for messages; "" where the path is a secret.
std::string RequestLine(const HttpRequest& request) {
  const auto url = ParseUrl(request.url);
  if (!url || request.secrecy == Secrecy::kAll) return "";
  return fmt::format(" to {} {}", request.method, url->path);
}

// True if the sink receives the body of this answer. It then has the headers.
template <class T>
bool BeginSink(T* transfer) {
  if (!transfer->request.body_sink) return false;
  long status = 0;
  curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return false;
  if (transfer->sink_begun) return true;
  transfer->sink_begun = true;
  transfer->response.status = static_cast<int>(status);
  transfer->request.body_sink->Begin(transfer->response);
  return true;
}

// Reserves room for the whole answer, if its length is known, and for the block that a parser reads
// ahead: a page that grows is copied again and again. A compressed answer still grows.
template <class T>
void MakeRoom(T* transfer) {
  curl_off_t length = 0;
  curl_easy_getinfo(transfer->handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length <= 0) return;
  transfer->response.body.reserve(
      std::min(static_cast<std::size_t>(length), MostBytesOf(*transfer)) + kLookAhead);
}

long BufferFor(const HttpRequest& request) {
  const long usual = request.body_sink ? kFileBuffer : kPageBuffer;
  if (!request.rate_limit) return usual;
  const std::size_t part = std::max(request.rate_limit->rate() / kPartOfSecond, kLeastBuffer);
  return static_cast<long>(std::min(part, static_cast<std::size_t>(usual)));
}

// A stream of HTTP/2 that is paused keeps filling buffers, or holds up the others on its
// connection.
long HttpVersionFor(const HttpRequest& request) {
  return request.rate_limit ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS;
}

// Charges what has arrived on the wire since the last time. True if the transfer has to pause; what
// has arrived is then delivered again, when it is no longer new.
template <class T>
bool MustWait(T* transfer) {
  RateLimit* const limit = transfer->request.rate_limit.get();
  if (limit == nullptr) return false;
  curl_off_t length = 0;
  curl_easy_getinfo(transfer->handle, CURLINFO_SIZE_DOWNLOAD_T, &length);
  const auto arrived = static_cast<std::uint64_t>(length);
  if (arrived <= transfer->charged_bytes) return false;
  const std::uint64_t bytes = arrived - std::exchange(transfer->charged_bytes, arrived);
  const Milliseconds wait = limit->Charge(bytes);
  if (wait.count() == 0) return false;
  transfer->paused->Add(transfer->handle, wait);
  return true;
}

// Headers, and what libcurl counts only after the last call.
void ChargeRest(const HttpRequest& request, std::uint64_t charged, std::uint64_t all) {
  if (request.rate_limit && all > charged) request.rate_limit->Charge(all - charged);
}

template <class T>
std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto* transfer = static_cast<T*>(user);
  if (MustWait(transfer)) return CURL_WRITEFUNC_PAUSE;
  const std::size_t length = size * count;
  if (BeginSink(transfer)) {
    transfer->too_long = !transfer->request.body_sink->Write({data, length});
    return transfer->too_long ? 0 : length;
  }
  if (transfer->response.body.size() + length > MostBytesOf(*transfer)) {
    long status = 0;
    curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    (status / 100 == 2 ? transfer->too_long : transfer->cut) = true;
    if (transfer->cut) {
      transfer->response.body.append(data, MostBytesOf(*transfer) - transfer->response.body.size());
    }
    return 0;
  }
  if (transfer->response.body.empty()) MakeRoom(transfer);
  transfer->response.body.append(data, length);
  return length;
}

template <class T>
std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto* transfer = static_cast<T*>(user);
  auto* response = &transfer->response;
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  transfer->headers_complete = transfer->headers_complete || line.empty();
  // A new status line: the lines before it were those of an interim answer or of the proxy.
  if (line.substr(0, 5) == "HTTP/") {
    response->headers.clear();
    transfer->headers_complete = false;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  std::string name = LowerAscii(line.substr(0, colon));
  line.remove_prefix(colon + 1);
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  response->headers.emplace_back(std::move(name), std::string(line));
  return size * count;
}

// libcurl sends a line as it is: a line break in a value would begin another header.
bool BreaksOff(const std::string& header) {
  constexpr std::string_view kBreaks("\r\n\0", 3);
  return header.find_first_of(kBreaks) != std::string::npos;
}

// The error names no value, which may be a credential.
Result<void> CheckHeaders(const std::vector<std::string>& headers) {
  const auto broken = std::find_if(headers.begin(), headers.end(), BreaksOff);
  if (broken == headers.end()) return {};
  return Fail(ErrorKind::kInternal, fmt::format("the header {} of a request has a line break in it",
                                                broken->substr(0, broken->find_first_of(":\r\n"))));
}

void SetMethod(CURL* handle, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method == "POST" || request.body) {
    static const std::string kEmpty;
    const std::string& body = request.body ? *request.body : kEmpty;
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  }
  if (request.method != "POST") {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void SetTimeouts(CURL* handle, const HttpTimeouts& timeouts) {
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeouts.connect.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeouts.total.count()));
  if (timeouts.stall.count() > 0) {
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, kFloorRate);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME,
                     std::max(1L, static_cast<long>(timeouts.stall.count() / 1000)));
  }
}

// Errors that do not pass with time, unlike those of the network.
bool IsPermanent(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
         code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CLIENTCERT;
}

// What OpenSSL found about the certificate of the proxy or the server, whose handshakes follow each
// other.
long VerifyResult(CURL* handle) {
  long proxy = X509_V_OK;
  long server = X509_V_OK;
  curl_easy_getinfo(handle, CURLINFO_PROXY_SSL_VERIFYRESULT, &proxy);
  curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &server);
  return proxy != X509_V_OK ? proxy : server;
}

// The tag of a certificate that was refused. curl compares names itself, before it stores the
// result of OpenSSL: until then it is unspecified.
std::string_view CertificateTag(long verify_result) {
  switch (verify_result) {
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return kCertificateNameTag;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return kCertificateDateTag;
    default:
      return kCertificateTag;
  }
}

// For messages: without path, user name and password.
std::string HostOf(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t begin = scheme + 3;
  const std::string authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  return url.substr(0, begin) + authority.substr(authority.rfind('@') + 1);
}

constexpr long kProxyWantsCredentials = 407;

Error ProxyRefusal(const HttpTransport& transport, const std::string& host, long status) {
  const std::string proxy = transport.proxy.empty() ? "" : " " + HostOf(transport.proxy);
  const char* reason = status == kProxyWantsCredentials ? "requires a user name and password"
                                                        : "does not let this connection through";
  return {ErrorKind::kConfig,
          fmt::format("{}: the proxy{} {} (HTTP {})", host, proxy, reason, status)};
}

}  // namespace

CurlHttp::CurlHttp(std::string user_agent)
    : user_agent_(std::move(user_agent)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  // The first caller decides whether OpenSSL frees its tables one by one at exit, as it would for
  // libcurl. The end of the process frees them at once.
  ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlHttp::OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlHttp::OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, kMaxConnections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kMaxConnections);
}

CurlHttp::~CurlHttp() {
  for (const auto& transfer : transfers_) {
    curl_multi_remove_handle(multi_, transfer->handle);
    curl_easy_cleanup(transfer->handle);
  }
  for (CURL* handle : idle_) curl_easy_cleanup(handle);
  curl_multi_cleanup(multi_);  // still calls OnSocket
  curl_global_cleanup();
  if (epoll_ >= 0) ::close(epoll_);
}

CURL* CurlHttp::TakeHandle() {
  if (idle_.empty()) return curl_easy_init();
  CURL* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void CurlHttp::Start(HttpRequest request, HttpCallback done) {
  auto transfer = std::make_unique<Transfer>();
  transfer->request = std::move(request);
  transfer->done = std::move(done);
  transfer->response.body = std::move(transfer->request.response_buffer);
  transfer->response.body.clear();
  transfer->handle = TakeHandle();
  transfer->paused = &paused_;
  const HttpRequest& wanted = transfer->request;
  CURL* handle = transfer->handle;

  // Many proxies never send a 100-continue: waiting for it would cost a second per bulk request.
  transfer->header_list = curl_slist_append(nullptr, "Expect:");
  for (const std::string& line : wanted.headers) {
    transfer->header_list = curl_slist_append(transfer->header_list, line.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_URL, wanted.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent_.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, transfer->header_list);
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, HttpVersionFor(wanted));
  curl_easy_setopt(handle, CURLOPT_PIPEWAIT, wanted.own_connection ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, BufferFor(wanted));
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, transfer->error_text);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, OnBody<Transfer>);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer.get());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, OnHeader<Transfer>);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer.get());
  curl_easy_setopt(handle, CURLOPT_PRIVATE, transfer.get());
  if (wanted.accept_compressed) curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
  SetMethod(handle, wanted);
  SetTimeouts(handle, wanted.timeouts);

  Result<void> ready = CheckHeaders(wanted.headers);
  if (ready) ready = SetTransport(handle, wanted, PinFor(wanted.transport));
  if (ready) {
    // Without epoll nothing could be waited for.
    const CURLMcode code = epoll_ < 0 ? CURLM_OUT_OF_MEMORY : curl_multi_add_handle(multi_, handle);
    if (code != CURLM_OK) ready = Fail(ErrorKind::kInternal, curl_multi_strerror(code));
  }
  if (!ready) {
    refused_.emplace_back(std::move(transfer->done), std::move(ready.error()));
    curl_easy_cleanup(handle);
    return;
  }
  transfers_.push_back(std::move(transfer));
}

CertificatePin* CurlHttp::PinFor(const HttpTransport& transport) {
  if (transport.ca_fingerprint.empty()) return nullptr;
  return &pins_.try_emplace(transport.ca_fingerprint, transport.ca_fingerprint).first->second;
}

void CurlHttp::Poll(Milliseconds max_wait) {
  for (auto& [done, error] : std::exchange(refused_, {})) done(Fail(std::move(error)));
  for (const auto& [handle, code] : paused_.ResumeDue()) Finish(handle, code);
  RunTimer();
  const bool finished = FinishSome();
  RunSockets(finished ? 0 : WaitTime(max_wait));
  RunTimer();
  if (FinishSome()) RunTimer();
}

bool CurlHttp::FinishSome() {
  int left = 0;
  bool any = false;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    any = true;
    Finish(message->easy_handle, message->data.result);
  }
  return any;
}

int CurlHttp::OnSocket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
  return static_cast<CurlHttp*>(user)->Watch(socket, what, known != nullptr);
}

int CurlHttp::Watch(curl_socket_t socket, int what, bool known) {
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  event.data.fd = socket;
  // curl may have closed this socket and opened another with the same number, unknown to epoll.
  int failed = ::epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  if (failed != 0 && errno == ENOENT) failed = ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  if (failed != 0 && errno == EEXIST) failed = ::epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event);
  // -1 ends the transfers: an unwatched one would wait forever.
  if (failed != 0) return -1;
  if (!known) curl_multi_assign(multi_, socket, this);
  return 0;
}

int CurlHttp::OnTimer(CURLM*, long timeout_ms, void* user) {
  auto* http = static_cast<CurlHttp*>(user);
  http->timer_.reset();
  if (timeout_ms >= 0) {
    http->timer_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  }
  return 0;
}

void CurlHttp::RunTimer() {
  if (!timer_ || std::chrono::steady_clock::now() < *timer_) return;
  timer_.reset();  // first: curl may set it again
  int running = 0;
  curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
}

int CurlHttp::WaitTime(Milliseconds max_wait) const {
  std::optional<PausedTransfers::Time> next = paused_.Next();
  if (timer_ && (!next || *timer_ < *next)) next = timer_;
  if (!next) return static_cast<int>(max_wait.count());
  // Rounded up: waking too early means waking twice.
  const auto left = std::chrono::ceil<Milliseconds>(*next - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(left, Milliseconds(0), max_wait).count());
}

void CurlHttp::RunSockets(int wait_ms) {
  std::array<epoll_event, kMaxConnections> events;
  const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
  for (int at = 0; at < count; ++at) {
    const epoll_event& event = events[static_cast<std::size_t>(at)];
    if (event.data.fd == wake_on_) continue;
    int what = 0;
    if ((event.events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
    int running = 0;
    curl_multi_socket_action(multi_, event.data.fd, what, &running);
    // Requests that the callbacks start are sent before the next event is handled.
    if (FinishSome()) RunTimer();
  }
}

void CurlHttp::WakeOn(int descriptor) {
  if (wake_on_ >= 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, wake_on_, nullptr);
  wake_on_ = descriptor;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (descriptor >= 0) ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

Error CurlHttp::NoAnswer(const Transfer& transfer, const Outcome& outcome) {
  const std::string host = HostOf(transfer.request.url);
  if (transfer.too_long) {
    return {ErrorKind::kInternal,
            transfer.sink_begun
                ? fmt::format("{} sent more bytes than requested", host)
                : fmt::format("{} sent more than {} bytes in one answer{}", host,
                              MostBytesOf(transfer), RequestLine(transfer.request))};
  }
  if (outcome.proxy_status >= 400 && outcome.proxy_status < 500) {
    return ProxyRefusal(transfer.request.transport, host, outcome.proxy_status);
  }
  const CertificatePin* pin = PinFor(transfer.request.transport);
  if (outcome.code == CURLE_PEER_FAILED_VERIFICATION && pin != nullptr && !pin->matched()) {
    Error error{ErrorKind::kConfig, fmt::format("{}: {}", host, pin->Mismatch())};
    error.tag = kFingerprintTag;
    return error;
  }
  // A text that quotes the URL of a proxy would reveal the password in it.
  const bool usable = transfer.error_text[0] != '\0' &&
                      std::string_view(transfer.error_text).find('@') == std::string_view::npos;
  const char* text = usable ? transfer.error_text : curl_easy_strerror(outcome.code);
  Error error{IsPermanent(outcome.code) ? ErrorKind::kConfig : ErrorKind::kTemporary,
              fmt::format("{}: {}", host, text)};
  if (outcome.code == CURLE_PEER_FAILED_VERIFICATION)
    error.tag = CertificateTag(outcome.verify_result);
  if (outcome.code == CURLE_OPERATION_TIMEDOUT) error.tag = kTimeoutTag;
  return error;
}

void CurlHttp::Finish(CURL* handle, CURLcode code) {
  const auto found = std::find_if(transfers_.begin(), transfers_.end(),
                                  [&](const auto& other) { return other->handle == handle; });
  const std::unique_ptr<Transfer> transfer = std::move(*found);
  *found = std::move(transfers_.back());
  transfers_.pop_back();

  if (code == CURLE_OK && transfer->headers_complete) BeginSink(transfer.get());
  long status = 0;
  curl_off_t body_bytes = 0;
  long header_bytes = 0;
  Outcome outcome{code, 0, VerifyResult(handle)};
  curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &outcome.proxy_status);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
  curl_easy_getinfo(handle, CURLINFO_HEADER_SIZE, &header_bytes);
  ChargeRest(transfer->request, transfer->charged_bytes,
             static_cast<std::uint64_t>(body_bytes + header_bytes));
  paused_.Forget(handle);
  curl_multi_remove_handle(multi_, handle);
  curl_easy_reset(handle);
  idle_.push_back(handle);

  if (code != CURLE_OK && !transfer->cut) return transfer->done(Fail(NoAnswer(*transfer, outcome)));
  const std::string host = HostOf(transfer->request.url);
  // Without a tunnel, a proxy answers instead of the server. No server requires this.
  if (status == kProxyWantsCredentials) {
    return transfer->done(Fail(ProxyRefusal(transfer->request.transport, host, status)));
  }
  // To curl, a connection that closes within the headers is an answer without a body.
  if (!transfer->headers_complete) {
    return transfer->done(
        Fail(ErrorKind::kTemporary, fmt::format("{}: the answer breaks off in its headers", host)));
  }
  transfer->response.status = static_cast<int>(status);
  transfer->response.wire_bytes_received = static_cast<std::uint64_t>(body_bytes + header_bytes);
  transfer->done(std::move(transfer->response));
}

}  // namespace dbxes
