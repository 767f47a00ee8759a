// SPDX-License-Identifier: Apache-2.0
#include "parsers/worker_main.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "content/charset.h"
#include "parsers/parse_document.h"
#include "parsers/sandbox.h"
#include "parsers/worker_protocol.h"

namespace dbxes::parsers {
namespace {

constexpr int kExitWrongArguments = 64;
// What comes before the program's own arguments.
constexpr std::size_t kProgramAt = 5;

std::size_t ToSize(const std::string& text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool Say(const std::string& packet) {
  return ::send(kWorkerSocket, packet.data(), packet.size(), MSG_NOSIGNAL) >= 0;
}

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

WorkerAnswer AnswerTo(const ReceivedRequest& received, const ParseLimits& limits) {
  WorkerAnswer answer;
  const std::size_t size = received.request.file_bytes;
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, received.file, 0);
  if (mapped == MAP_FAILED) {
    answer.failure = size == 0 ? Unreadable::kDamaged : Unreadable::kTooComplex;
    return answer;
  }
  const std::string_view bytes(static_cast<const char*>(mapped), size);
  auto document = ParseDocument(bytes, received.request.form, limits);
  ::munmap(mapped, size);
  const auto write = [&](std::string_view part) { return WriteAll(received.text, part); };
  if (!document) {
    answer.failure = document.error();
  } else if (!write(document->text) ||
             !std::all_of(document->attached_pdfs.begin(), document->attached_pdfs.end(), write)) {
    answer.failure = Unreadable::kTooComplex;
  } else {
    for (const std::string& pdf : document->attached_pdfs) answer.pdf_bytes.push_back(pdf.size());
    answer.text_bytes = document->text.size();
    answer.truncated = document->truncated;
    answer.damaged_partly = document->damaged_partly;
    answer.properties = std::move(document->properties);
  }
  return answer;
}

// Serves requests until the parent closes its end of the socket.
int ServeRequests(std::size_t memory_bytes, std::size_t text_bytes) {
  ParseLimits limits;
  limits.max_text_bytes = text_bytes;
  // Before the process loses the right to open their modules.
  content::LoadCharsets();
  // PDFs within a file are written after its text.
  const std::string missing_limits = LimitProcess({memory_bytes, 0, text_bytes + kMostPdfBytes});
  WorkerHello hello{ConfineToDescriptors()};
  hello.confinement.missing_limits = missing_limits;
  if (!Say(Encode(hello))) return 1;
  while (const auto received = ReceiveRequest(kWorkerSocket)) {
    const WorkerAnswer answer = AnswerTo(*received, limits);
    ::close(received->file);
    ::close(received->text);
    if (!Say(Encode(answer))) return 1;
  }
  return 0;
}

// Becomes the program with the file as its input.
int BecomeProgram(const ProcessLimits& limits, bool must_confine,
                  std::span<const std::string> command) {
  const std::string& program = command[0];
  std::vector<std::string> words(command.begin(), command.end());
  words[0] = program.substr(program.rfind('/') + 1);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  // Tesseract would start threads, which it may not.
  char one_thread[] = "OMP_THREAD_LIMIT=1";
  char* const environment[] = {one_thread, nullptr};
  const bool limited = LimitProcess(limits).empty();
  const Confinement done = ConfineToReading(program);
  if (must_confine && !(limited && done.landlock && done.seccomp)) return kExitUnconfined;
  ::execve(program.c_str(), pointers.data(), environment);
  return kExitNoProgram;
}

}  // namespace

std::optional<int> RunAsParserProcess(std::span<const std::string> arguments) {
  if (arguments.empty()) return std::nullopt;
  if (arguments[0] == kWorkerCommand) {
    // Not exit(): its handlers could need calls that are forbidden now.
    ::_exit(arguments.size() == 3 ? ServeRequests(ToSize(arguments[1]), ToSize(arguments[2]))
                                  : kExitWrongArguments);
  }
  if (arguments[0] == kProgramCommand) {
    if (arguments.size() <= kProgramAt) return kExitWrongArguments;
    return BecomeProgram({ToSize(arguments[1]), ToSize(arguments[2]), ToSize(arguments[3])},
                         arguments[4] == kMustConfine, arguments.subspan(kProgramAt));
  }
  return std::nullopt;
}

}  // namespace dbxes::parsers
