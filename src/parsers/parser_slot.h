// SPDX-License-Identifier: Apache-2.0
// One file at a time on its way to text: a PDF through dbx-es-pdf, or through pdftotext and a
// parser process; every other file through a parser process. The processes are reused, and replaced
// when a file crashes them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/http/event_loop.h"
#include "base/os/descriptor.h"
#include "parsers/child_process.h"
#include "parsers/parsed_document.h"
#include "parsers/parser_settings.h"
#include "parsers/server_process.h"

namespace dbxes::parsers {

struct ParserJob {
  Pending<Parsed<ParsedDocument>> answer;
  std::string bytes;
  DocumentForm form = DocumentForm::kFile;
};

class ParserSlot {
 public:
  struct Events {
    std::function<void(const Confinement&)> on_confinement;  // of a process that has started
    std::function<void(int status)> on_no_reader;            // dbx-es-pdf does not start
    std::function<void(Milliseconds)> on_read;               // how long a file took
    std::function<void()> on_free;  // after the answer, which may have destroyed the slot
  };

  // `settings` is the caller's, and may change between files.
  ParserSlot(EventLoop& loop, const ParserSettings& settings, Events events);

  bool is_free() const { return !reading_; }
  // Answers the job at some time, perhaps at once. The slot is free.
  void Read(ParserJob job);
  // Kills what reads a file whose time is over: its end becomes the answer.
  void EndIfLate(Milliseconds now);

 private:
  // What belongs to the file, and goes with it.
  struct Reading {
    Pending<Parsed<ParsedDocument>> answer;
    Descriptor file;
    Descriptor pdf;  // once file is the output of pdftotext
    Descriptor text;
    Descriptor complaints;  // of pdftotext
    Milliseconds begun{0};
    Milliseconds deadline{0};
    bool names_encryption = false;
    bool by_reader = false;       // dbx-es-pdf has the file
    bool truncated = false;       // already by pdftotext
    bool damaged_partly = false;  // as pdftotext reports
    bool timed_out = false;
    // Why the reading of a PDF ended early: what was written by then is the text, if there is any.
    std::optional<Unreadable> cut_off;
  };

  Result<void> Begin(const std::string& bytes, DocumentForm form);
  Result<void> HandToReader();
  Result<void> StartReader();
  bool OnReaderMessage(const ServerMessage& message);
  void OnReport(const ReaderReport& report);
  void OnReaderEnded(const ServerProcess::Ending& ending);
  // What was written before the reading ended for this reason. `begun`: a packet with what was
  // known of the file when it began.
  void AcceptRest(Unreadable reason, const std::string& begun = {});
  Result<void> BeginPdftotext();
  void OnPdftotextEnded(int status);
  Result<void> HandToWorker(DocumentForm form);
  Result<void> StartWorker();
  bool OnWorkerMessage(const ServerMessage& message);
  void OnWorkerEnded(const ServerProcess::Ending& ending);
  bool WorkerReads() const { return reading_ && !reading_->by_reader && !pdftotext_; }
  void Accept(const WorkerAnswer& answer);
  std::shared_ptr<Scan> ScanOf(const WorkerAnswer& answer, bool textless);
  void GiveUp(Unreadable reason);
  void Finish(Result<Parsed<ParsedDocument>> outcome);

  EventLoop& loop_;
  const ParserSettings& settings_;
  Events events_;
  std::unique_ptr<ServerProcess> worker_;
  std::size_t files_of_worker_ = 0;
  std::unique_ptr<ServerProcess> reader_;     // dbx-es-pdf
  std::unique_ptr<ServerProcess> pdftotext_;  // sends nothing, and ends
  std::optional<Reading> reading_;
};

}  // namespace dbxes::parsers
