// SPDX-License-Identifier: Apache-2.0
// Runs of ASCII in a text, found eight bytes at a time: what most text consists of should cost
// little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace dbxes {
namespace ascii_run {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighs = 0x8080808080808080;

// Not zero when one of the eight bytes is below `limit`, at most 0x80, or beyond ASCII.
inline std::uint64_t BelowOrBeyond(std::uint64_t word, unsigned char limit) {
  return ((word - kOnes * limit) | word) & kHighs;
}
inline std::uint64_t HasByte(std::uint64_t word, unsigned char byte) {
  const std::uint64_t zeroed = word ^ kOnes * byte;
  return (zeroed - kOnes) & ~zeroed & kHighs;
}

// Steps over blocks of eight bytes while `stops` is zero for them.
template <typename Stops>
std::size_t SkipBlocks(std::string_view text, std::size_t at, Stops stops) {
  for (std::uint64_t word = 0; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if (stops(word) != 0) break;
  }
  return at;
}

}  // namespace ascii_run

// How many bytes from `begin` on are ASCII.
inline std::size_t AsciiRun(std::string_view text, std::size_t begin) {
  std::size_t at = ascii_run::SkipBlocks(
      text, begin, [](std::uint64_t word) { return word & ascii_run::kHighs; });
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at - begin;
}

// How many bytes from `begin` on are ASCII from `least` to '~'.
inline std::size_t PrintableRun(std::string_view text, std::size_t begin, unsigned char least) {
  std::size_t at = ascii_run::SkipBlocks(text, begin, [least](std::uint64_t word) {
    return ascii_run::BelowOrBeyond(word, least) | ascii_run::HasByte(word, 0x7f);
  });
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= least && text[at] != 0x7f &&
         static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at - begin;
}

}  // namespace dbxes
