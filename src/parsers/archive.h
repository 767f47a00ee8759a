// SPDX-License-Identifier: Apache-2.0
// The entries of a zip file that lies in memory (libzip), by name and as streams, with bounds on
// how many there are and on what they inflate to, whatever the file says of itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/parsed_document.h"
#include "parsers/xml_reader.h"

struct zip;

namespace dbxes::parsers {

class Archive {
 public:
  // `bytes` stay the caller's, and have to stay.
  static Parsed<Archive> Open(std::string_view bytes, const ParseLimits& limits);

  // Names are compared without regard to case, as office documents want it.
  bool Has(const std::string& name) const;
  // Hands the bytes of an entry to `piece`, which returns false when it has enough. kDamaged when
  // there is no such entry.
  Parsed<void> Read(const std::string& name, const std::function<bool(std::string_view)>& piece);
  Parsed<void> ReadXml(const std::string& name, XmlHandler& handler);
  // A small entry as a whole; kTooComplex when it is longer.
  Parsed<std::string> ReadAll(const std::string& name, std::size_t max_bytes);

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  Archive(zip* archive, const ParseLimits& limits);

  std::unique_ptr<zip, Close> zip_;
  std::uint64_t inflatable_;  // bytes that may still be inflated
};

}  // namespace dbxes::parsers
