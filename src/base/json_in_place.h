// SPDX-License-Identifier: Apache-2.0
// Streaming JSON without copies: strings are unescaped where they stand, and the handler gets views
// into the text. For the big answers (listing pages, multi-get, search).
#pragma once

#include <rapidjson/reader.h>

#include <string>

namespace dbxes {

// Parses `text` and rewrites it; views given to `handler` stay valid as long as `text` is neither
// changed nor moved.
template <class Handler>
rapidjson::ParseResult ParseInPlace(std::string& text, Handler& handler) {
  // RapidJSON scans strings in aligned blocks of 16 bytes, the last of which reaches beyond the
  // end.
  constexpr std::size_t kBlock = 16;
  const std::size_t size = text.size();
  text.append(kBlock, '\0');
  rapidjson::InsituStringStream stream(text.data());
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag;
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, handler);
  text.resize(size);
  // For RapidJSON the text ends at the first zero byte.
  if (!parsed.IsError() && stream.Tell() < size) {
    return {rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell()};
  }
  return parsed;
}

}  // namespace dbxes
