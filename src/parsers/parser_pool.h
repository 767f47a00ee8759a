// SPDX-License-Identifier: Apache-2.0
// A few processes that read untrusted files. They are reused, and replaced when a file crashes
// them. Whatever a file does to its process, no other file is affected.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "parsers/child_process.h"
#include "parsers/document_parser.h"
#include "parsers/worker_protocol.h"

namespace dbxes::parsers {

// How words in pictures are read (parsers/ocr_parser.h).
struct OcrSettings {
  bool wanted = false;
  std::string tesseract;           // its path; "" where it may not run
  std::string pdftoppm;            // the same of the program that draws pages
  std::string languages;           // "deu+eng"
  Milliseconds timeout{120'000};   // for each file
  Milliseconds budget{1'800'000};  // for all of them
};

struct ParserSettings {
  std::size_t processes = 1;
  std::size_t memory_bytes = std::size_t{1} << 30;  // of address space, for each process
  std::size_t max_text_bytes = std::size_t{16} << 20;
  std::size_t cpu_seconds = 10;    // for each file
  Milliseconds wall_time{30'000};  // for each file
  // What all files may take together beyond a second each. Later ones are left for the next run.
  Milliseconds budget{1'800'000};
  // Known to be missing (base/os/confinement_probe.h), so that it is not noted again.
  std::string missing_confinement;
  bool unconfined_pdf = false;           // read PDFs even without the whole confinement
  std::size_t files_per_process = 1000;  // then it is replaced, so that no memory leak adds up
  std::string pdf_reader;                // path of dbx-es-pdf, "" if there is none
  std::string pdftotext;                 // of pdftotext, which reads PDFs in its place
  OcrSettings ocr;
  std::function<void(std::string)> on_note = [](const std::string&) {};  // a warning
};

// One process for each core, at most four; without programs for PDFs.
ParserSettings SystemParserSettings(std::size_t max_file_bytes, std::size_t max_text_bytes);

class ParserPool final : public DocumentParser {
 public:
  ParserPool(EventLoop& loop, ParserSettings settings);
  // Ends the processes. Their requests get no answer.
  ~ParserPool() override;
  ParserPool(const ParserPool&) = delete;
  ParserPool& operator=(const ParserPool&) = delete;

  Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm form) override;

 private:
  using Answer = Pending<Parsed<ParsedDocument>>;
  struct Job {
    Answer answer;
    std::string bytes;
    DocumentForm form = DocumentForm::kFile;
    bool names_encryption = false;
    bool truncated = false;       // already by pdftotext
    bool damaged_partly = false;  // as pdftotext reports
    // Why the reading of a PDF ended early: what was written by then is the text, if there is any.
    std::optional<Unreadable> cut_off;
  };
  struct Slot;

  void StartSome();
  Result<void> Begin(Slot& slot);
  Result<void> BeginPdf(Slot& slot);
  Result<void> HandToReader(Slot& slot);
  Result<void> StartReader(Slot& slot);
  void OnReaderPacket(Slot& slot);
  void OnReport(Slot& slot, const ReaderReport& report);
  void OnReaderEnded(Slot& slot);
  // What was written before the reading ended for this reason. `begun`: a packet with what was
  // known of the file when it began.
  void AcceptRest(Slot& slot, Unreadable reason, const std::string& begun = {});
  Result<void> BeginPdftotext(Slot& slot);
  Result<void> HandToWorker(Slot& slot, DocumentForm form);
  Result<void> StartWorker(Slot& slot);
  void OnPdftotextEnded(Slot& slot);
  void OnPacket(Slot& slot);
  void OnAnswer(Slot& slot, const WorkerAnswer& answer);
  void Accept(Slot& slot, const WorkerAnswer& answer);
  static std::shared_ptr<Scan> ScanOf(Slot& slot, const WorkerAnswer& answer, bool textless);
  void OnWorkerEnded(Slot& slot);
  void Finish(Slot& slot, Result<Parsed<ParsedDocument>> outcome);
  void GiveUp(Slot& slot, Unreadable reason);
  void DropWorker(Slot& slot);
  void DropReader(Slot& slot);
  void NoteConfinement(const Confinement& confinement);
  // Kills processes that take too long, once a second while any is busy.
  void Watch();

  EventLoop& loop_;
  ParserSettings settings_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<std::unique_ptr<Job>> waiting_;
  Milliseconds spent_{0};  // of the budget
  bool watching_ = false;
  bool noted_ = false;
  CallbackScope callbacks_;  // timers may outlive us
};

}  // namespace dbxes::parsers
