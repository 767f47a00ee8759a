// SPDX-License-Identifier: Apache-2.0
// A few processes that read untrusted files. They are reused, and replaced when a file crashes
// them. Whatever a file does to its process, no other file is affected.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/callback_scope.h"
#include "base/http/event_loop.h"
#include "parsers/document_parser.h"
#include "parsers/parser_settings.h"
#include "parsers/parser_slot.h"

namespace dbxes::parsers {

class ParserPool final : public DocumentParser {
 public:
  ParserPool(EventLoop& loop, ParserSettings settings);
  // Ends the processes. Their requests get no answer.
  ~ParserPool() override;
  ParserPool(const ParserPool&) = delete;
  ParserPool& operator=(const ParserPool&) = delete;

  Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm form) override;

 private:
  ParserSlot::Events EventsOfSlot();
  void StartSome();
  void NoteConfinement(const Confinement& confinement);
  // From now on, all PDFs are read by pdftotext.
  void GiveUpReader(int status);
  // Kills processes that take too long, once a second while any is busy.
  void Watch();

  EventLoop& loop_;
  ParserSettings settings_;
  std::vector<std::unique_ptr<ParserSlot>> slots_;
  std::deque<ParserJob> waiting_;
  Milliseconds spent_{0};  // of the budget
  bool watching_ = false;
  bool noted_ = false;
  CallbackScope callbacks_;  // timers may outlive us
};

}  // namespace dbxes::parsers
