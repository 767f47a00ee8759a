// SPDX-License-Identifier: Apache-2.0
#include "parsers/parser_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dbxes::parsers {
namespace {

constexpr Milliseconds kWatchInterval{1000};
// Honest files take less; only what is beyond it counts against the budget.
constexpr Milliseconds kFreeTime{1000};

Error OverBudget(Milliseconds budget) {
  return {ErrorKind::kInternal,
          fmt::format("slow files have used up the time for parsing in one run ({} s, "
                      "extraction.parse_budget): the next run reads it",
                      budget.count() / 1000)};
}

}  // namespace

ParserPool::ParserPool(EventLoop& loop, ParserSettings settings)
    : loop_(loop), settings_(std::move(settings)) {
  for (std::size_t at = 0; at < settings_.processes; ++at) {
    slots_.push_back(std::make_unique<ParserSlot>(loop_, settings_, EventsOfSlot()));
  }
}

ParserPool::~ParserPool() = default;

ParserSlot::Events ParserPool::EventsOfSlot() {
  return {
      [this](const Confinement& confinement) { NoteConfinement(confinement); },
      [this](int status) { GiveUpReader(status); },
      [this](Milliseconds took) { spent_ += std::max(took - kFreeTime, Milliseconds(0)); },
      callbacks_.Bind([this] { StartSome(); }),
  };
}

Pending<Parsed<ParsedDocument>> ParserPool::Parse(std::string bytes, DocumentForm form) {
  ParserJob job{{}, std::move(bytes), form};
  const auto answer = job.answer;
  waiting_.push_back(std::move(job));
  StartSome();
  return answer;
}

void ParserPool::StartSome() {
  const auto free =
      std::find_if(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->is_free(); });
  if (waiting_.empty() || free == slots_.end()) return;
  if (!watching_) Watch();
  ParserJob job = std::move(waiting_.front());
  waiting_.pop_front();
  // An answer that comes at once may make its receiver destroy us.
  const auto start_more = callbacks_.Bind([this] { StartSome(); });
  // A guess of the language is short, and must not cost a text that was read already.
  const bool counts = job.form != DocumentForm::kLanguage;
  if (counts && spent_ >= settings_.budget) {
    job.answer.Fulfil(Fail(OverBudget(settings_.budget)));
  } else {
    (*free)->Read(std::move(job));
  }
  start_more();
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

void ParserPool::GiveUpReader(int status) {
  if (settings_.pdf_reader.empty()) return;  // of another slot
  settings_.on_note(fmt::format("{} does not start (status {:#x}): PDFs are read by {}",
                                settings_.pdf_reader, status, settings_.pdftotext));
  settings_.pdf_reader.clear();
}

void ParserPool::Watch() {
  watching_ = true;
  const auto end_late_ones = [this] {
    watching_ = false;
    for (const auto& slot : slots_) {
      slot->EndIfLate(loop_.clock().Now());
      watching_ = watching_ || !slot->is_free();
    }
    if (watching_) Watch();
  };
  loop_.After(kWatchInterval, callbacks_.Bind(end_late_ones));
}

}  // namespace dbxes::parsers
