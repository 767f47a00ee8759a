// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_pool.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "base/utf8.h"
#include "parsers/confined_program.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kMostProcesses = 4;
constexpr std::size_t kMemoryBesidesFile = std::size_t{1} << 30;
constexpr Milliseconds kWatchInterval{1000};
// Honest files take less; only what is beyond it counts against the budget.
constexpr Milliseconds kFreeTime{1000};
// What pdftotext prints around the text.
constexpr std::size_t kRoomForProperties = std::size_t{1} << 20;
constexpr std::size_t kMostComplaints = std::size_t{64} << 10;  // bytes that are kept of them

// Poppler skips a page or an object that it cannot read, says so, and ends well. What it finds odd
// and reads all the same is a warning.
bool ReportsDamage(const Descriptor& complaints) {
  const auto printed = ReadMemoryFile(complaints, kMostComplaints);
  return printed && printed->find("Syntax Error") != std::string::npos;
}

// The next message of a process; nothing yet, or none that is understood: a process that talks out
// of turn is no longer ours, and is killed. `closed`: it has ended.
std::optional<std::variant<WorkerHello, WorkerAnswer, ReaderReport>> Receive(
    const ChildProcess& process, bool& closed) {
  std::string packet(kMostPacketBytes, '\0');
  const ssize_t length =
      ::recv(process.socket(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  closed = length <= 0;
  if (closed) return std::nullopt;
  packet.resize(std::min(packet.size(), static_cast<std::size_t>(length)));
  auto message = Decode(packet);
  if (!message) process.Kill();
  return message;
}

// A process that is killed may have written a part of its last character.
void DropIncompleteCharacter(std::string& text) {
  std::size_t at = text.size();
  while (at > 0 && IsUtf8Continuation(text[at - 1])) --at;
  if (at > 0 && !IsUtf8(std::string_view(text).substr(at - 1))) text.resize(at - 1);
}

Error OverBudget(Milliseconds budget) {
  return {ErrorKind::kInternal,
          fmt::format("slow files have used up the time for parsing in one run ({} s, "
                      "extraction.parse_budget): the next run reads it",
                      budget.count() / 1000)};
}

}  // namespace

ParserSettings SystemParserSettings(std::size_t max_file_bytes, std::size_t max_text_bytes) {
  ParserSettings settings;
  settings.processes =
      std::clamp(std::size_t{std::thread::hardware_concurrency()}, std::size_t{1}, kMostProcesses);
  settings.memory_bytes = max_file_bytes + kMemoryBesidesFile;
  settings.max_text_bytes = max_text_bytes;
  return settings;
}

struct ParserPool::Slot {
  std::optional<ChildProcess> worker;
  std::optional<ChildProcess> reader;  // dbx-es-pdf
  std::optional<ChildProcess> pdftotext;
  std::unique_ptr<Job> job;
  Descriptor file;
  Descriptor pdf;  // once file is the output of pdftotext
  Descriptor text;
  Descriptor complaints;  // of pdftotext
  Milliseconds begun{0};
  Milliseconds deadline{0};
  std::size_t files = 0;  // read by its worker
  bool greeted = false;   // its worker has sent WorkerHello
  bool reader_greeted = false;
  bool timed_out = false;
  bool reads_pdf = false;  // its reader has the file

  bool WorkerReads() const { return job != nullptr && !reads_pdf && !pdftotext; }
};

ParserPool::ParserPool(EventLoop& loop, ParserSettings settings)
    : loop_(loop), settings_(std::move(settings)) {
  for (std::size_t at = 0; at < settings_.processes; ++at) {
    slots_.push_back(std::make_unique<Slot>());
  }
}

ParserPool::~ParserPool() {
  for (const auto& slot : slots_) {
    if (slot->pdftotext) {
      loop_.Forget(slot->pdftotext->socket());
      slot->pdftotext->Kill();
    }
    if (slot->reader) DropReader(*slot);
    if (slot->worker) DropWorker(*slot);
  }
}

Pending<Parsed<ParsedDocument>> ParserPool::Parse(std::string bytes, DocumentForm form) {
  auto job = std::make_unique<Job>();
  job->form = form;
  job->bytes = std::move(bytes);
  const Answer answer = job->answer;
  waiting_.push_back(std::move(job));
  StartSome();
  return answer;
}

void ParserPool::StartSome() {
  for (const auto& slot : slots_) {
    while (slot->job == nullptr && !waiting_.empty()) {
      slot->job = std::move(waiting_.front());
      waiting_.pop_front();
      // A guess of the language is short, and must not cost a text that was read already.
      const bool counts = slot->job->form != DocumentForm::kLanguage;
      if (counts && spent_ >= settings_.budget) {
        Finish(*slot, Fail(OverBudget(settings_.budget)));
      } else if (auto begun = Begin(*slot); !begun) {
        Finish(*slot, Fail(begun.error()));
      }
    }
  }
  const bool busy = std::any_of(slots_.begin(), slots_.end(),
                                [](const auto& slot) { return slot->job != nullptr; });
  if (busy && !watching_) Watch();
}

Result<void> ParserPool::Begin(Slot& slot) {
  Job& job = *slot.job;
  slot.timed_out = false;
  slot.begun = loop_.clock().Now();
  slot.deadline = slot.begun + settings_.wall_time;
  const bool pdf = job.form == DocumentForm::kFile && IsPdf(job.bytes);
  job.names_encryption = pdf && job.bytes.find("/Encrypt") != std::string::npos;
  TRY_ASSIGN(slot.file, MakeMemoryFile(job.bytes));
  job.bytes = {};
  return pdf ? BeginPdf(slot) : HandToWorker(slot, job.form);
}

Result<void> ParserPool::BeginPdf(Slot& slot) {
  return settings_.pdf_reader.empty() ? BeginPdftotext(slot) : HandToReader(slot);
}

Result<void> ParserPool::HandToReader(Slot& slot) {
  if (!slot.reader) {
    TRY(StartReader(slot));
  }
  TRY_ASSIGN(slot.text, MakeMemoryFile(""));
  const WorkerRequest request{SizeOf(slot.file), DocumentForm::kFile};
  // If the reader has ended meanwhile, its socket becomes readable.
  SendRequest(slot.reader->socket(), request, slot.file.get(), slot.text.get());
  slot.reads_pdf = true;
  return {};
}

Result<void> ParserPool::StartReader(Slot& slot) {
  std::vector<std::string> arguments{std::to_string(settings_.memory_bytes),
                                     std::to_string(settings_.cpu_seconds),
                                     std::to_string(settings_.max_text_bytes)};
  if (!settings_.unconfined_pdf) arguments.emplace_back(kMustConfine);
  auto started = ChildProcess::StartProgram(settings_.pdf_reader, arguments);
  if (!started) return Fail(started.error());
  slot.reader = std::move(*started);
  slot.reader_greeted = false;
  return loop_.OnReadable(slot.reader->socket(), [this, &slot] { OnReaderPacket(slot); });
}

void ParserPool::OnReaderPacket(Slot& slot) {
  bool closed = false;
  const auto message = Receive(*slot.reader, closed);
  if (closed) return OnReaderEnded(slot);
  if (!message) return;
  if (std::holds_alternative<WorkerHello>(*message) && !slot.reader_greeted) {
    slot.reader_greeted = true;
    // It sets limits for each file, and ends where that fails.
    const Confinement& confinement = std::get<WorkerHello>(*message).confinement;
    if (!confinement.landlock || !confinement.seccomp) NoteConfinement(confinement);
    return;
  }
  const auto* report = std::get_if<ReaderReport>(&*message);
  if (report != nullptr && slot.reads_pdf) return OnReport(slot, *report);
  slot.reader->Kill();
}

// The status is the server's word; the answer is that of a process which the file may control.
void ParserPool::OnReport(Slot& slot, const ReaderReport& report) {
  // Its time was over before this was read: it is killed, and no other file may go to it.
  if (slot.timed_out) DropReader(slot);
  if (WIFEXITED(report.status) && WEXITSTATUS(report.status) == kExitUnconfined) {
    return Finish(slot, Fail(ErrorKind::kInternal, "a PDF reader could not be confined"));
  }
  if (report.status != 0) return AcceptRest(slot, ReasonOfEnd(report.status), report.answer);
  const auto message = Decode(report.answer);
  const auto* answer = message ? std::get_if<WorkerAnswer>(&*message) : nullptr;
  if (answer == nullptr) return GiveUp(slot, Unreadable::kCrashed);
  const bool encrypted = answer->failure == Unreadable::kDamaged && slot.job->names_encryption;
  if (encrypted) return GiveUp(slot, Unreadable::kEncrypted);
  Accept(slot, *answer);
}

void ParserPool::AcceptRest(Slot& slot, Unreadable reason, const std::string& begun) {
  WorkerAnswer rest;
  const auto message = Decode(begun);
  if (const auto* known = message ? std::get_if<WorkerAnswer>(&*message) : nullptr) {
    rest.properties = known->properties;
  }
  rest.text_bytes = SizeOf(slot.text);
  rest.damaged_partly = true;
  slot.job->cut_off = reason;
  Accept(slot, rest);
}

void ParserPool::OnReaderEnded(Slot& slot) {
  loop_.Forget(slot.reader->socket());
  const int status = slot.reader->End();
  slot.reader.reset();
  if (!std::exchange(slot.reads_pdf, false)) return;  // it had no file
  if (slot.timed_out) return AcceptRest(slot, Unreadable::kTooComplex);
  if (slot.reader_greeted || settings_.pdftotext.empty()) {
    return Finish(slot, Fail(ErrorKind::kInternal,
                             fmt::format("{} ended (status {:#x})", settings_.pdf_reader, status)));
  }
  if (!settings_.pdf_reader.empty()) {
    settings_.on_note(fmt::format("{} does not start (status {:#x}): PDFs are read by {}",
                                  settings_.pdf_reader, status, settings_.pdftotext));
    settings_.pdf_reader.clear();
  }
  if (auto begun = BeginPdftotext(slot); !begun) Finish(slot, Fail(begun.error()));
}

Result<void> ParserPool::BeginPdftotext(Slot& slot) {
  if (settings_.pdftotext.empty()) {
    GiveUp(slot, Unreadable::kUnsupported);
    return {};
  }
  TRY_ASSIGN(auto printed, MakeMemoryFile(""));
  TRY_ASSIGN(slot.complaints, MakeMemoryFileOf(kMostComplaints));
  TRY_ASSIGN(auto started,
             ChildProcess::Start(
                 {std::string(kProgramCommand), std::to_string(settings_.memory_bytes),
                  std::to_string(settings_.cpu_seconds),
                  std::to_string(settings_.max_text_bytes + kRoomForProperties),
                  std::string(settings_.unconfined_pdf ? "" : kMustConfine), settings_.pdftotext,
                  // The last two name standard input and output.
                  "-htmlmeta", "-enc", "UTF-8", "-nopgbrk", "-", "-"},
                 {slot.file.get(), printed.get(), slot.complaints.get()}));
  slot.text = std::move(printed);
  slot.pdftotext = std::move(started);
  return loop_.OnReadable(slot.pdftotext->socket(), [this, &slot] { OnPdftotextEnded(slot); });
}

// pdftotext sends nothing over its socket, which is closed when it ends.
void ParserPool::OnPdftotextEnded(Slot& slot) {
  loop_.Forget(slot.pdftotext->socket());
  const int status = slot.pdftotext->End();
  slot.pdftotext.reset();
  Job& job = *slot.job;
  job.truncated = WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ;
  if (!slot.timed_out && WIFEXITED(status) && WEXITSTATUS(status) != 0) {
    return GiveUp(slot, job.names_encryption ? Unreadable::kEncrypted : Unreadable::kDamaged);
  }
  if (!job.truncated && status != 0) {
    job.cut_off = slot.timed_out ? Unreadable::kTooComplex : ReasonOfEnd(status);
    slot.timed_out = false;
    slot.deadline = loop_.clock().Now() + settings_.wall_time;
  }
  job.damaged_partly = job.cut_off.has_value() || ReportsDamage(slot.complaints);
  slot.pdf = std::exchange(slot.file, std::move(slot.text));
  if (auto handed = HandToWorker(slot, DocumentForm::kPdfText); !handed) {
    Finish(slot, Fail(handed.error()));
  }
}

Result<void> ParserPool::StartWorker(Slot& slot) {
  auto started =
      ChildProcess::Start({std::string(kWorkerCommand), std::to_string(settings_.memory_bytes),
                           std::to_string(settings_.max_text_bytes)},
                          {});
  if (!started) return Fail(started.error());
  slot.worker = std::move(*started);
  slot.files = 0;
  slot.greeted = false;
  return loop_.OnReadable(slot.worker->socket(), [this, &slot] { OnPacket(slot); });
}

Result<void> ParserPool::HandToWorker(Slot& slot, DocumentForm form) {
  if (!slot.worker) {
    TRY(StartWorker(slot));
  }
  TRY_ASSIGN(auto text, MakeMemoryFile(""));
  slot.text = std::move(text);
  slot.worker->LimitCpu(settings_.cpu_seconds);
  const WorkerRequest request{SizeOf(slot.file), form};
  // If the worker has ended meanwhile, its socket becomes readable.
  SendRequest(slot.worker->socket(), request, slot.file.get(), slot.text.get());
  return {};
}

void ParserPool::OnPacket(Slot& slot) {
  bool closed = false;
  const auto message = Receive(*slot.worker, closed);
  if (closed) return OnWorkerEnded(slot);
  if (!message) return;
  if (std::holds_alternative<WorkerHello>(*message) && !slot.greeted) {
    slot.greeted = true;
    return NoteConfinement(std::get<WorkerHello>(*message).confinement);
  }
  const auto* answer = std::get_if<WorkerAnswer>(&*message);
  if (answer != nullptr && slot.WorkerReads()) return OnAnswer(slot, *answer);
  slot.worker->Kill();
}

void ParserPool::OnAnswer(Slot& slot, const WorkerAnswer& answer) {
  // One whose time was over before this was read is killed, and no other file may go to it.
  if (++slot.files >= settings_.files_per_process || slot.timed_out) DropWorker(slot);
  Accept(slot, answer);
}

void ParserPool::Accept(Slot& slot, const WorkerAnswer& answer) {
  const Job& job = *slot.job;
  if (job.cut_off && (answer.failure || answer.text_bytes == 0)) return GiveUp(slot, *job.cut_off);
  if (answer.failure) return GiveUp(slot, *answer.failure);
  ParsedDocument document;
  document.truncated = answer.truncated || job.truncated;
  document.damaged_partly = answer.damaged_partly || job.damaged_partly;
  document.properties = answer.properties;
  auto text = ReadMemoryFile(slot.text, settings_.max_text_bytes);
  if (!text) return Finish(slot, Fail(text.error()));
  document.text = std::move(*text);
  if (job.cut_off) DropIncompleteCharacter(document.text);
  const DocumentProperties& known = document.properties;
  const bool whole = job.cut_off || document.text.size() == answer.text_bytes;
  const bool believable = whole && IsUtf8(document.text) && IsUtf8(known.title) &&
                          IsUtf8(known.author) && IsUtf8(known.language);
  if (!believable) {
    if (slot.worker) DropWorker(slot);
    return GiveUp(slot, Unreadable::kCrashed);
  }
  document.scan = ScanOf(slot, answer, document.text.empty());
  Finish(slot, Parsed<ParsedDocument>(std::move(document)));
}

// pdftotext does not say of which page a word is.
std::shared_ptr<Scan> ParserPool::ScanOf(Slot& slot, const WorkerAnswer& answer, bool textless) {
  if (slot.reads_pdf && !answer.textless_pages.empty()) {
    return std::make_shared<Scan>(Scan{std::move(slot.file), answer.textless_pages});
  }
  if (!slot.pdf.is_open() || !textless) return nullptr;
  return std::make_shared<Scan>(Scan{std::move(slot.pdf), {}});
}

void ParserPool::OnWorkerEnded(Slot& slot) {
  loop_.Forget(slot.worker->socket());
  const int status = slot.worker->End();
  slot.worker.reset();
  if (!slot.WorkerReads()) return;
  if (slot.timed_out) return GiveUp(slot, Unreadable::kTooComplex);
  if (slot.greeted) return GiveUp(slot, ReasonOfEnd(status));
  Finish(slot,
         Fail(ErrorKind::kInternal,
              fmt::format("a parser process ended before its first file (status {:#x})", status)));
}

void ParserPool::GiveUp(Slot& slot, Unreadable reason) {
  Finish(slot, Parsed<ParsedDocument>(tl::unexpected(reason)));
}

void ParserPool::Finish(Slot& slot, Result<Parsed<ParsedDocument>> outcome) {
  const std::unique_ptr<Job> job = std::move(slot.job);
  if (slot.begun > Milliseconds(0)) {
    const Milliseconds took = loop_.clock().Now() - std::exchange(slot.begun, Milliseconds(0));
    spent_ += std::max(took - kFreeTime, Milliseconds(0));
  }
  slot.reads_pdf = false;
  slot.file = Descriptor();
  slot.pdf = Descriptor();
  slot.text = Descriptor();
  slot.complaints = Descriptor();
  // The answer may make its receiver destroy us.
  const auto start_some = callbacks_.Bind([this] { StartSome(); });
  job->answer.Fulfil(std::move(outcome));
  start_some();
}

void ParserPool::DropWorker(Slot& slot) {
  loop_.Forget(slot.worker->socket());
  slot.worker->Kill();
  slot.worker.reset();
}

void ParserPool::DropReader(Slot& slot) {
  loop_.Forget(slot.reader->socket());
  slot.reader->Kill();
  slot.reader.reset();
}

void ParserPool::NoteConfinement(const Confinement& confinement) {
  if (std::exchange(noted_, true)) return;
  if (!confinement.missing_limits.empty()) {
    settings_.on_note(
        fmt::format("parser processes run without a limit on {}, which could not be set",
                    confinement.missing_limits));
  }
  const std::string missing = confinement.landlock && confinement.seccomp ? ""
                              : confinement.seccomp                       ? "Landlock"
                              : confinement.landlock                      ? "seccomp"
                                                                          : "Landlock and seccomp";
  if (missing.empty() || missing == settings_.missing_confinement) return;
  settings_.on_note(
      fmt::format("parser processes run without {}, which could not be set up", missing));
}

void ParserPool::Watch() {
  watching_ = true;
  const auto end_late_ones = [this] {
    bool busy = false;
    for (const auto& slot : slots_) {
      if (slot->job == nullptr) continue;
      busy = true;
      if (loop_.clock().Now() < slot->deadline) continue;
      slot->timed_out = true;
      // Their sockets become readable when they have ended.
      if (slot->pdftotext) {
        slot->pdftotext->Kill();
      } else if (slot->reads_pdf) {
        slot->reader->Kill();
      } else if (slot->worker) {
        slot->worker->Kill();
      }
    }
    watching_ = false;
    if (busy) Watch();
  };
  loop_.After(kWatchInterval, callbacks_.Bind(end_late_ones));
}

}  // namespace dbxes::parsers
