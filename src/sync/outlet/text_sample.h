// SPDX-License-Identifier: Apache-2.0
// A few files of many, of which nobody knows beforehand how many there are: each has the same
// chance to be among them (reservoir sampling).
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sync/outlet/downloads.h"

namespace dbxes::sync {

// A file to be fetched, and the document that it belongs to.
struct SampledFile {
  std::string id;
  std::string path;      // the key of its path
  std::string document;  // JSON: what names the document to people
  DownloadPtr download;
};

class TextSample {
 public:
  // `most`: how many files are kept. The same `seed` chooses the same ones of the same files.
  TextSample(std::size_t most, std::uint64_t seed) : most_(most), random_(seed) {}

  // Another file: where it is kept, or null if it is not chosen. Valid until the next call.
  SampledFile* Offer() {
    ++offered_;
    if (chosen_.size() < most_) return &chosen_.emplace_back();
    const std::uint64_t at = random_() % offered_;
    return at < most_ ? &chosen_[static_cast<std::size_t>(at)] : nullptr;
  }
  std::vector<SampledFile> Take() { return std::exchange(chosen_, {}); }

 private:
  std::size_t most_;
  std::mt19937_64 random_;
  std::uint64_t offered_ = 0;
  std::vector<SampledFile> chosen_;
};

}  // namespace dbxes::sync
