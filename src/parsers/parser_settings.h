// SPDX-License-Identifier: Apache-2.0
// What the processes that read files may use, and for how long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"

namespace dbxes::parsers {

// How words in pictures are read (parsers/ocr_parser.h).
struct OcrSettings {
  bool wanted = false;
  std::string tesseract;           // its path; "" where it may not run
  std::string pdftoppm;            // the same of the program that draws pages
  std::string languages;           // "deu+eng"
  Milliseconds timeout{120'000};   // for each file
  Milliseconds budget{1'800'000};  // for all of them
};

struct ParserSettings {
  std::size_t processes = 1;
  std::size_t memory_bytes = std::size_t{1} << 30;  // of address space, for each process
  std::size_t max_text_bytes = std::size_t{16} << 20;
  std::size_t cpu_seconds = 10;    // for each file
  Milliseconds wall_time{30'000};  // for each file
  // What all files may take together beyond a second each. Later ones are left for the next run.
  Milliseconds budget{1'800'000};
  // Known to be missing (base/os/confinement_probe.h), so that it is not noted again.
  std::string missing_confinement;
  bool unconfined_pdf = false;           // read PDFs even without the whole confinement
  std::size_t files_per_process = 1000;  // then it is replaced, so that no memory leak adds up
  std::string pdf_reader;                // path of dbx-es-pdf, "" if there is none
  std::string pdftotext;                 // of pdftotext, which reads PDFs in its place
  OcrSettings ocr;
  std::function<void(std::string)> on_note = [](const std::string&) {};  // a warning
};

// What the files of a run need.
struct ParserNeeds {
  std::size_t max_file_bytes = 0;
  std::size_t max_text_bytes = 0;
  std::size_t held_bytes = 0;  // of files and texts, in the process that starts the others
  bool pictures = false;       // are read, too, by as many processes again
};

struct Machine {
  std::size_t processors = 1;
  std::uint64_t memory_bytes = 0;  // base/os/memory_limit.h
};

// One process more than there are processors, at most four; without programs for PDFs. Each may use
// 1 GiB besides its file. Where not all of them can have that at one time, they have less, or are
// fewer: in a container the kernel may end all processes as soon as one goes beyond its memory.
ParserSettings ParserSettingsOn(const Machine& machine, const ParserNeeds& needs);
// The same on this machine.
ParserSettings SystemParserSettings(const ParserNeeds& needs);

}  // namespace dbxes::parsers
