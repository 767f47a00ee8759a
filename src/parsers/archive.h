// SPDX-License-Identifier: Apache-2.0
// Reads the entries of a zip file in memory (libzip), by name and as streams. The number of entries
// and their inflated size are bounded; what the file says about its sizes is not trusted.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/parsed_document.h"
#include "parsers/xml_reader.h"

struct zip;

namespace dbxes::parsers {

class Archive {
 public:
  // `bytes` must outlive the archive.
  // If the directory at the end of the file is missing or damaged, the entries are found by their
  // own headers (parsers/zip_salvage.h).
  static Parsed<Archive> Open(std::string_view bytes, const ParseLimits& limits);

  // The directory could not be read, so that entries may be missing.
  bool salvaged() const { return salvaged_ != nullptr; }
  // It is within another archive.
  bool nested() const { return nested_; }
  // In the order of the directory, with slashes: some programs of Windows write backslashes.
  std::vector<std::string> Names() const;

  // Names are compared case-insensitively, as office documents require, and "\\" counts as "/".
  bool Has(const std::string& name) const;
  // Calls `piece` with the bytes of an entry until it returns false. kDamaged when there is no such
  // entry.
  Parsed<void> Read(const std::string& name, const std::function<bool(std::string_view)>& piece);
  Parsed<void> ReadXml(const std::string& name, XmlHandler& handler);
  // The whole entry; kTooComplex when it is longer than `max_bytes`.
  Parsed<std::string> ReadAll(const std::string& name, std::size_t max_bytes);
  // Opens an archive within this one for `read`, within the same limits on inflated bytes. An
  // archive within that one is kTooComplex.
  Parsed<void> ReadNested(const std::string& name,
                          const std::function<Parsed<void>(Archive&)>& read);

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  Archive(zip* archive, const ParseLimits& limits);
  static zip* OpenZip(std::string_view bytes);

  std::optional<std::uint64_t> Find(const std::string& name) const;

  std::unique_ptr<const std::string> salvaged_;  // what zip_ reads, if it is not the file itself
  std::unique_ptr<zip, Close> zip_;
  std::unordered_map<std::string, std::uint64_t> entries_;  // by name in lower case
  std::uint64_t inflatable_;                                // bytes that may still be inflated
  std::uint64_t max_entries_;
  bool nested_ = false;  // it is within another one
};

}  // namespace dbxes::parsers
