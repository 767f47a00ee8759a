// SPDX-License-Identifier: Apache-2.0
// What a parser process and its parent say to each other, one packet each, over a socket pair: a
// request comes with two descriptors, the file and the place for its text. Both ends are the same
// program, so that numbers go as they lie in memory; but the parent believes nothing of an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "parsers/parse_document.h"
#include "parsers/parsed_document.h"
#include "parsers/sandbox.h"

namespace dbxes::parsers {

inline constexpr std::string_view kWorkerCommand = "parse-worker";
inline constexpr std::string_view kPdfCommand = "parse-pdf";
inline constexpr int kWorkerSocket = 3;  // the descriptor that a worker finds its end at
// An answer with properties of the longest kind has less.
inline constexpr std::size_t kMostPacketBytes = 32 << 10;

struct WorkerRequest {
  std::uint64_t file_bytes = 0;
  DocumentForm form = DocumentForm::kFile;
};

// Said once, before the first request.
struct WorkerHello {
  Confinement confinement;
};

struct WorkerAnswer {
  std::optional<Unreadable> failure;
  std::uint64_t text_bytes = 0;  // written to the second descriptor
  bool truncated = false;
  DocumentProperties properties;
};

std::string Encode(const WorkerHello& hello);
std::string Encode(const WorkerAnswer& answer);
// Nothing when it is neither, or breaks off.
std::optional<std::variant<WorkerHello, WorkerAnswer>> Decode(std::string_view packet);

// Sends a request with its descriptors, which stay the caller's. False when the other end is gone.
bool SendRequest(int socket, const WorkerRequest& request, int file, int text);

struct ReceivedRequest {
  WorkerRequest request;
  int file = -1;  // the receiver's to close
  int text = -1;
};
// Waits for it. Nothing when the other end is gone.
std::optional<ReceivedRequest> ReceiveRequest(int socket);

}  // namespace dbxes::parsers
