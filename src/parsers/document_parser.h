// SPDX-License-Identifier: Apache-2.0
// Whoever turns files into text while the event loop goes on. The production implementation is
// parsers/parser_pool.h; tests bring their own.
#pragma once

#include <string>

#include "base/http/event_loop.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

class DocumentParser {
 public:
  virtual ~DocumentParser() = default;
  // An error is one of this machine, not of the file: no process could be started.
  virtual Pending<Parsed<ParsedDocument>> Parse(std::string bytes) = 0;
};

}  // namespace dbxes::parsers
