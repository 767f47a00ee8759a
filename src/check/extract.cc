// SPDX-License-Identifier: Apache-2.0
#include "check/extract.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/os/file_system.h"
#include "base/random.h"
#include "content/content_plan.h"
#include "content/extraction_service.h"
#include "content/first_bytes.h"
#include "documents/file_name.h"
#include "parsers/extracted_text.h"
#include "sync/plan/parser_settings.h"

namespace dbxes::check {
namespace {

// They are shown in order, so a slow one would leave the other parser processes without work.
// The texts of this number of files together take at most extraction.max_memory.
constexpr std::size_t kMostBegun = 16;

// A file whose reading has begun.
struct Begun {
  FileText result;
  std::string bytes;                          // unless a parser process has them
  std::optional<content::TextFormat> format;  // nothing if the bytes are of no known format
  std::optional<Pending<parsers::Parsed<parsers::ParsedDocument>>> parsed;
};

class Extraction {
 public:
  Extraction(Environment& environment, const config::Config& config, report::Reporter& reporter,
             const sync::ParserFactory& make_parser)
      : environment_(environment),
        config_(config.extraction),
        loop_(environment.http, environment.clock, environment.stop_signal),
        planner_(config_, sync::ReadersFor(environment, config_)) {
    if (config_.mode == config::ExtractionMode::kLocal) {
      const auto settings = sync::ParserSettingsFor(environment, config_, reporter);
      most_begun_ = std::max(kMostBegun, settings.processes + 1);
      parser_ = make_parser(loop_, settings);
    } else if (config_.mode == config::ExtractionMode::kService) {
      const auto warn = [&reporter](const Error& error, Milliseconds delay) {
        reporter.Warn(fmt::format("{}; waiting for {} s", error.ToLine(), delay.count() / 1000));
      };
      service_ = std::make_unique<content::ExtractionService>(
          loop_, environment.files, config, fmt::format("extract-{}", environment.pid),
          SeedOf(environment.seed, "extraction"), warn);
    }
  }

  // How many files are read at the same time, or have been read and wait for one before them.
  std::size_t most_begun() const { return most_begun_; }

  // Hands the file to a parser process if it needs one.
  Result<Begun> Begin(const std::string& file) {
    Begun begun;
    begun.result.file = file;
    // One byte more shows that a file is too large, however it grows meanwhile.
    auto bytes = environment_.files.ReadRange(file, 0, config_.MaxFileBytes() + 1);
    if (!bytes) {
      begun.result.opened = false;
      begun.result.cause = bytes.error().message;
      return begun;
    }
    const std::string name = NameOf(file);
    dropbox::LinkedFile entry;
    entry.name = name;
    entry.size = bytes->size();
    const content::ContentPlan plan = planner_.Plan(entry);
    begun.result.cause = CauseOf(plan, name);
    if (!begun.result.cause.empty()) return begun;
    const bool by_content = plan.format == content::TextFormat::kByContent;
    begun.format = by_content ? content::FormatByContent(*bytes) : plan.format;
    const auto form =
        parser_ && begun.format ? parsers::FormToParse(*bytes, *begun.format) : std::nullopt;
    if (form) {
      begun.parsed = parser_->Parse(std::move(*bytes), *form);
    } else {
      begun.bytes = std::move(*bytes);
    }
    return begun;
  }

  Result<FileText> Finish(Begun begun) {
    FileText result = std::move(begun.result);
    if (!result.cause.empty()) return result;
    Result<content::ExtractedText> text = Fail(content::UnknownBytes());
    if (begun.format) text = TextOf(std::move(begun), NameOf(result.file));
    text = WithGuess(std::move(text));
    if (text) {
      result.extracted = *std::move(text);
      if (result.extracted.text.empty()) {
        result.cause = result.extracted.ocr_postponed ? "the words in its pictures cannot be read"
                                                      : "no text was found in it";
      }
      return result;
    }
    if (text.error().kind != ErrorKind::kRejectedDocument) return Fail(text.error());
    result.cause = "it cannot be read: " + text.error().message;
    return result;
  }

 private:
  static std::string NameOf(const std::string& file) { return file.substr(file.rfind('/') + 1); }

