// SPDX-License-Identifier: Apache-2.0
// What RapidJSON's reader is given to unescape strings in place, in its own terms: a stream, and an
// encoding whose transcoder moves all that needs no attention at once. RapidJSON's own stream goes
// byte by byte to the next aligned address first, which for short strings is most of the way, and
// from there reads whole blocks that may reach beyond the end.
// https://rapidjson.org/md_doc_stream.html, https://rapidjson.org/md_doc_encoding.html
#pragma once

#include <rapidjson/encodings.h>
#include <rapidjson/stream.h>

#include <cstddef>
#include <cstring>

#include "base/json/json_block.h"

namespace dbxes {

class InPlaceStream {
 public:
  using Ch = char;

  // A block of zero bytes has to follow the text.
  explicit InPlaceStream(char* text) : from_(text), head_(text) {}

  char Peek() const { return *from_; }
  char Take() { return *from_++; }
  std::size_t Tell() const { return static_cast<std::size_t>(from_ - head_); }

  char* PutBegin() { return to_ = from_; }
  void Put(char c) { *to_++ = c; }
  std::size_t PutEnd(char* begin) { return static_cast<std::size_t>(to_ - begin); }
  void Flush() {}

  // Moves what stands here to where strings are put, up to the next quote, backslash or control
  // character. The zero bytes at the end are control characters.
  void MovePlain() {
    std::size_t plain = kJsonBlock;
    while (plain == kJsonBlock) {
      plain = PlainBytes(from_);
      if (to_ != from_) std::memmove(to_, from_, plain);
      from_ += plain;
      to_ += plain;
    }
  }

 private:
  char* from_;
  char* to_ = nullptr;
  char* head_;
};

struct InPlaceUtf8 : rapidjson::UTF8<> {};

}  // namespace dbxes

// The reader keeps the stream in registers while it works on a string.
template <>
struct rapidjson::StreamTraits<dbxes::InPlaceStream> {
  enum { copyOptimization = 1 };
};

// The reader asks for one character whenever the next one is no special one.
template <>
struct rapidjson::Transcoder<dbxes::InPlaceUtf8, dbxes::InPlaceUtf8>
    : rapidjson::Transcoder<rapidjson::UTF8<>, rapidjson::UTF8<>> {
  using Transcoder<UTF8<>, UTF8<>>::Transcode;
  static bool Transcode(dbxes::InPlaceStream& from, dbxes::InPlaceStream&) {
    from.MovePlain();
    return true;
  }
};
