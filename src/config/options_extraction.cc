// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using X = ExtractionConfig;
template <auto Member>
constexpr auto kExtraction = &OptionMember<&Config::extraction, Member>;

constexpr std::array kRows{
    OptionRow{
        .section = "extraction",
        .key = "mode",
        .type = T::kExtractionMode,
        .default_text = "local",
        .flag = "--extraction",
        .field = kExtraction<&X::mode>,
        .help = "How the content of files becomes searchable. "
                "local reads text files, HTML, XML and Paper documents itself, and Office Open "
                "XML, OpenDocument, EPUB and PDF in processes that may do nothing else; for PDF, "
                "pdftotext (poppler-utils) has to be installed. pipeline sends files as they are, "
                "through the ingest pipeline of elasticsearch.pipeline, whose attachment processor "
                "reads them. service sends them to the service of extraction_service.host. "
                "off indexes metadata alone. Changing it takes a full sync."},
    OptionRow{.section = "extraction",
              .key = "extensions",
              .field = kExtraction<&X::extensions>,
              .help = "Which files are read, by extension. Without it, those that the mode can "
                      "read. A list such as \"txt, md\" replaces the built-in one; one whose "
                      "entries begin with + or -, such as \"+dat -csv\", changes it. In the "
                      "mode local, what is added is read as plain text."},
    OptionRow{.section = "extraction",
              .key = "paper_format",
              .type = T::kPaperFormat,
              .default_text = "markdown",
              .field = kExtraction<&X::paper_format>,
              .help = "The format that Paper documents are exported in: markdown or html. Where a "
                      "document does not offer it, the other one is taken."},
    OptionRow{.section = "extraction",
              .key = "max_file_download_size",
              .type = T::kBytes,
              .default_text = "10MiB",
              .min = 1,
              .max = 1024 * kMiB,
              .field = kExtraction<&X::max_file_download_size>,
              .help = "Larger files are indexed without their content. In the mode service "
                      "extraction_service.max_file_download_size counts instead."},
    OptionRow{.section = "extraction",
              .key = "max_memory",
              .type = T::kBytes,
              .default_text = "256MiB",
              .min = 4 * kMiB,
              .max = 65'536 * kMiB,
              .field = kExtraction<&X::max_memory>,
              .help = "How much of files is held in memory at the same time, however many are "
                      "downloaded. At least four times the size of the largest file that is. "
                      "The text that a parser finds in one file is cut at a sixteenth of it."},
    OptionRow{.section = "extraction",
              .key = "max_body_chars",
              .type = T::kInt,
              .default_text = "0",
              .field = kExtraction<&X::max_body_chars>,
              .help = "How many characters of a file's text are kept; 0 keeps all. A document "
                      "whose text was cut has the field body_truncated. In the mode pipeline "
                      "the pipeline cuts, and does not tell."},
    OptionRow{.section = "extraction",
              .key = "reduce_whitespace",
              .type = T::kBool,
              .default_text = "false",
              .field = kExtraction<&X::reduce_whitespace>,
              .help = "Store each run of white space as one space. In the mode pipeline that is "
                      "always asked for."},
};

}  // namespace

std::span<const OptionRow> ExtractionOptions() { return kRows; }

}  // namespace dbxes::config