  // Why the file's bytes are not read here; "" if they are.
  std::string CauseOf(const content::ContentPlan& plan, std::string_view name) const {
    using content::NoContent;
    if (config_.mode == config::ExtractionMode::kOff) return "extraction.mode is off";
    switch (plan.reason) {
      case NoContent::kType:
        return documents::ExtensionOf(name).empty()
                   ? "its name has no extension"
                   : "its extension is not read (extraction.extensions, extraction.mode)";
      case NoContent::kEmpty:
        return "the file is empty";
      case NoContent::kTooLarge:
        return fmt::format("it is larger than {} bytes, the limit on files",
                           config_.MaxFileBytes());
      case NoContent::kNoPdftotext:
        return !environment_.HasPdfReader()
                   ? "PDFs need a program: install dbx-es-pdf or poppler-utils"
                   : fmt::format("PDFs are not read where {} is missing",
                                 environment_.missing_confinement);
      case NoContent::kNoOcr:
        return environment_.tesseract.empty()
                   ? "pictures need a program: install tesseract-ocr"
                   : fmt::format("pictures are not read where {} is missing",
                                 environment_.missing_confinement);
      case NoContent::kRefused:
      case NoContent::kNone:
        break;
    }
    return planner_.leaves_it_to_pipeline()
               ? "an ingest pipeline of the cluster reads it (extraction.mode is pipeline)"
               : "";
  }

  Result<content::ExtractedText> TextOf(Begun begun, std::string_view name) {
    if (service_ != nullptr) {
      const auto shared = std::make_shared<const std::string>(std::move(begun.bytes));
      TRY_ASSIGN(auto text, loop_.Await(service_->Read({shared, documents::ExtensionOf(name)})));
      return text;
    }
    const content::TextLimits limits{config_.max_body_chars, config_.reduce_whitespace};
    if (begun.parsed) {
      return parsers::ToExtractedText(loop_.Await(*begun.parsed), *begun.format, limits);
    }
    auto text = content::ExtractText(std::move(begun.bytes), *begun.format, limits);
    if (!text) return Fail(ErrorKind::kRejectedDocument, "not text");
    return *std::move(text);
  }

  Result<content::ExtractedText> WithGuess(Result<content::ExtractedText> text) {
    if (!config_.GuessesLanguage() || !text || !parsers::HasLanguageToGuess(*text)) return text;
    auto guess = loop_.Await(parser_->Parse(std::string(parsers::LanguageSample(text->text)),
                                            parsers::DocumentForm::kLanguage));
    return parsers::WithLanguage(*std::move(text), std::move(guess));
  }

  Environment& environment_;
  const config::ExtractionConfig& config_;
  EventLoop loop_;
  content::ContentPlanner planner_;
  std::unique_ptr<parsers::DocumentParser> parser_;      // mode local
  std::unique_ptr<content::ExtractionService> service_;  // mode service
  std::size_t most_begun_ = 1;
};

}  // namespace

Result<void> ExtractFiles(Environment& environment, const config::Config& config,
                          const std::vector<std::string>& files, report::Reporter& reporter,
                          const std::function<void(FileText)>& show,
                          const sync::ParserFactory& make_parser) {
  const bool service = config.extraction.mode == config::ExtractionMode::kService;
  if (service && config.extraction.service.host.empty()) {
    return Fail(ErrorKind::kConfig, "extraction_service.host is not set");
  }
  Extraction extraction(environment, config, reporter, make_parser);
  std::deque<Result<Begun>> begun;
  auto next = files.begin();
  std::size_t unopened = 0;
  std::string why;
  while (next != files.end() || !begun.empty()) {
    while (next != files.end() && begun.size() < extraction.most_begun()) {
      begun.push_back(extraction.Begin(*next++));
    }
    TRY_ASSIGN(auto file, std::move(begun.front()));
    begun.pop_front();
    TRY_ASSIGN(auto text, extraction.Finish(std::move(file)));
    if (!text.opened) {
      ++unopened;
      why = text.cause;
    }
    show(std::move(text));
  }
  if (unopened == 0) return {};
  if (files.size() > 1)
    why = fmt::format("{} of {} files cannot be opened", unopened, files.size());
  return Fail(ErrorKind::kConfig, why);
}

}  // namespace dbxes::check
