// SPDX-License-Identifier: Apache-2.0
// Decides what is downloaded of a file and how it is read, from its listing entry and the settings
// alone, without a request.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "config/config.h"
#include "content/content_types.h"
#include "content/extract_text.h"
#include "content/fetch.h"
#include "delta/entry.h"
#include "documents/extension_table.h"
#include "dropbox/types.h"

namespace dbxes::content {

// Why a file gets no content. kNone if it gets content, and for folders.
enum class NoContent : std::uint8_t {
  kNone,
  kType,         // an extension that is not read, a symlink, an export of a format that is not read
  kEmpty,        // the file has no bytes
  kTooLarge,     // more bytes than the settings allow
  kNoPdftotext,  // a PDF, and the program that reads it is not installed
  kNoOcr,        // a picture, and tesseract is not installed or may not run
  kRefused,      // its entry says that Dropbox does not serve the file
};

// Its reader is missing today: the text that was read of this content before stays.
constexpr bool LacksReader(NoContent reason) {
  return reason == NoContent::kNoPdftotext || reason == NoContent::kNoOcr;
}

struct ContentPlan {
  bool fetch = false;
  NoContent reason = NoContent::kNone;
  FetchRoute route = FetchRoute::kDownload;
  std::string_view export_format;  // into the entry or static
  std::string_view link;           // kSharedLink: where it is, into the linked file
  TextFormat format = TextFormat::kPlain;
  std::uint64_t bytes = 0;  // the most that can arrive
  // kDownload: what the entry says of the file, "" where it says nothing or the size is unknown.
  std::string_view listed_hash;
  std::string_view listed_rev;
  // body_fingerprint of the document if the index has the text of this content, extracted this way;
  // of a file that is not read because LacksReader, too.
  std::uint64_t fingerprint = 0;
  // The same if a better program has read it that is not installed today: its text stays. 0: there
  // is none.
  std::uint64_t better_fingerprint = 0;

  // Whether `held` is of the text that this plan would bring, or of a better one.
  bool IsCurrent(std::uint64_t held) const {
    return held != 0 && (held == fingerprint || held == better_fingerprint);
  }
};

// Which programs are installed and may run, for the mode local.
struct InstalledReaders {
  bool pdf = true;
  bool pdf_program = true;  // dbx-es-pdf; else pdftotext reads PDFs, which finds less in them
  bool pictures = true;
};

class ContentPlanner {
 public:
  explicit ContentPlanner(const config::ExtractionConfig& config, InstalledReaders readers = {});

  // Files are sent to an ingest pipeline as they are.
  bool leaves_it_to_pipeline() const { return config_.mode == config::ExtractionMode::kPipeline; }

  // Of unchanged files that one run may fetch again; 0 for no limit.
  std::size_t max_reread_files() const { return config_.max_reread_files; }

  ContentPlan Plan(const delta::Entry& entry) const;
  // For a file received one by one. A link reports no content hash, so its revision is used
  // instead.
  ContentPlan Plan(const dropbox::LinkedFile& file) const;
  // The fingerprint for the version that was served, which may be newer than the listed one.
  // `listed_hash`: the entry had a content hash.
  std::uint64_t FingerprintOf(const FetchedContent& served, bool listed_hash,
                              TextFormat format) const;

 private:
  // Decides by a file's name and size alone; kNone: it is to be downloaded.
  NoContent Refuse(std::string_view extension, std::uint64_t size) const;
  ContentPlan PlanExport(const delta::Entry& entry) const;
  std::uint64_t Fingerprint(std::string_view content_hash, std::string_view rev,
                            TextFormat format) const;
  // Of a plan whose format is known.
  void AddFingerprints(std::string_view content_hash, std::string_view rev,
                       ContentPlan& plan) const;

  const config::ExtractionConfig& config_;
  InstalledReaders readers_;
  documents::ExtensionTable<TextFormat> formats_;
  // For each TextFormat: everything besides the file's version that decides the extracted text.
  std::array<std::string, kTextFormats> how_;
  std::string better_pdf_;  // of PDFs that dbx-es-pdf has read, while it is not installed; else ""
};

}  // namespace dbxes::content
