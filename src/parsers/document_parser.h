// SPDX-License-Identifier: Apache-2.0
// Turns files into text while the event loop keeps running. The production implementations
// are parsers/parser_pool.h and, around it, parsers/ocr_parser.h; tests have their own.
#pragma once

#include <string>

#include "base/http/event_loop.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

class DocumentParser {
 public:
  virtual ~DocumentParser() = default;
  // `form` is anything but kPdfText. An error means that no process could be started; it says
  // nothing about the file.
  virtual Pending<Parsed<ParsedDocument>> Parse(std::string bytes, DocumentForm form) = 0;
  // False: it would postpone such a file, so that there is no use in fetching it.
  virtual bool Takes(DocumentForm) const { return true; }
};

}  // namespace dbxes::parsers
