// SPDX-License-Identifier: Apache-2.0
// The messages between a parser process and its parent, one packet each, over a socket pair. A
// request includes two descriptors: the file, and where to write its text. Both ends are the same
// program, so numbers keep their layout in memory; but the parent does not trust an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "parsers/parse_document.h"
#include "parsers/parsed_document.h"
#include "parsers/sandbox.h"

namespace dbxes::parsers {

inline constexpr std::string_view kWorkerCommand = "parse-worker";
// Becomes another program, confined to reading: "parse-with MEMORY CPU OUTPUT must-confine|''
// PROGRAM ARGUMENT...".
inline constexpr std::string_view kProgramCommand = "parse-with";
// Where it must not run without its whole confinement.
inline constexpr std::string_view kMustConfine = "must-confine";
inline constexpr int kExitNoProgram = 127;  // of kProgramCommand, as of a shell
inline constexpr int kWorkerSocket = 3;     // the worker's end of the socket pair
// Larger than an answer with the longest properties.
inline constexpr std::size_t kMostPacketBytes = 32 << 10;
inline constexpr std::size_t kMostTextlessPages = 1000;

struct WorkerRequest {
  std::uint64_t file_bytes = 0;
  DocumentForm form = DocumentForm::kFile;
};

// Sent once, before the first request.
struct WorkerHello {
  Confinement confinement;
};

struct WorkerAnswer {
  std::optional<Unreadable> failure;
  std::uint64_t text_bytes = 0;  // written to the second descriptor
  bool truncated = false;
  bool damaged_partly = false;
  DocumentProperties properties;
  std::vector<std::uint32_t> textless_pages = {};  // of a PDF, from 1; at most kMostTextlessPages
  // The sizes of the PDFs within the file, which follow the text; at most kMostPdfs.
  std::vector<std::uint64_t> pdf_bytes = {};
};

// Of the program for PDFs (src/pdf), which greets like a worker, and then reads each file in a
// process of its own: how that ended, as from waitpid(2), and its WorkerAnswer as a packet, which
// is as untrusted as the file.
struct ReaderReport {
  std::int32_t status = 0;
  std::string answer;
};

std::string Encode(const WorkerHello& hello);
std::string Encode(const WorkerAnswer& answer);
std::string Encode(const ReaderReport& report);
// Nothing when it is none of them, or is incomplete.
std::optional<std::variant<WorkerHello, WorkerAnswer, ReaderReport>> Decode(
    std::string_view packet);

// Sends a request with its descriptors, which the caller keeps. False when the other end is closed.
bool SendRequest(int socket, const WorkerRequest& request, int file, int text);

struct ReceivedRequest {
  WorkerRequest request;
  int file = -1;  // the receiver closes both
  int text = -1;
};
// Waits for a request. Nothing when the other end is closed.
std::optional<ReceivedRequest> ReceiveRequest(int socket);

}  // namespace dbxes::parsers
