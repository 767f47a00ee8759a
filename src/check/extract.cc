// SPDX-License-Identifier: Apache-2.0
#include "check/extract.h"

#include <fmt/format.h>

#include <memory>
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

class Extraction {
 public:
  Extraction(Environment& environment, const config::Config& config, report::Reporter& reporter,
             const sync::ParserFactory& make_parser)
      : environment_(environment),
        config_(config.extraction),
        loop_(environment.http, environment.clock, environment.stop_signal),
        planner_(config_, sync::ReadersFor(environment, config_)) {
    if (config_.mode == config::ExtractionMode::kLocal) {
      parser_ = make_parser(loop_, sync::ParserSettingsFor(environment, config_, reporter));
    } else if (config_.mode == config::ExtractionMode::kService) {
      const auto warn = [&reporter](const Error& error, Milliseconds delay) {
        reporter.Warn(fmt::format("{}; waiting for {} s", error.ToLine(), delay.count() / 1000));
      };
      service_ = std::make_unique<content::ExtractionService>(
          loop_, environment.files, config, fmt::format("extract-{}", environment.pid),
          SeedOf(environment.seed, "extraction"), warn);
    }
  }

  Result<FileText> Read(const std::string& file) {
    FileText result{file, {}, {}};
    // One byte more shows that a file is too large, however it grows meanwhile.
    auto bytes = environment_.files.ReadRange(file, 0, config_.MaxFileBytes() + 1);
    if (!bytes) return Fail(ErrorKind::kConfig, bytes.error().message);
    const std::string name(file.substr(file.rfind('/') + 1));
    dropbox::LinkedFile entry;
    entry.name = name;
    entry.size = bytes->size();
    const content::ContentPlan plan = planner_.Plan(entry);
    result.cause = CauseOf(plan, name);
    if (!result.cause.empty()) return result;
    const bool by_content = plan.format == content::TextFormat::kByContent;
    const auto format = by_content ? content::FormatByContent(*bytes) : plan.format;
    Result<content::ExtractedText> text = Fail(content::UnknownBytes());
    if (format) text = TextOf(std::move(*bytes), *format, documents::ExtensionOf(name));
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

  Result<content::ExtractedText> TextOf(std::string bytes, content::TextFormat format,
                                        std::string extension) {
    if (service_ != nullptr) {
      const auto shared = std::make_shared<const std::string>(std::move(bytes));
      TRY_ASSIGN(auto text, loop_.Await(service_->Read({shared, std::move(extension)})));
      return text;
    }
    const content::TextLimits limits{config_.max_body_chars, config_.reduce_whitespace};
    if (const auto form = parsers::FormToParse(bytes, format)) {
      auto parsed = loop_.Await(parser_->Parse(std::move(bytes), *form));
      return parsers::ToExtractedText(std::move(parsed), format, limits);
    }
    auto text = content::ExtractText(std::move(bytes), format, limits);
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
  for (const std::string& file : files) {
    TRY_ASSIGN(auto text, extraction.Read(file));
    show(std::move(text));
  }
  return {};
}

}  // namespace dbxes::check
