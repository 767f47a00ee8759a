// SPDX-License-Identifier: Apache-2.0
// Streaming JSON without copies: strings are unescaped where they stand, and the handler gets views
// into the text. For the big answers of a cluster (multi-get, search). Listing pages have
// JsonScanner.
#pragma once

#include <rapidjson/reader.h>

#include <cstdint>
#include <string>

#include "base/json/json_in_place_stream.h"

namespace dbxes {

// Passes everything on to a handler, but refuses what is nested deeper than any answer: RapidJSON's
// faster parser recurses, and a bomb of brackets must not overflow the stack.
template <class Handler>
class ShallowHandler {
 public:
  using Ch = char;
  using Size = rapidjson::SizeType;
  static constexpr int kMostNested = 100;

  explicit ShallowHandler(Handler& handler) : handler_(handler) {}

  bool Null() { return handler_.Null(); }
  bool Bool(bool value) { return handler_.Bool(value); }
  bool Int(int value) { return handler_.Int(value); }
  bool Uint(unsigned value) { return handler_.Uint(value); }
  bool Int64(std::int64_t value) { return handler_.Int64(value); }
  bool Uint64(std::uint64_t value) { return handler_.Uint64(value); }
  bool Double(double value) { return handler_.Double(value); }
  bool RawNumber(const Ch* text, Size length, bool copy) {
    return handler_.RawNumber(text, length, copy);
  }
  bool String(const Ch* text, Size length, bool copy) {
    return handler_.String(text, length, copy);
  }
  bool Key(const Ch* text, Size length, bool copy) { return handler_.Key(text, length, copy); }
  bool StartObject() { return depth_++ < kMostNested && handler_.StartObject(); }
  bool EndObject(Size members) {
    --depth_;
    return handler_.EndObject(members);
  }
  bool StartArray() { return depth_++ < kMostNested && handler_.StartArray(); }
  bool EndArray(Size elements) {
    --depth_;
    return handler_.EndArray(elements);
  }

 private:
  Handler& handler_;
  int depth_ = 0;
};

// Parses `text` and rewrites it; views given to `handler` stay valid as long as `text` is neither
// changed nor moved.
template <class Handler>
rapidjson::ParseResult ParseInPlace(std::string& text, Handler& handler) {
  const std::size_t size = text.size();
  text.append(kJsonBlock, '\0');
  InPlaceStream stream(text.data());
  ShallowHandler<Handler> shallow(handler);
  rapidjson::GenericReader<InPlaceUtf8, InPlaceUtf8> reader;
  const rapidjson::ParseResult parsed = reader.Parse<rapidjson::kParseInsituFlag>(stream, shallow);
  text.resize(size);
  // For RapidJSON the text ends at the first zero byte.
  if (!parsed.IsError() && stream.Tell() < size) {
    return {rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell()};
  }
  return parsed;
}

}  // namespace dbxes
