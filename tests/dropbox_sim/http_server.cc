// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/http_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <thread>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20;

const char* Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    default:
      return status >= 500 ? "Server Error" : "Status";
  }
}

bool IsDelayed(const TransportFault& fault) {
  return fault.delay_ms > 0 || fault.bytes_per_second > 0;
}

// "api.…", "content.…": the host of Dropbox that is meant; any for another name.
Role RoleOfHost(const Headers& headers) {
  const std::string* host = FindHeader(headers, "Host");
  if (host == nullptr) return Role::kAny;
  const auto starts = [&](std::string_view prefix) {
    return host->compare(0, prefix.size(), prefix) == 0;
  };
  if (starts("api.")) return Role::kApi;
  if (starts("content.")) return Role::kContent;
  if (starts("notify.")) return Role::kNotify;
  return starts("www.") ? Role::kWeb : Role::kAny;
}

}  // namespace

// One connection with its requests, one after the other.
class Connection {
 public:
  Connection(HttpServer* server, int socket) : server_(server), socket_(socket) {}
  ~Connection() {
    if (tls_ != nullptr) SSL_free(tls_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool Handshake() {
    if (server_->tls_context_ == nullptr) return true;
    tls_ = SSL_new(static_cast<SSL_CTX*>(server_->tls_context_));
    SSL_set_fd(tls_, socket_);
    return SSL_accept(tls_) == 1;
  }

  void Loop() {
    bool open = Handshake();
    while (open) {
      Request request;
      if (!ReadRequest(&request)) break;
      arrived_ = std::chrono::steady_clock::now();
      const std::uint64_t nudges = server_->nudges();  // the answer includes earlier changes
      server_->open_calls_.EndLost();
      Response response = server_->handler_(request);
      if (response.waits_for_news && !AwaitNews(request, nudges, &response)) break;
      server_->open_calls_.Begin(socket_, response.ticket);
      // Without delay, the answer is complete before the client can see it.
      if (!IsDelayed(response.fault)) server_->open_calls_.End(socket_);
      open = Send(response) && !close_asked_;
      server_->open_calls_.End(socket_);
    }
    if (tls_ != nullptr && orderly_) SSL_shutdown(tls_);
  }

 private:
  // Waits with a longpoll until there is news or its time is over. False if the server stopped.
  bool AwaitNews(const Request& request, std::uint64_t nudges, Response* response) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::milliseconds(response->fault.delay_ms);
    while (true) {
      const HttpServer::Woken woken = server_->WaitForNudge(&nudges, deadline);
      if (woken == HttpServer::Woken::kStopped) return false;
      if (woken == HttpServer::Woken::kTimeout) {
        response->fault = {};
        return true;
      }
      if (std::optional<Response> news = server_->wake_longpoll_(request, response->ticket)) {
        *response = std::move(*news);
        return true;
      }
    }
  }

  long Receive(char* data, std::size_t size) {
    if (tls_ != nullptr) return SSL_read(tls_, data, static_cast<int>(size));
    return recv(socket_, data, size, 0);
  }

  bool Fill() {
    std::array<char, 16384> chunk;
    const long got = Receive(chunk.data(), chunk.size());
    if (got <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
  }

  bool Write(std::string_view data) {
    while (!data.empty()) {
      const std::size_t piece = std::min<std::size_t>(data.size(), std::size_t{1} << 20);
      const long sent = tls_ != nullptr ? SSL_write(tls_, data.data(), static_cast<int>(piece))
                                        : send(socket_, data.data(), piece, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool ReadRequest(Request* request) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (buffer_.size() > kMaxHeaderBytes || !Fill()) return false;
    }
    if (!ParseHead(std::string_view(buffer_).substr(0, end), request)) return false;
    buffer_.erase(0, end + 4);
    request->role = RoleOfHost(request->headers);
    const std::string* connection = FindHeader(request->headers, "Connection");
    close_asked_ = connection != nullptr && EqualsIgnoreCase(*connection, "close");
    return ReadBody(request);
  }

  static bool ParseHead(std::string_view head, Request* request) {
    const std::size_t line_end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, line_end);
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || last <= first) return false;
    request->method = line.substr(0, first);
    request->target = line.substr(first + 1, last - first - 1);
    head.remove_prefix(std::min(line_end + 2, head.size()));
    while (!head.empty()) {
      const std::size_t stop = std::min(head.find("\r\n"), head.size());
      const std::string_view field = head.substr(0, stop);
      const std::size_t colon = field.find(':');
      if (colon == std::string_view::npos) return false;
      std::string_view value = field.substr(colon + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      request->headers.emplace_back(field.substr(0, colon), value);
      head.remove_prefix(std::min(stop + 2, head.size()));
    }
    return true;
  }

  bool ReadBody(Request* request) {
    if (const std::string* expect = FindHeader(request->headers, "Expect");
        expect != nullptr && EqualsIgnoreCase(*expect, "100-continue") &&
        !Write("HTTP/1.1 100 Continue\r\n\r\n")) {
      return false;
    }
    if (const std::string* coding = FindHeader(request->headers, "Transfer-Encoding");
        coding != nullptr) {
      return EqualsIgnoreCase(*coding, "chunked") && ReadChunks(&request->body);
    }
    const std::string* length = FindHeader(request->headers, "Content-Length");
    const std::size_t size = length == nullptr ? 0 : std::strtoull(length->c_str(), nullptr, 10);
    return size <= kMaxBodyBytes && Take(size, &request->body);
  }

  bool Take(std::size_t size, std::string* out) {
    while (buffer_.size() < size) {
      if (!Fill()) return false;
    }
    out->append(buffer_, 0, size);
    buffer_.erase(0, size);
    return true;
  }

  bool ReadChunks(std::string* body) {
    while (true) {
      std::size_t end = 0;
      while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (!Fill()) return false;
      }
      const std::size_t size = std::strtoull(buffer_.c_str(), nullptr, 16);
      buffer_.erase(0, end + 2);
      std::string rest;
      if (body->size() + size > kMaxBodyBytes || !Take(size, body) || !Take(2, &rest)) return false;
      if (size == 0) return true;
    }
  }

  // After this, close() sends a reset instead of an orderly end.
  bool Reset() {
    const linger now{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    orderly_ = false;
    return false;
  }

  static std::string Head(const Response& response, bool chunked) {
    std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.status, Reason(response.status));
    for (const auto& [name, value] : response.headers)
      head += fmt::format("{}: {}\r\n", name, value);
    if (chunked)
      head += "Transfer-Encoding: chunked\r\n";
    else if (response.status != 304)
      head += fmt::format("Content-Length: {}\r\n", response.body->size());
    return head + "\r\n";
  }

  bool SendWhole(const Response& response) {
    std::string head = Head(response, false);
    if (response.status == 304) return Write(head);
    constexpr std::size_t kOnePacket = 32768;
    if (response.body->size() <= kOnePacket) return Write(head + *response.body);
    return Write(head) && Write(*response.body);
  }

  bool SendChunked(const Response& response, std::string_view body) {
    std::string out = Head(response, true);
    constexpr std::size_t kChunk = 16384;
    for (; !body.empty(); body.remove_prefix(std::min(kChunk, body.size()))) {
      const std::string_view piece = body.substr(0, kChunk);
      out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    return Write(out + "0\r\n\r\n");
  }

  bool Pause(std::int64_t ms) {
    return server_->SleepUntil(std::chrono::steady_clock::now() + std::chrono::milliseconds(ms),
                               socket_);
  }

  bool SendSlowly(const Response& response) {
    if (!Write(Head(response, false))) return false;
    const std::uint64_t rate = std::max<std::uint64_t>(1, response.fault.bytes_per_second);
    const std::uint64_t piece = std::max<std::uint64_t>(1, rate / 10);
    const auto pause_ms =
        static_cast<std::int64_t>(std::max<std::uint64_t>(1, 1000 * piece / rate));
    std::string_view rest = *response.body;
    for (; rest.size() > piece; rest.remove_prefix(piece)) {
      if (!Write(rest.substr(0, piece)) || !Pause(pause_ms)) return false;
    }
    return WriteLast(rest);
  }

  // A client that has the whole answer may use its cursor at once, so the call ends before.
  bool WriteLast(std::string_view data) {
    server_->open_calls_.End(socket_);
    return Write(data);
  }

  // Returns whether the connection stays open.
  bool Send(const Response& response) {
    using Kind = TransportFault::Kind;
    const TransportFault& fault = response.fault;
    const std::string_view begin = std::string_view(*response.body).substr(0, fault.at_byte);
    switch (fault.kind) {
      case Kind::kNone:
        return SendWhole(response);
      case Kind::kChunked:
        return response.status == 304 ? SendWhole(response) : SendChunked(response, *response.body);
      case Kind::kResetBeforeHeaders:
        return Reset();
      case Kind::kResetAfterHeaders:
        Write(Head(response, false));
        Drain();
        return Reset();
      case Kind::kResetInBody:
        Write(Head(response, false) + std::string(begin));
        Drain();
        return Reset();
      case Kind::kCutBody:
        return Write(Head(response, false) + std::string(begin)) && false;
      case Kind::kShortChunked:
        return SendChunked(response, begin);
      case Kind::kStallBeforeHeaders:
        if (!server_->SleepUntil(arrived_ + std::chrono::milliseconds(fault.delay_ms), socket_))
          return false;
        server_->open_calls_.End(socket_);
        return SendWhole(response);
      case Kind::kStallInBody:
        return Write(Head(response, false) + std::string(begin)) && Pause(fault.delay_ms) &&
               WriteLast(std::string_view(*response.body).substr(begin.size()));
      case Kind::kSlowBody:
        return SendSlowly(response);
      case Kind::kCloseAfter:
        SendWhole(response);
        orderly_ = false;
        return false;
    }
    return false;
  }

  // A reset drops data in flight, so the client gets time to read what it is meant to see.
  void Drain() { Pause(50); }

  HttpServer* server_;
  int socket_;
  SSL* tls_ = nullptr;
  std::string buffer_;
  std::chrono::steady_clock::time_point arrived_;  // of the request that is being answered
  bool close_asked_ = false;
  bool orderly_ = true;
};

HttpServer::HttpServer(Handler handler, Done done, Wake wake)
    : handler_(std::move(handler)), wake_longpoll_(std::move(wake)), open_calls_(std::move(done)) {}

HttpServer::~HttpServer() {
  if (listener_ >= 0) close(listener_);
  for (int end : wake_) {
    if (end >= 0) close(end);
  }
  if (tls_context_ != nullptr) SSL_CTX_free(static_cast<SSL_CTX*>(tls_context_));
}

std::string HttpServer::Listen(std::uint16_t port, const std::string& cert_file,
                               const std::string& key_file) {
  if (!cert_file.empty()) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    tls_context_ = context;
    const bool loaded =
        context != nullptr && SSL_CTX_use_certificate_chain_file(context, cert_file.c_str()) == 1 &&
        SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1;
    if (!loaded)
      return fmt::format("cannot use {} and {}: {}", cert_file, key_file,
                         ERR_reason_error_string(ERR_get_error()));
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool ready = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     listen(listener_, 512) == 0 &&
                     getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                     pipe2(wake_, O_CLOEXEC) == 0;
  if (!ready) return fmt::format("cannot listen on port {}: {}", port, std::strerror(errno));
  port_ = ntohs(address.sin_port);
  return "";
}

void HttpServer::Serve(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  Connection(this, socket).Loop();
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  close(socket);
  changed_.notify_all();
}

void HttpServer::Accept() {
  const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket < 0) return;
  {
    const std::lock_guard lock(mutex_);
    sockets_.insert(socket);
  }
  std::thread([this, socket] { Serve(socket); }).detach();
}

void HttpServer::Run() {
  // Makes waits exact, also in threads started later: by default the kernel wakes 50 µs late, which
  // would count as latency of a measured client.
  prctl(PR_SET_TIMERSLACK, 1UL);
  std::array<pollfd, 2> watched = {pollfd{listener_, POLLIN, 0}, pollfd{wake_[0], POLLIN, 0}};
  while (watched[1].revents == 0) {
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
    if (watched[0].revents != 0) Accept();
  }
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (int socket : sockets_) shutdown(socket, SHUT_RDWR);
  changed_.notify_all();
  changed_.wait(lock, [this] { return sockets_.empty(); });
}

void HttpServer::Stop() {
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = write(wake_[1], &byte, 1);
}

void HttpServer::Nudge() {
  const std::lock_guard lock(mutex_);
  ++nudges_;
  changed_.notify_all();
}

std::uint64_t HttpServer::nudges() {
  const std::lock_guard lock(mutex_);
  return nudges_;
}

HttpServer::Woken HttpServer::WaitForNudge(std::uint64_t* seen,
                                           std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const bool woken =
      changed_.wait_until(lock, deadline, [&] { return stopping_ || nudges_ != *seen; });
  *seen = nudges_;
  if (stopping_) return Woken::kStopped;
  return woken ? Woken::kNudged : Woken::kTimeout;
}

bool HttpServer::SleepUntil(std::chrono::steady_clock::time_point deadline, int client) {
  using std::chrono::nanoseconds;
  const auto left = deadline - std::chrono::steady_clock::now();
  const auto wait =
      std::max<std::int64_t>(0, std::chrono::duration_cast<nanoseconds>(left).count());
  constexpr std::int64_t kSecond = 1'000'000'000;
  const timespec timeout{wait / kSecond, wait % kSecond};
  // The byte that Stop writes is never read, so it wakes all threads. With a lock, a hundred
  // sleepers would wait for each other.
  std::array<pollfd, 2> ends{{{wake_[0], POLLIN, 0}, {client, POLLRDHUP, 0}}};
  return ppoll(ends.data(), ends.size(), &timeout, nullptr) == 0;
}

}  // namespace dbxes::sim
