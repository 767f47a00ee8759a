// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using X = ExtractionConfig;
using O = OcrConfig;
template <auto Member>
constexpr auto kOcr = &OptionMember<&Config::extraction, &X::ocr, Member>;
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
        .help = "How the text of files is extracted. "
                "local reads text files, HTML, XML and Paper documents itself, and documents of "
                "office programs, mail, EPUB and PDF in sandboxed processes; PDF needs dbx-es-pdf, "
                "or pdftotext (poppler-utils). pipeline sends whole files through the ingest "
                "pipeline of "
                "elasticsearch.pipeline, whose attachment processor extracts the text. service "
                "sends them to the service of extraction_service.host. off indexes only metadata. "
                "A change needs a full sync."},
    OptionRow{.section = "extraction",
              .key = "extensions",
              .field = kExtraction<&X::extensions>,
              .help = "Extensions of the files to extract text from. Default: those that the mode "
                      "can read. A list such as \"txt, md\" replaces the built-in list; entries "
                      "with + or -, such as \"+dat -csv\", change it. A dot means names without an "
                      "extension, which the mode local reads as their first bytes show. With "
                      "\"+zip +tar +tgz +gz\", that mode indexes the names of the files in "
                      "archives. It reads other added extensions as plain text."},
    OptionRow{.section = "extraction",
              .key = "paper_format",
              .type = T::kPaperFormat,
              .default_text = "markdown",
              .field = kExtraction<&X::paper_format>,
              .help = "The export format of Paper documents: markdown or html. If a document does "
                      "not offer it, the other one is used."},
    OptionRow{.section = "extraction",
              .key = "max_file_download_size",
              .type = T::kBytes,
              .default_text = "10MiB",
              .min = 1,
              .max = 1024 * kMiB,
              .field = kExtraction<&X::max_file_download_size>,
              .help = "Larger files are indexed without their text. The mode service uses "
                      "extraction_service.max_file_download_size instead."},
    OptionRow{.section = "extraction",
              .key = "max_memory",
              .type = T::kBytes,
              .default_text = "256MiB",
              .min = 4 * kMiB,
              .max = 65'536 * kMiB,
              .field = kExtraction<&X::max_memory>,
              .help =
                  "Memory for all files that are downloaded or extracted at one time. It must be "
                  "at least four times max_file_download_size. A parser cuts the text of a "
                  "file at a sixteenth of it."},
    OptionRow{.section = "extraction",
              .key = "max_body_chars",
              .type = T::kInt,
              .default_text = "0",
              .field = kExtraction<&X::max_body_chars>,
              .help = "Maximum number of characters of a file's text; 0 for no limit. A document "
                      "whose text was cut has the field body_truncated. In the mode pipeline, the "
                      "pipeline cuts the text without a sign."},
    OptionRow{.section = "extraction",
              .key = "parse_timeout",
              .type = T::kSeconds,
              .default_text = "10",
              .min = 1000,
              .max = 3'600'000,
              .field = kExtraction<&X::parse_timeout>,
              .help = "CPU time for parsing one file, in whole seconds. A file that needs more is "
                      "indexed without its text."},
    OptionRow{.section = "extraction",
              .key = "parse_budget",
              .type = T::kSeconds,
              .default_text = "1800",
              .min = 1000,
              .max = 604'800'000,
              .field = kExtraction<&X::parse_budget>,
              .help = "Time that the slow files of one run may take together: what each file takes "
                      "beyond its first second counts. When it is used up, the other files that "
                      "need a parser are left for the next run, so that nobody can hold up "
                      "deletions and permissions with hostile files."},
    OptionRow{.section = "extraction",
              .key = "unconfined_pdf",
              .type = T::kBool,
              .default_text = "false",
              .field = kExtraction<&X::unconfined_pdf>,
              .help = "Read PDFs, and pictures with ocr, even where the system lacks Landlock or "
                      "seccomp. A hostile file that takes control of its reader can then read the "
                      "files of this user, secrets included."},
    OptionRow{.section = "extraction",
              .key = "reduce_whitespace",
              .type = T::kBool,
              .default_text = "false",
              .field = kExtraction<&X::reduce_whitespace>,
              .help = "Store each run of white space as one space. The mode pipeline always asks "
                      "for that."},
    OptionRow{.section = "extraction",
              .key = "max_reread_files",
              .type = T::kInt,
              .default_text = "0",
              .field = kExtraction<&X::max_reread_files>,
              .help = "Maximum number of unchanged files that one run fetches again because a new "
                      "version of dbx-es or a setting gives them another text; 0 for no limit. The "
                      "other files keep their text until later full syncs."},
    OptionRow{.section = "extraction",
              .key = "guess_language",
              .type = T::kBool,
              .default_text = "false",
              .field = kExtraction<&X::guess_language>,
              .help = "Guess the language of texts that do not name it, so that the field language "
                      "can choose an analyzer. Mode local only. A change needs a full "
                      "sync, which fetches files again."},
    OptionRow{.section = "extraction",
              .key = "ocr",
              .type = T::kBool,
              .default_text = "false",
              .field = kOcr<&O::on>,
              .help = "Read the words in pictures (bmp, gif, jpg, png, tif, webp) and on pages of "
                      "PDFs that have no text, with tesseract (tesseract-ocr) and pdftoppm "
                      "(poppler-utils). A page takes a few seconds of CPU time. Mode local only. "
                      "A change needs a full sync, which fetches PDFs again."},
    OptionRow{.section = "extraction",
              .key = "ocr_languages",
              .default_text = "eng",
              .field = kOcr<&O::languages>,
              .help = "Languages of the words in pictures, as tesseract names them, such as "
                      "\"deu+eng\". Each needs its package, such as tesseract-ocr-deu. A change "
                      "needs a full sync, which fetches pictures and PDFs again."},
    OptionRow{.section = "extraction",
              .key = "ocr_timeout",
              .type = T::kSeconds,
              .default_text = "120",
              .min = 1000,
              .max = 3'600'000,
              .field = kOcr<&O::timeout>,
              .help = "Time for reading the pictures of one file. Of a file that needs more, the "
                      "pages that were read by then are indexed."},
    OptionRow{.section = "extraction",
              .key = "ocr_budget",
              .type = T::kSeconds,
              .default_text = "1800",
              .min = 1000,
              .max = 604'800'000,
              .field = kOcr<&O::budget>,
              .help = "Time for reading the pictures of one run. When it is used up, the other "
                      "files are indexed without the words in their pictures, and later full syncs "
                      "read them."},
};

}  // namespace

std::span<const OptionRow> ExtractionOptions() { return kRows; }

}  // namespace dbxes::config
