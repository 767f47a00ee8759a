// SPDX-License-Identifier: Apache-2.0
#include "parsers/ocr_parser.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/safe_text.h"
#include "base/utf8.h"
#include "parsers/tesseract.h"

namespace dbxes::parsers {
namespace {

// The longer side of a drawn page, in pixels: A4 with 300 dots an inch. It bounds the memory that a
// page takes, however large a file says that it is.
constexpr const char* kLongerSide = "3508";
constexpr std::size_t kMostPageBytes = std::size_t{16} << 20;  // one byte a pixel
constexpr ProcessLimits kLimitsToList{std::size_t{1} << 30, 10, std::size_t{64} << 10};
constexpr Milliseconds kTimeToList{30'000};
constexpr int kWallTimes = 3;  // others need the CPU as well

// To standard output: a grey picture (PGM).
std::vector<std::string> DrawingArguments(std::uint32_t page) {
  const std::string number = std::to_string(page);
  return {"-gray", "-scale-to", kLongerSide, "-f", number, "-l", number, "-"};
}

}  // namespace

ProgramOrder OrderToListLanguages(const std::string& tesseract, bool must_confine) {
  return {tesseract, ListingArguments(), kLimitsToList, kTimeToList, must_confine};
}

Result<std::string> MissingOf(const Result<ProgramEnd>& listed, const std::string& languages) {
  if (!listed) return Fail(listed.error());
  if (listed->status != 0) {
    return Fail(ErrorKind::kInternal, "tesseract failed to list its languages");
  }
  TRY_ASSIGN(const std::string list, ReadMemoryFile(listed->output, kLimitsToList.output_bytes));
  return MissingLanguages(languages, list);
}

struct OcrParser::Job {
  Answer answer;
  std::shared_ptr<Scan> scan;  // of a picture, the picture is its only page
  bool picture = false;
  ParsedDocument document;
  std::size_t done = 0;              // pages
  bool ends = false;                 // whatever pages there are
  std::optional<Unreadable> failed;  // why a page could not be read

  // The number of the next page; nothing after the last one. How many pages a PDF has is not known
  // where it lists none.
  std::optional<std::uint32_t> NextPage() const {
    if (ends) return std::nullopt;
    if (scan->pages.empty()) return static_cast<std::uint32_t>(done + 1);
    return done < scan->pages.size() ? std::optional(scan->pages[done]) : std::nullopt;
  }
  void Append(std::string_view words, std::size_t max_bytes) {
    if (words.empty()) return;
    if (!document.text.empty()) document.text += '\n';
    const std::size_t room = max_bytes - std::min(max_bytes, document.text.size());
    document.text += CutUtf8(words, room);
    if (words.size() <= room) return;
    document.truncated = true;
    ends = true;
  }
};

struct OcrParser::Slot {
  explicit Slot(EventLoop& loop) : program(loop) {}

