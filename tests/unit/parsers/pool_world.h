// SPDX-License-Identifier: Apache-2.0
// A pool of real parser processes, and what they make of a file.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include "base/http/curl_http.h"
#include "base/http/event_loop.h"
#include "parsers/parser_pool.h"

namespace dbxes::parsers {

struct PoolWorld {
  explicit PoolWorld(ParserSettings settings) {
    settings.on_note = [this](const std::string& note) { notes += note; };
    pool.emplace(loop, std::move(settings));
  }

  Result<Parsed<ParsedDocument>> Read(const std::string& bytes,
                                      DocumentForm form = DocumentForm::kFile) {
    return loop.Await(pool->Parse(bytes, form));
  }
  ParsedDocument Document(const std::string& bytes) {
    auto read = Read(bytes);
    REQUIRE(read);
    REQUIRE(*read);
    return **std::move(read);
  }
  std::string TextOf(const std::string& bytes) { return Document(bytes).text; }
  Unreadable ReasonFor(const std::string& bytes) {
    const auto read = Read(bytes);
    REQUIRE(read);
    REQUIRE_FALSE(*read);
    return read->error();
  }

  CurlHttp http{"test"};
  SystemClock clock;
  EventLoop loop{http, clock};
  std::string notes;  // all warnings
  std::optional<ParserPool> pool;
};

}  // namespace dbxes::parsers
