// SPDX-License-Identifier: Apache-2.0
// The command verify: compares the index with a fresh listing of Dropbox and writes nothing. It is
// a full sync without writes, so what differs is decided where a full sync decides it; but it
// believes no fingerprint, and reads every document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "config/config.h"
#include "report/reporter.h"
#include "sync/command/run.h"

namespace dbxes::sync {

enum class DifferenceKind : std::uint8_t {
  kMissing,    // the index lacks a document of Dropbox
  kDifferent,  // the document has other values
  kExtra,      // Dropbox does not have the document, or sync rules exclude it
};
std::string_view ToString(DifferenceKind kind);

struct Difference {
  DifferenceKind kind = DifferenceKind::kMissing;
  std::string id;
  std::string path;                 // in Dropbox, as it is displayed; in the index for kExtra
  std::string index_path;           // kDifferent: in the index, if it has another one there
  std::vector<std::string> fields;  // kDifferent: their names
  std::string reason;               // "" where the kind says all
  bool text_seems_right = false;    // see report::Change
};
// "different /Team/a.txt (size, body)", without a line break. Names are not escaped.
std::string DifferenceLine(const Difference& difference);

struct Verification {
  // How it ended: kFailed if there is a difference, else what a full sync would end with.
  ExitCode exit_code = ExitCode::kOk;
  std::string message;  // "" after a comparison without differences
  std::uint64_t missing = 0;
  std::uint64_t different = 0;
  std::uint64_t extra = 0;
  std::uint64_t documents = 0;  // that were compared, those on one side only included
  std::uint64_t entries = 0;    // of the listing, with what is beside the folders
  std::uint64_t texts = 0;      // files that were fetched
  Milliseconds duration{0};

  std::uint64_t differences() const { return missing + different + extra; }
};

// Calls `show` with each difference as soon as it is known; a document is counted once, and shown a
// second time if its text turns out to differ, too. `sample`: up to this many files, chosen at
// random, are fetched, and their texts compared. Neither locks the state nor changes it. kConfig
// where the index does not exist, and for a sample of texts that dbx-es does not extract.
Verification Verify(Environment& environment, const config::Config& config, std::size_t sample,
                    report::Reporter& reporter, const std::function<void(const Difference&)>& show,
                    const ParserFactory& make_parser = MakeParserPool);

}  // namespace dbxes::sync
