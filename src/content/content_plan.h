// SPDX-License-Identifier: Apache-2.0
// What is fetched of a file, and how it is read: decided from its listing entry and the settings
// alone, before anything is asked.
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
#include "dropbox/client.h"

namespace dbxes::content {

// Why a file gets no content. kNone for those that get one, and for folders.
enum class NoContent : std::uint8_t {
  kNone,
  kType,         // an extension that is not read, a symlink, an export of a format that is not read
  kEmpty,        // nothing in it
  kTooLarge,     // more than may be fetched
  kNoPdftotext,  // a PDF, and the program that reads it is not installed
  kRefused,      // Dropbox says beforehand that it does not hand it out
};

struct ContentPlan {
  bool fetch = false;
  NoContent reason = NoContent::kNone;
  FetchRoute route = FetchRoute::kDownload;
  std::string_view export_format;  // into the entry or static
  std::string_view link;           // kSharedLink: where it is, into the linked file
  TextFormat format = TextFormat::kPlain;
  std::uint64_t bytes = 0;  // at most so many arrive
  // What the index holds when it holds the text of this very content, extracted in this way.
  std::uint64_t fingerprint = 0;
};

class ContentPlanner {
 public:
  // `reads_pdf`: the program for it is there; asked in the mode local alone.
  explicit ContentPlanner(const config::ExtractionConfig& config, bool reads_pdf = true);

  // Files go to an ingest pipeline as they are.
  bool leaves_it_to_pipeline() const { return config_.mode == config::ExtractionMode::kPipeline; }

  ContentPlan Plan(const delta::Entry& entry) const;
  // Of a file received one by one. Links tell no content hash, so its revision stands for it.
  ContentPlan Plan(const dropbox::LinkedFile& file) const;
  // The plan's fingerprint, had the version that was served been listed: it may be a newer one.
  // `listed_hash`: the entry had a content hash.
  std::uint64_t FingerprintOf(const FetchedContent& served, bool listed_hash,
                              TextFormat format) const;

 private:
  // What a file's name and size say already; kNone: it is to be fetched.
  NoContent Refuse(std::string_view extension, std::uint64_t size) const;
  ContentPlan PlanExport(const delta::Entry& entry) const;
  std::uint64_t Fingerprint(std::string_view content_hash, std::string_view rev,
                            TextFormat format) const;

  const config::ExtractionConfig& config_;
  bool reads_pdf_;
  documents::ExtensionTable<TextFormat> formats_;
  // Of each TextFormat: all but the file's version that decides what text comes out.
  std::array<std::string, kTextFormats> how_;
};

}  // namespace dbxes::content
