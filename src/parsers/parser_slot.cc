// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_slot.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/utf8.h"
#include "parsers/confined_program.h"
#include "parsers/text_sink.h"

namespace dbxes::parsers {
namespace {

// What pdftotext prints around the text.
constexpr std::size_t kRoomForProperties = std::size_t{1} << 20;
constexpr std::size_t kMostComplaints = std::size_t{64} << 10;  // bytes that are kept of them

// Poppler skips a page or an object that it cannot read, says so, and ends well. What it finds odd
// and reads all the same is a warning.
bool ReportsDamage(const Descriptor& complaints) {
  const auto printed = ReadMemoryFile(complaints, kMostComplaints);
  return printed && printed->find("Syntax Error") != std::string::npos;
}

// A process that is killed may have written a part of its last character.
void DropIncompleteCharacter(std::string& text) {
  std::size_t at = text.size();
  while (at > 0 && IsUtf8Continuation(text[at - 1])) --at;
  if (at > 0 && !IsUtf8(std::string_view(text).substr(at - 1))) text.resize(at - 1);
}

// Rounded up: a limit of no seconds would be none.
std::int64_t SecondsOf(Milliseconds time) { return time.count() / 1000 + 1; }

// The PDFs that follow the text. False if they do not fit what was said of them.
bool ReadPdfs(const Descriptor& file, const WorkerAnswer& answer, std::vector<std::string>& pdfs) {
  std::uint64_t at = answer.text_bytes;
  std::uint64_t left = kMostPdfBytes;
  for (const std::uint64_t size : answer.pdf_bytes) {
    if (size > left) return false;
    auto pdf = ReadMemoryFile(file, static_cast<std::size_t>(size), at);
    if (!pdf || pdf->size() != size) return false;
    pdfs.push_back(std::move(*pdf));
    at += size;
    left -= size;
  }
  return true;
}

}  // namespace

ParserSlot::ParserSlot(EventLoop& loop, const ParserSettings& settings, Events events)
    : loop_(loop), settings_(settings), events_(std::move(events)) {}

void ParserSlot::Read(ParserJob job) {
  reading_ = Reading{};
  reading_->answer = job.answer;
  reading_->begun = loop_.clock().Now();
  reading_->deadline = reading_->begun + settings_.wall_time;
  if (auto begun = Begin(std::exchange(job.bytes, {}), job.form); !begun) {
    Finish(Fail(begun.error()));
  }
}

void ParserSlot::EndIfLate(Milliseconds now) {
  if (!reading_ || now < reading_->deadline) return;
  reading_->timed_out = true;
  ServerProcess* at_work = pdftotext_            ? pdftotext_.get()
                           : reading_->by_reader ? reader_.get()
                                                 : worker_.get();
  if (at_work != nullptr) at_work->Kill();
}

Result<void> ParserSlot::Begin(const std::string& bytes, DocumentForm form) {
  const bool pdf = form == DocumentForm::kFile && IsPdf(bytes);
  reading_->names_encryption = pdf && bytes.find("/Encrypt") != std::string::npos;
  TRY_ASSIGN(reading_->file, MakeMemoryFile(bytes));
  if (!pdf) return HandToWorker(form);
  return settings_.pdf_reader.empty() ? BeginPdftotext() : HandToReader();
}

Result<void> ParserSlot::HandToReader() {
  if (reader_ == nullptr) {
    TRY(StartReader());
  }
  TRY_ASSIGN(reading_->text, MakeMemoryFile(""));
  reader_->Hand(DocumentForm::kFile, reading_->file, reading_->text);
  reading_->by_reader = true;
  // It ends late files itself, and keeps what is known of them. This is for one that hangs.
  constexpr Milliseconds kGrace{3000};
  reading_->deadline =
      reading_->begun + SecondsOf(settings_.wall_time) * Milliseconds(1000) + kGrace;
  return {};
}

Result<void> ParserSlot::StartReader() {
  std::vector<std::string> arguments{
      std::to_string(settings_.memory_bytes), std::to_string(settings_.cpu_seconds),
      std::to_string(settings_.max_text_bytes), std::to_string(SecondsOf(settings_.wall_time))};
  if (!settings_.unconfined_pdf) arguments.emplace_back(kMustConfine);
  // It sets limits for each file, and ends where that fails.
  const auto on_greeting = [this](const Confinement& confinement) {
    if (!confinement.landlock || !confinement.seccomp) events_.on_confinement(confinement);
  };
  TRY_ASSIGN(reader_,
             ServerProcess::Watch(
                 loop_, ChildProcess::StartProgram(settings_.pdf_reader, arguments),
                 {on_greeting, [this](const auto& message) { return OnReaderMessage(message); },
                  [this](const auto& ending) { OnReaderEnded(ending); }}));
  return {};
}

bool ParserSlot::OnReaderMessage(const ServerMessage& message) {
  const auto* report = std::get_if<ReaderReport>(&message);
  if (report == nullptr || !reading_ || !reading_->by_reader) return false;
  OnReport(*report);
  return true;
}

// The status is the server's word; the answer is that of a process which the file may control.
void ParserSlot::OnReport(const ReaderReport& report) {
  // Its time was over before this was read: it is killed, and no other file may go to it.
  if (reading_->timed_out) reader_.reset();
  if (WIFEXITED(report.status) && WEXITSTATUS(report.status) == kExitUnconfined) {
    return Finish(Fail(ErrorKind::kInternal, "a PDF reader could not be confined"));
  }
  if (report.status != 0) return AcceptRest(ReasonOfEnd(report.status), report.answer);
  const auto message = Decode(report.answer);
  const auto* answer = message ? std::get_if<WorkerAnswer>(&*message) : nullptr;
  if (answer == nullptr) return GiveUp(Unreadable::kCrashed);
  const bool encrypted = answer->failure == Unreadable::kDamaged && reading_->names_encryption;
  if (encrypted) return GiveUp(Unreadable::kEncrypted);
  Accept(*answer);
}

void ParserSlot::AcceptRest(Unreadable reason, const std::string& begun) {
  WorkerAnswer rest;
  const auto message = Decode(begun);
  if (const auto* known = message ? std::get_if<WorkerAnswer>(&*message) : nullptr) {
    rest.properties = known->properties;
  }
  rest.text_bytes = SizeOf(reading_->text);
  rest.damaged_partly = true;
  reading_->cut_off = reason;
  Accept(rest);
}

void ParserSlot::OnReaderEnded(const ServerProcess::Ending& ending) {
  reader_.reset();
  if (!reading_ || !std::exchange(reading_->by_reader, false)) return;  // it had no file
  if (reading_->timed_out) return AcceptRest(Unreadable::kTooComplex);
  if (ending.greeted || settings_.pdftotext.empty()) {
    return Finish(Fail(ErrorKind::kInternal, fmt::format("{} ended (status {:#x})",
                                                         settings_.pdf_reader, ending.status)));
  }
  events_.on_no_reader(ending.status);
  if (auto begun = BeginPdftotext(); !begun) Finish(Fail(begun.error()));
}

Result<void> ParserSlot::BeginPdftotext() {
  if (settings_.pdftotext.empty()) {
    GiveUp(Unreadable::kUnsupported);
    return {};
  }
  TRY_ASSIGN(reading_->text, MakeMemoryFile(""));
  TRY_ASSIGN(reading_->complaints, MakeMemoryFileOf(kMostComplaints));
  auto started = ChildProcess::Start(
      {std::string(kProgramCommand), std::to_string(settings_.memory_bytes),
       std::to_string(settings_.cpu_seconds),
       std::to_string(settings_.max_text_bytes + kRoomForProperties),
       std::string(settings_.unconfined_pdf ? "" : kMustConfine), settings_.pdftotext,
       // The last two name standard input and output.
       "-htmlmeta", "-enc", "UTF-8", "-nopgbrk", "-", "-"},
      {reading_->file.get(), reading_->text.get(), reading_->complaints.get()});
  // Its socket is closed when it ends.
  TRY_ASSIGN(pdftotext_, ServerProcess::Watch(
                             loop_, std::move(started),
                             {[](const auto&) {}, [](const auto&) { return false; },
                              [this](const auto& ending) { OnPdftotextEnded(ending.status); }}));
  return {};
}

void ParserSlot::OnPdftotextEnded(int status) {
  pdftotext_.reset();
  Reading& reading = *reading_;
  reading.truncated = WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ;
  if (!reading.timed_out && WIFEXITED(status) && WEXITSTATUS(status) != 0) {
    return GiveUp(reading.names_encryption ? Unreadable::kEncrypted : Unreadable::kDamaged);
  }
  if (!reading.truncated && status != 0) {
    reading.cut_off = reading.timed_out ? Unreadable::kTooComplex : ReasonOfEnd(status);
    reading.timed_out = false;
    reading.deadline = loop_.clock().Now() + settings_.wall_time;
  }
  reading.damaged_partly = reading.cut_off.has_value() || ReportsDamage(reading.complaints);
  reading.pdf = std::exchange(reading.file, std::move(reading.text));
  if (auto handed = HandToWorker(DocumentForm::kPdfText); !handed) Finish(Fail(handed.error()));
}

Result<void> ParserSlot::StartWorker() {
  auto started =
      ChildProcess::Start({std::string(kWorkerCommand), std::to_string(settings_.memory_bytes),
                           std::to_string(settings_.max_text_bytes)},
                          {});
  TRY_ASSIGN(worker_,
             ServerProcess::Watch(loop_, std::move(started),
                                  {events_.on_confinement,
                                   [this](const auto& message) { return OnWorkerMessage(message); },
                                   [this](const auto& ending) { OnWorkerEnded(ending); }}));
  files_of_worker_ = 0;
  return {};
}

Result<void> ParserSlot::HandToWorker(DocumentForm form) {
  if (worker_ == nullptr) {
    TRY(StartWorker());
  }
  TRY_ASSIGN(reading_->text, MakeMemoryFile(""));
  worker_->LimitCpu(settings_.cpu_seconds);
  worker_->Hand(form, reading_->file, reading_->text);
  return {};
}

bool ParserSlot::OnWorkerMessage(const ServerMessage& message) {
  const auto* answer = std::get_if<WorkerAnswer>(&message);
  if (answer == nullptr || !WorkerReads()) return false;
  // One whose time was over before this was read is killed, and no other file may go to it.
  const bool spent = ++files_of_worker_ >= settings_.files_per_process || reading_->timed_out;
  if (spent) worker_.reset();
  Accept(*answer);
  return true;
}

void ParserSlot::OnWorkerEnded(const ServerProcess::Ending& ending) {
  worker_.reset();
  if (!WorkerReads()) return;
  if (reading_->timed_out) return GiveUp(Unreadable::kTooComplex);
  if (ending.greeted) return GiveUp(ReasonOfEnd(ending.status));
  Finish(Fail(
      ErrorKind::kInternal,
      fmt::format("a parser process ended before its first file (status {:#x})", ending.status)));
}

void ParserSlot::Accept(const WorkerAnswer& answer) {
  const Reading& reading = *reading_;
  const auto cut_off = reading.cut_off;
  if (cut_off && (answer.failure || answer.text_bytes == 0)) return GiveUp(*cut_off);
  if (answer.failure) return GiveUp(*answer.failure);
  ParsedDocument document;
  document.truncated = answer.truncated || reading.truncated;
  document.damaged_partly = answer.damaged_partly || reading.damaged_partly;
  document.properties = answer.properties;
  const std::uint64_t most = settings_.max_text_bytes;
  const auto written = static_cast<std::size_t>(std::min(answer.text_bytes, most));
  auto text = ReadMemoryFile(reading.text, written);
  if (!text) return Finish(Fail(text.error()));
  document.text = std::move(*text);
  const bool has_pdfs = ReadPdfs(reading.text, answer, document.attached_pdfs);
  if (cut_off) DropIncompleteCharacter(document.text);
  const DocumentProperties& known = document.properties;
  const bool whole = cut_off || document.text.size() == answer.text_bytes;
  const bool believable = whole && has_pdfs && IsUtf8(document.text) && IsUtf8(known.title) &&
                          IsUtf8(known.author) && IsUtf8(known.language);
  if (!believable) {
    worker_.reset();
    return GiveUp(Unreadable::kCrashed);
  }
  document.scan = ScanOf(answer, document.text.empty());
  Finish(Parsed<ParsedDocument>(std::move(document)));
}

// pdftotext does not say of which page a word is.
std::shared_ptr<Scan> ParserSlot::ScanOf(const WorkerAnswer& answer, bool textless) {
  if (reading_->by_reader && !answer.textless_pages.empty()) {
    return std::make_shared<Scan>(Scan{std::move(reading_->file), answer.textless_pages});
  }
  if (!reading_->pdf.is_open() || !textless) return nullptr;
  return std::make_shared<Scan>(Scan{std::move(reading_->pdf), {}});
}

void ParserSlot::GiveUp(Unreadable reason) {
  Finish(Parsed<ParsedDocument>(tl::unexpected(reason)));
}

void ParserSlot::Finish(Result<Parsed<ParsedDocument>> outcome) {
  const auto answer = reading_->answer;
  const Milliseconds begun = reading_->begun;
  reading_.reset();  // with its files, before the next one is read
  events_.on_read(loop_.clock().Now() - begun);
  // The answer may make its receiver destroy us.
  const auto on_free = events_.on_free;
  answer.Fulfil(std::move(outcome));
  on_free();
}

}  // namespace dbxes::parsers
