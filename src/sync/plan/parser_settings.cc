// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/parser_settings.h"

#include <fmt/format.h>

#include <string_view>

#include "sync/outlet/downloads.h"

namespace dbxes::sync {
namespace {

std::string_view EffectOf(const config::ExtractionConfig& config) {
  if (config.unconfined_pdf) return "a hostile PDF can read secrets";
  return config.ReadsPictures() ? "PDFs and pictures are indexed without their text"
                                : "PDFs are indexed without their text";
}

void WarnOfConfinement(const Environment& environment, const config::ExtractionConfig& config,
                       report::Reporter& reporter) {
  if (environment.missing_confinement.empty()) return;
  reporter.Warn(
      fmt::format("this system lacks {}, which confines the processes that read files: {}",
                  environment.missing_confinement, EffectOf(config)));
}

}  // namespace

content::InstalledReaders ReadersFor(const Environment& environment,
                                     const config::ExtractionConfig& config) {
  const bool may_run = environment.missing_confinement.empty() || config.unconfined_pdf;
  content::InstalledReaders readers;
  readers.pdf = may_run && environment.HasPdfReader();
  readers.pdf_program = may_run && !environment.pdf_reader.empty();
  readers.pictures = may_run && config.ReadsPictures() && !environment.tesseract.empty();
  return readers;
}

parsers::ParserSettings ParserSettingsFor(const Environment& environment,
                                          const config::ExtractionConfig& config,
                                          report::Reporter& reporter) {
  parsers::ParserSettings settings =
      parsers::SystemParserSettings({.max_file_bytes = config.max_file_download_size,
                                     .max_text_bytes = DownloadLimits::LongestParsedText(config),
                                     .held_bytes = config.max_memory,
                                     .pictures = config.ReadsPictures()});
  // A PDF under another name would get there, too.
  const content::InstalledReaders readers = ReadersFor(environment, config);
  if (readers.pdf_program) settings.pdf_reader = environment.pdf_reader;
  settings.pdftotext = environment.pdftotext;
  settings.ocr.wanted = config.ReadsPictures();
  if (readers.pictures) settings.ocr.tesseract = environment.tesseract;
  settings.ocr.pdftoppm = environment.pdftoppm;
  settings.ocr.languages = config.ocr.languages;
  settings.ocr.timeout = config.ocr.timeout;
  settings.ocr.budget = config.ocr.budget;
  settings.cpu_seconds = static_cast<std::size_t>(config.parse_timeout.count() / 1000);
  settings.wall_time = 3 * config.parse_timeout;  // others need the CPU as well
  settings.budget = config.parse_budget;
  settings.missing_confinement = environment.missing_confinement;
  settings.unconfined_pdf = config.unconfined_pdf;
  settings.on_note = [&reporter](const std::string& note) { reporter.Warn(note); };
  WarnOfConfinement(environment, config, reporter);
  return settings;
}

}  // namespace dbxes::sync
