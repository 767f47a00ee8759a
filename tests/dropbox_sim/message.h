// SPDX-License-Identifier: Apache-2.0
// The messages between a transport and the simulator. The transport sets a request's role: in
// process from the host of the URL; the program listens on one port and uses kAny.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbxes::sim {

enum class Role : std::uint8_t { kAny, kApi, kContent, kNotify, kWeb };

using Headers = std::vector<std::pair<std::string, std::string>>;

// Value of the first header of this name in any case; null when absent.
const std::string* FindHeader(const Headers& headers, std::string_view name);

struct Request {
  Role role = Role::kAny;
  std::string method = "POST";
  std::string target;  // path and query, e.g. "/2/files/list_folder"
  Headers headers;
  std::string body;
};

// How the transport has to mistreat a response.
struct TransportFault {
  enum class Kind : std::uint8_t {
    kNone,
    kResetBeforeHeaders,  // TCP reset instead of an answer
    kResetAfterHeaders,   // headers, then TCP reset
    kResetInBody,         // at_byte bytes of the body, then TCP reset
    kCutBody,             // at_byte bytes under the right Content-Length, then an orderly close
    kShortChunked,        // at_byte bytes, chunked, ended as if complete
    kChunked,             // the whole body without a Content-Length
    kStallBeforeHeaders,  // the whole answer, delay_ms after the request
    kStallInBody,         // delay_ms of silence after at_byte bytes, then the rest
    kSlowBody,            // bytes_per_second
    kCloseAfter,          // whole answer, then the connection closes unannounced
  };
  Kind kind = Kind::kNone;
  std::uint64_t at_byte = 0;
  std::int64_t delay_ms = 0;
  std::uint64_t bytes_per_second = 0;
};

struct Response {
  int status = 200;
  Headers headers;  // without Content-Length and Transfer-Encoding, which the transport sets
  std::shared_ptr<const std::string> body;  // never null; cached pages are shared
  TransportFault fault;
  // The fault is the wait of a longpoll: it is over early when Simulator::Wake has an answer.
  bool waits_for_news = false;
  std::uint64_t ticket = 0;  // for Simulator::Finish and Wake
};

}  // namespace dbxes::sim
