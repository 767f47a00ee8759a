// SPDX-License-Identifier: Apache-2.0
// A parser in the process, which answers as a test says, and counts what it is asked.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "parsers/document_parser.h"
#include "parsers/parse_document.h"

namespace dbxes {

struct ParserScript {
  // By default, each file is its own text.
  std::function<Result<parsers::Parsed<parsers::ParsedDocument>>(const std::string&)> answer =
      [](const std::string& bytes) {
        return parsers::Parsed<parsers::ParsedDocument>(parsers::ParsedDocument{bytes, {}, {}});
      };
  bool takes_pictures = true;
  std::size_t asked = 0;
  std::size_t under_way = 0;
  std::size_t most_under_way = 0;
};

class FakeParser final : public parsers::DocumentParser {
 public:
  FakeParser(EventLoop& loop, ParserScript& script) : loop_(loop), script_(script) {}

  Pending<parsers::Parsed<parsers::ParsedDocument>> Parse(std::string bytes,
                                                          parsers::DocumentForm form) override {
    const bool reads =
        form == parsers::DocumentForm::kFile || form == parsers::DocumentForm::kPicture;
    if (!reads) return Convert(bytes, form);
    ++script_.asked;
    script_.most_under_way = std::max(script_.most_under_way, ++script_.under_way);
    const Pending<parsers::Parsed<parsers::ParsedDocument>> pending;
    loop_.After(Milliseconds(5), [this, pending, bytes = std::move(bytes)] {
      --script_.under_way;
      pending.Fulfil(script_.answer(bytes));
    });
    return pending;
  }

  bool Takes(parsers::DocumentForm form) const override {
    return form != parsers::DocumentForm::kPicture || script_.takes_pictures;
  }

 private:
  // As a parser process does.
  Pending<parsers::Parsed<parsers::ParsedDocument>> Convert(const std::string& bytes,
                                                            parsers::DocumentForm form) {
    const Pending<parsers::Parsed<parsers::ParsedDocument>> pending;
    loop_.After(Milliseconds(5), [pending, bytes, form] {
      pending.Fulfil(parsers::ParseDocument(bytes, form, {}));
    });
    return pending;
  }

  EventLoop& loop_;
  ParserScript& script_;
};

}  // namespace dbxes
