// SPDX-License-Identifier: Apache-2.0
// Reads the words in pictures, and on the pages of PDFs that have no text, with tesseract;
// poppler's pdftoppm draws the pages. Both run confined (parsers/confined_program.h). All else is
// read by another parser.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "parsers/confined_program.h"
#include "parsers/document_parser.h"
#include "parsers/parser_pool.h"

namespace dbxes::parsers {

// How to ask a tesseract for its languages (parsers/tesseract.h).
ProgramOrder OrderToListLanguages(const std::string& tesseract, bool must_confine);
// Those of `languages` that it does not have (parsers/tesseract.h). kInternal: it did not say.
Result<std::string> MissingOf(const Result<ProgramEnd>& listed, const std::string& languages);

class OcrParser final : public DocumentParser {
 public:
  // `settings.ocr` says how. What it cannot read for want of a program, a language or time is
  // returned with `ocr_postponed`, and noted once in `settings.on_note`.
  OcrParser(EventLoop& loop, ParserSettings settings, std::unique_ptr<DocumentParser> documents);
  // Ends the programs. Their requests get no answer.
  ~OcrParser() override;
  OcrParser(const OcrParser&) = delete;
  OcrParser& operator=(const OcrParser&) = delete;

  Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm form) override;
  bool Takes(DocumentForm form) const override;

 private:
  using Outcome = Result<Parsed<ParsedDocument>>;
  using Answer = Pending<Parsed<ParsedDocument>>;
  struct Job;
  struct Slot;
  enum class Languages { kUnknown, kAsked, kInstalled, kMissing };

  Answer ReadPicture(const std::string& bytes);
  void OnDocument(const Answer& answer, Outcome outcome);
  void Add(std::unique_ptr<Job> job);
  void StartSome();
  void AskForLanguages();
  void OnLanguages(Result<ProgramEnd> end);
  // Why this cannot be read now; "" if it can.
  std::string Obstacle() const;
  void Postpone(Job& job, const std::string& obstacle);
  // The next page.
  void Continue(Slot& slot);
  void Draw(Slot& slot);
  void OnDrawn(Slot& slot, Result<ProgramEnd> end);
  void Read(Slot& slot, const Descriptor& picture);
  void OnRead(Slot& slot, Result<ProgramEnd> end);
  void Finish(Slot& slot);
  void Release(Slot& slot, Outcome outcome);
  void Deliver(const Answer& answer, Outcome outcome);
  ProgramOrder OrderOf(const Job& job, const std::string& program) const;
  void CountTime(Slot& slot);
  void NoteOnce(const std::string& note);

  EventLoop& loop_;
  ParserSettings settings_;
  std::unique_ptr<DocumentParser> documents_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<std::unique_ptr<Job>> waiting_;
  Languages languages_ = Languages::kUnknown;
  Milliseconds spent_{0};  // of the budget
  std::vector<std::string> noted_;
  CallbackScope callbacks_;  // timers may outlive us
};

}  // namespace dbxes::parsers
