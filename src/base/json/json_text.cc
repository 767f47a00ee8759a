// SPDX-License-Identifier: Apache-2.0
#include "base/json/json_text.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/json/json_block.h"

namespace dbxes {
namespace {

constexpr std::array<bool, 256> MakePlain() {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < plain.size(); ++byte) plain[byte] = true;
  plain['"'] = plain['\\'] = false;
  return plain;
}
constexpr std::array<bool, 256> kPlain = MakePlain();

bool IsPlain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

// Returns the number of bytes from `begin` that need no escape.
std::size_t PlainRun(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at + kJsonBlock <= text.size()) {
    const std::size_t plain = PlainBytes(text.data() + at);
    at += plain;
    if (plain != kJsonBlock) return at - begin;
  }
  while (at < text.size() && IsPlain(text[at])) ++at;
  return at - begin;
}

// Copies a text of at least half a block; the last block overlaps the one before. Most texts are
// short, and copying their ends byte by byte would take most of the time. False if the text needs
// an escape.
bool CopyIfPlain(std::string_view text, char* to) {
  constexpr std::size_t kHalf = kJsonBlock / 2;
  const char* from = text.data();
  if (text.size() < kJsonBlock) {
    alignas(kJsonBlock) char ends[kJsonBlock];
    std::memcpy(ends, from, kHalf);
    std::memcpy(ends + kHalf, from + text.size() - kHalf, kHalf);
    std::memcpy(to, ends, kHalf);
    std::memcpy(to + text.size() - kHalf, ends + kHalf, kHalf);
    return SpecialBytes(ends) == 0;
  }
  unsigned escapes = SpecialBytes(from + text.size() - kJsonBlock);
  std::memcpy(to + text.size() - kJsonBlock, from + text.size() - kJsonBlock, kJsonBlock);
  for (std::size_t at = 0; at + kJsonBlock < text.size(); at += kJsonBlock) {
    escapes |= SpecialBytes(from + at);
    std::memcpy(to + at, from + at, kJsonBlock);
  }
  return escapes == 0;
}

// Copies text up to the first byte that needs an escape; returns the number of bytes copied.
std::size_t CopyPlain(std::string_view text, char* to) {
  std::size_t at = 0;
  if (text.size() >= kJsonBlock / 2) return CopyIfPlain(text, to) ? text.size() : PlainRun(text, 0);
  for (; at < text.size() && IsPlain(text[at]); ++at) to[at] = text[at];
  return at;
}

std::string_view Escape(char c, std::array<char, 6>& room) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kShort = "btnXfr";  // from U+0008 on
  const auto byte = static_cast<unsigned char>(c);
  room[0] = '\\';
  if (c == '"' || c == '\\') {
    room[1] = c;
    return {room.data(), 2};
  }
  if (byte >= 0x08 && byte <= 0x0d && byte != 0x0b) {
    room[1] = kShort[byte - 0x08];
    return {room.data(), 2};
  }
  room = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
  return {room.data(), room.size()};
}

void Append(std::string_view text, std::string& out) { out += text; }
void Append(std::string_view text, JsonBuffer& out) {
  std::memcpy(out.Push(text.size()), text.data(), text.size());
}

template <class Out>
void AppendEscaped(std::string_view text, std::size_t run, Out& out) {
  Append("\"", out);
  std::size_t at = 0;
  std::array<char, 6> room;
  for (;;) {
    Append(text.substr(at, run), out);
    at += run;
    if (at == text.size()) break;
    Append(Escape(text[at], room), out);
    ++at;
    run = PlainRun(text, at);
  }
  Append("\"", out);
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  std::array<char, 128> room;
  std::size_t run = 0;
  if (text.size() + 2 <= room.size()) {
    run = CopyPlain(text, room.data() + 1);
    if (run == text.size()) {
      room[0] = room[run + 1] = '"';
      out.append(room.data(), run + 2);
      return;
    }
  } else {
    run = PlainRun(text, 0);
  }
  AppendEscaped(text, run, out);
}

void AppendJsonString(std::string_view text, JsonBuffer& out) {
  char* room = out.Push(text.size() + 2);
  room[0] = '"';
  const std::size_t run = CopyPlain(text, room + 1);
  if (run == text.size()) {
    room[run + 1] = '"';
    return;
  }
  out.Pop(text.size() + 2);
  AppendEscaped(text, run, out);
}

void ObjectWriter::PutNumber(std::uint64_t value) {
  const fmt::format_int digits(value);
  Put({digits.data(), digits.size()});
}

}  // namespace dbxes