  std::unique_ptr<Job> job;
  Descriptor page;
  Milliseconds begun{0};
  ConfinedProgram program;
};

OcrParser::OcrParser(EventLoop& loop, ParserSettings settings,
                     std::unique_ptr<DocumentParser> documents)
    : loop_(loop), settings_(std::move(settings)), documents_(std::move(documents)) {
  for (std::size_t at = 0; at < settings_.processes; ++at) {
    slots_.push_back(std::make_unique<Slot>(loop_));
  }
}

OcrParser::~OcrParser() = default;

bool OcrParser::Takes(DocumentForm form) const {
  return form == DocumentForm::kPicture ? Obstacle().empty() : documents_->Takes(form);
}

Pending<Parsed<ParsedDocument>> OcrParser::Parse(std::string bytes, DocumentForm form) {
  if (form == DocumentForm::kPicture) return ReadPicture(bytes);
  const Answer answer;
  documents_->Parse(std::move(bytes), form).Then(callbacks_.Bind([this, answer](Outcome outcome) {
    OnDocument(answer, std::move(outcome));
  }));
  return answer;
}

OcrParser::Answer OcrParser::ReadPicture(const std::string& bytes) {
  auto job = std::make_unique<Job>();
  job->picture = true;
  const Answer answer = job->answer;
  if (!IsPicture(bytes)) {
    answer.Fulfil(Parsed<ParsedDocument>(tl::unexpected(Unreadable::kDamaged)));
    return answer;
  }
  auto file = MakeMemoryFile(bytes);
  if (!file) {
    answer.Fulfil(Fail(file.error()));
    return answer;
  }
  job->scan = std::make_shared<Scan>(Scan{*std::move(file), {1}});
  Add(std::move(job));
  return answer;
}

void OcrParser::OnDocument(const Answer& answer, Outcome outcome) {
  const bool scanned = outcome && *outcome && (*outcome)->scan != nullptr;
  if (!scanned) return answer.Fulfil(std::move(outcome));
  auto job = std::make_unique<Job>();
  job->answer = answer;
  job->document = **std::move(outcome);
  job->scan = std::exchange(job->document.scan, nullptr);
  Add(std::move(job));
}

void OcrParser::Add(std::unique_ptr<Job> job) {
  waiting_.push_back(std::move(job));
  StartSome();
}

void OcrParser::StartSome() {
  for (const auto& slot : slots_) {
    while (slot->job == nullptr && !waiting_.empty()) {
      std::string obstacle = Obstacle();
      if (obstacle.empty() && languages_ != Languages::kInstalled) return AskForLanguages();
      slot->job = std::move(waiting_.front());
      waiting_.pop_front();
      if (obstacle.empty() && !slot->job->picture && settings_.ocr.pdftoppm.empty()) {
        obstacle = "pdftoppm (poppler-utils) is not installed: scanned pages are not read";
      }
      if (obstacle.empty()) {
        Continue(*slot);
      } else {
        Postpone(*std::exchange(slot->job, nullptr), obstacle);
      }
    }
  }
}

std::string OcrParser::Obstacle() const {
  const OcrSettings& ocr = settings_.ocr;
  if (ocr.tesseract.empty()) {
    return "tesseract (tesseract-ocr) is not installed or may not run: no pictures are read";
  }
  if (languages_ == Languages::kMissing) {
    return "tesseract lacks a language of extraction.ocr_languages: no pictures are read";
  }
  if (spent_ < ocr.budget) return "";
  return fmt::format(
      "reading pictures has used up its time in one run ({} s, extraction.ocr_budget): the others "
      "wait for later full syncs",
      ocr.budget.count() / 1000);
}

void OcrParser::Postpone(Job& job, const std::string& obstacle) {
  NoteOnce(obstacle);
  job.document.ocr_postponed = true;
  Deliver(job.answer, Parsed<ParsedDocument>(std::move(job.document)));
}

// Before the first picture: where a language is missing, tesseract reads with the others.
void OcrParser::AskForLanguages() {
  if (std::exchange(languages_, Languages::kAsked) == Languages::kAsked) return;
  const auto order = OrderToListLanguages(settings_.ocr.tesseract, !settings_.unconfined_pdf);
  slots_[0]->program.Run(order).Then(
      callbacks_.Bind([this](Result<ProgramEnd> end) { OnLanguages(std::move(end)); }));
}

void OcrParser::OnLanguages(Result<ProgramEnd> end) {
  const auto missing = MissingOf(end, settings_.ocr.languages);
  languages_ = missing && missing->empty() ? Languages::kInstalled : Languages::kMissing;
  if (!missing) {
    NoteOnce(missing.error().message);
  } else if (!missing->empty()) {
    NoteOnce(fmt::format("tesseract cannot read {} (extraction.ocr_languages): install {}",
                         *missing, PackagesOf(*missing)));
  }
  StartSome();
}

void OcrParser::Continue(Slot& slot) {
  Job& job = *slot.job;
  if (!job.NextPage()) return Finish(slot);
  if (job.document.ocr_time >= settings_.ocr.timeout) {
    job.document.truncated = true;
    return Finish(slot);
  }
  return job.picture ? Read(slot, job.scan->file) : Draw(slot);
}

ProgramOrder OcrParser::OrderOf(const Job& job, const std::string& program) const {
  ProgramOrder order;
  order.program = program;
  // Drawing a page may have taken the rest.
  const Milliseconds left =
      std::max(settings_.ocr.timeout - job.document.ocr_time, Milliseconds(1000));
  order.limits = {settings_.memory_bytes, static_cast<std::size_t>(left.count() / 1000 + 1),
                  settings_.max_text_bytes};
  order.wall_time = kWallTimes * left;
  order.must_confine = !settings_.unconfined_pdf;
  return order;
}

void OcrParser::Draw(Slot& slot) {
  ProgramOrder order = OrderOf(*slot.job, settings_.ocr.pdftoppm);
  order.arguments = DrawingArguments(*slot.job->NextPage());
  order.limits.output_bytes = kMostPageBytes;
  slot.begun = loop_.clock().Now();
  slot.program.Run(order, slot.job->scan->file)
      .Then(callbacks_.Bind(
          [this, &slot](Result<ProgramEnd> end) { OnDrawn(slot, std::move(end)); }));
}

// A page that it cannot draw is left out. It also prints nothing of a page after the last one.
void OcrParser::OnDrawn(Slot& slot, Result<ProgramEnd> end) {
  CountTime(slot);
  Job& job = *slot.job;
  if (!end) return Release(slot, Fail(end.error()));
  const bool drawn = end->status == 0 && SizeOf(end->output) > 0;
  slot.page = std::move(end->output);
  if (drawn) return Read(slot, slot.page);
  const bool beyond = job.scan->pages.empty() && job.done > 0 && !WIFSIGNALED(end->status);
  if (!beyond) job.failed = Unreadable::kDamaged;
  job.ends = job.scan->pages.empty();
  ++job.done;
  Continue(slot);
}

void OcrParser::Read(Slot& slot, const Descriptor& picture) {
  ProgramOrder order = OrderOf(*slot.job, settings_.ocr.tesseract);
  order.arguments = ReadingArguments(settings_.ocr.languages,
                                     slot.job->picture ? PictureKind::kFile : PictureKind::kPage);
  slot.begun = loop_.clock().Now();
  slot.program.Run(order, picture).Then(callbacks_.Bind([this, &slot](Result<ProgramEnd> end) {
    OnRead(slot, std::move(end));
  }));
}

// What it had printed before it failed or was ended is text, too.
void OcrParser::OnRead(Slot& slot, Result<ProgramEnd> end) {
  CountTime(slot);
  Job& job = *slot.job;
  Result<std::string> table;
  if (end) table = ReadMemoryFile(end->output, settings_.max_text_bytes);
  const bool there = end && table;
  if (!there) {
    const Error error = end ? table.error() : end.error();
    return Release(slot, Fail(error));
  }
  job.Append(WordsOf(WellFormedUtf8(*table)), settings_.max_text_bytes);
  ++job.done;
  if (end->status != 0) {
    const bool exited = WIFEXITED(end->status) && WEXITSTATUS(end->status) != kExitOutOfMemory;
    job.failed = exited ? Unreadable::kDamaged : ReasonOfEnd(end->status);
  }
  Continue(slot);
}

void OcrParser::Finish(Slot& slot) {
  const Job& job = *slot.job;
  ParsedDocument& document = slot.job->document;
  if (job.failed && job.picture && document.text.empty()) {
    return Release(slot, Parsed<ParsedDocument>(tl::unexpected(*job.failed)));
  }
  if (job.failed) {
    const bool limited = job.failed == Unreadable::kTooComplex;
    (limited ? document.truncated : document.damaged_partly) = true;
  }
  Release(slot, Parsed<ParsedDocument>(std::move(document)));
}

void OcrParser::Release(Slot& slot, Outcome outcome) {
  const std::unique_ptr<Job> job = std::exchange(slot.job, nullptr);
  slot.page = Descriptor();
  Deliver(job->answer, std::move(outcome));
}

// In a turn of its own: the answer may make its receiver destroy us.
void OcrParser::Deliver(const Answer& answer, Outcome outcome) {
  const auto value = std::make_shared<Outcome>(std::move(outcome));
  loop_.After(Milliseconds(0), callbacks_.Bind([this, answer, value] {
    const auto start_some = callbacks_.Bind([this] { StartSome(); });
    answer.Fulfil(std::move(*value));
    start_some();
  }));
}

void OcrParser::CountTime(Slot& slot) {
  const Milliseconds took = loop_.clock().Now() - slot.begun;
  slot.job->document.ocr_time += took;
  spent_ += took;
}

void OcrParser::NoteOnce(const std::string& note) {
  if (std::find(noted_.begin(), noted_.end(), note) != noted_.end()) return;
  noted_.push_back(note);
  settings_.on_note(note);
}

}  // namespace dbxes::parsers
