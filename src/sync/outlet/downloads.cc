// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/downloads.h"

#include <algorithm>
#include <utility>

#include "content/first_bytes.h"
#include "parsers/extracted_text.h"

namespace dbxes::sync {
namespace {

// The part of the memory that is left for the one file that is becoming a document.
constexpr std::size_t kShareOfDocument = 8;
// The part of it that the text of one file may take that a parser reads.
constexpr std::size_t kShareOfText = 16;
// Bytes a second.
constexpr std::size_t kRateOfRequest = 64 << 10;

// With a limited rate, no more requests than it serves well: each of many would stand still most of
// the time, until the server closes its connection.
std::size_t RequestsAtOnce(const config::DropboxConfig& config) {
  const auto most = static_cast<std::size_t>(config.concurrent_downloads);
  if (config.bwlimit == 0) return most;
  return std::clamp<std::size_t>(config.bwlimit / kRateOfRequest, 1, most);
}

}  // namespace

DownloadLimits DownloadLimits::From(const config::Config& config) {
  return {RequestsAtOnce(config.dropbox),
          config.extraction.max_memory,
          {config.extraction.max_body_chars, config.extraction.reduce_whitespace},
          config.extraction.GuessesLanguage()};
}

std::size_t DownloadLimits::LongestParsedText(const config::ExtractionConfig& config) {
  return config.max_memory / kShareOfText;
}

Downloads::Downloads(dropbox::Client& client, ContentReaders readers,
                     const content::ContentPlanner& planner, DownloadLimits limits,
                     std::function<std::size_t()> downstream_bytes)
    : client_(client),
      readers_(readers),
      planner_(planner),
      limits_(limits),
      downstream_bytes_(std::move(downstream_bytes)) {}

void Downloads::Add(DownloadPtr download) {
  waiting_.Push(std::move(download));
  StartSome();
}

void Downloads::StartSome() {
  ParseSome();
  while (under_way_ < limits_.at_once && !waiting_.empty()) {
    const DownloadPtr next =
        waiting_.Take([this](const DownloadPtr& download) { return HasRoom(*download); });
    if (next == nullptr) return;
    if (IsUseless(*next)) {
      Postpone(next);
    } else {
      Start(next);
    }
  }
}

// A file that is alone has room: the settings are validated so that it fits.
bool Downloads::HasRoom(const Download& download) const {
  const std::size_t room = limits_.max_memory - limits_.max_memory / kShareOfDocument;
  return held_bytes_ == 0 || downstream_bytes_() + held_bytes_ + download.bytes <= room;
}

void Downloads::Hold(Download& download, std::size_t bytes) {
  held_bytes_ -= std::exchange(download.bytes, bytes);
  held_bytes_ += bytes;
}

bool Downloads::IsUseless(const Download& download) const {
  return download.format == content::TextFormat::kPicture && readers_.parser != nullptr &&
         !readers_.parser->Takes(parsers::DocumentForm::kPicture);
}

void Downloads::Postpone(const DownloadPtr& download) {
  content::ExtractedText text;
  text.ocr_postponed = true;
  download->bytes = 0;
  download->content.emplace(content::FetchedContent{});
  download->text.emplace(std::move(text));
  arrived_.push_back(download);
}

void Downloads::Start(const DownloadPtr& download) {
  ++under_way_;
  held_bytes_ += download->bytes;
  download->request.room = download->bytes;
  FetchContent(client_, download->request)
      .Then(answers_->Bind([this, download](Result<content::FetchedContent> content) {
        OnFetched(download, std::move(content));
      }));
}

// Called from within the loop, where nothing may wait: the rest happens when the caller asks for
// what has arrived.
void Downloads::OnFetched(const DownloadPtr& download, Result<content::FetchedContent> content) {
  --under_way_;
  if (!content && content.error().tag == content::kGrownTag) return QueueAgain(download);
  content = Recognize(*download, std::move(content));
  Hold(*download, content ? content->bytes.capacity() : 0);
  const bool fetched = content.has_value();
  download->content.emplace(std::move(content));
  if (fetched && readers_.service != nullptr) {
    ReadByService(download);
  } else if (fetched && NeedsParser(*download)) {
    unparsed_.push_back(download);
  } else if (fetched && limits_.guess_language) {
    ReadHere(download);
  } else {
    arrived_.push_back(download);
  }
  StartSome();
}

// The fingerprint is that of the format which was planned: the bytes are not known before.
Result<content::FetchedContent> Downloads::Recognize(
    Download& download, Result<content::FetchedContent> content) const {
  if (!content) return content;
  download.fingerprint = planner_.FingerprintOf(*content, download.listed_hash, download.format);
  if (download.format != content::TextFormat::kByContent) return content;
  const auto format = content::FormatByContent(content->bytes);
  if (!format) return Fail(content::UnknownBytes());
  download.format = *format;
  return content;
}

bool Downloads::NeedsParser(Download& download) const {
  if (readers_.parser == nullptr) return false;
  download.form = parsers::FormToParse((*download.content)->bytes, download.format);
  return download.form.has_value();
}

// A file that is larger than it was listed gives its room back and waits for that of the largest
// file: nothing is ever held that no room was made for.
void Downloads::QueueAgain(const DownloadPtr& download) {
  Hold(*download, 0);
  download->bytes = download->request.max_bytes;
  waiting_.Push(download);
  StartSome();
}

// The service gets the file as a whole, proven by its hash and kept in case it has to be sent
// again.
void Downloads::ReadByService(const DownloadPtr& download) {
  content::FetchedContent& content = **download->content;
  content::FileToRead file;
  file.bytes = std::make_shared<const std::string>(std::move(content.bytes));
  file.extension = download->extension;
  readers_.service->Read(std::move(file))
      .Then(answers_->Bind([this, download](Result<content::ExtractedText> text) {
        OnRead(download, std::move(text));
      }));
}

void Downloads::ReadHere(const DownloadPtr& download) {
  content::FetchedContent& content = **download->content;
  auto text = content::ExtractText(std::move(content.bytes), download->format, limits_.text);
  if (text) return OnRead(download, *std::move(text));
  OnRead(download, parsers::ToExtractedText(tl::unexpected(parsers::Unreadable::kNotText),
                                            download->format, limits_.text));
}

// A small file may have a long text, so each file that is being parsed counts as if it had the
// longest one. One is parsed whatever else is held, or nothing would ever continue.
bool Downloads::HasRoomToParse() const {
  const std::size_t text = limits_.max_memory / kShareOfText;
  return parsed_ == 0 || downstream_bytes_() + held_bytes_ + text <= limits_.max_memory;
}

void Downloads::ParseSome() {
  while (!unparsed_.empty() && HasRoomToParse()) {
    const DownloadPtr download = std::move(unparsed_.front());
    unparsed_.pop_front();
    ++parsed_;
    Hold(*download, download->bytes + limits_.max_memory / kShareOfText);
    content::FetchedContent& content = **download->content;
    readers_.parser->Parse(std::move(content.bytes), *download->form)
        .Then(answers_->Bind(
            [this, download](Result<parsers::Parsed<parsers::ParsedDocument>> outcome) {
              OnRead(download,
                     parsers::ToExtractedText(std::move(outcome), download->format, limits_.text));
            }));
  }
}

void Downloads::OnRead(const DownloadPtr& download, Result<content::ExtractedText> text) {
  const bool guesses = limits_.guess_language && text && parsers::HasLanguageToGuess(*text);
  if (guesses) return GuessLanguage(download, *std::move(text));
  Arrive(download, std::move(text));
}

void Downloads::GuessLanguage(const DownloadPtr& download, content::ExtractedText text) {
  Hold(*download, std::max(download->bytes, text.text.capacity()));
  const auto read = std::make_shared<content::ExtractedText>(std::move(text));
  readers_.parser
      ->Parse(std::string(parsers::LanguageSample(read->text)), parsers::DocumentForm::kLanguage)
      .Then(answers_->Bind(
          [this, download, read](Result<parsers::Parsed<parsers::ParsedDocument>> guess) {
            Arrive(download, parsers::WithLanguage(std::move(*read), std::move(guess)));
          }));
}

void Downloads::Arrive(const DownloadPtr& download, Result<content::ExtractedText> text) {
  Hold(*download, text ? text->text.capacity() : 0);
  download->text.emplace(std::move(text));
  arrived_.push_back(download);
  StartSome();
}

DownloadPtr Downloads::TakeArrived() {
  DownloadPtr download = std::move(arrived_.front());
  arrived_.pop_front();
  return download;
}

void Downloads::Release(Download& download) {
  if (download.text && download.form) --parsed_;
  download.content.reset();
  download.text.reset();
  Hold(download, 0);
}

void Downloads::Abandon() {
  answers_.emplace();
  waiting_.Clear();
  unparsed_.clear();
  arrived_.clear();
  under_way_ = 0;
  held_bytes_ = 0;
  parsed_ = 0;
}

}  // namespace dbxes::sync
