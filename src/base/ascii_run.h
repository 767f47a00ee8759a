// SPDX-License-Identifier: Apache-2.0
// Runs of ASCII in a text, found a block at a time, since most text consists of them. Characters in
// between are in base/utf8.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace dbxes {
namespace ascii_run {

#ifdef __SSE2__
using Block = __m128i;

// Not zero if one of the bytes is below `least` (at most 0x80) or beyond ASCII: such a byte is
// negative.
inline int BelowOrBeyond(Block block, unsigned char least) {
  return _mm_movemask_epi8(_mm_cmplt_epi8(block, _mm_set1_epi8(static_cast<char>(least))));
}
inline int HasByte(Block block, unsigned char byte) {
  return _mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(static_cast<char>(byte))));
}
inline int Beyond(Block block) { return _mm_movemask_epi8(block); }
#else
using Block = std::uint64_t;

inline constexpr Block kOnes = 0x0101010101010101;
inline constexpr Block kHighs = 0x8080808080808080;

inline Block BelowOrBeyond(Block block, unsigned char least) {
  return ((block - kOnes * least) | block) & kHighs;
}
inline Block HasByte(Block block, unsigned char byte) {
  const Block zeroed = block ^ kOnes * byte;
  return (zeroed - kOnes) & ~zeroed & kHighs;
}
inline Block Beyond(Block block) { return block & kHighs; }
#endif

// Steps over whole blocks while `stops` is zero for them.
template <typename Stops>
std::size_t SkipBlocks(std::string_view text, std::size_t at, Stops stops) {
  for (Block block; at + sizeof(block) <= text.size(); at += sizeof(block)) {
    std::memcpy(&block, text.data() + at, sizeof(block));
    if (stops(block) != 0) break;
  }
  return at;
}

}  // namespace ascii_run

// How many bytes from `begin` on are ASCII.
inline std::size_t AsciiRun(std::string_view text, std::size_t begin) {
  std::size_t at = ascii_run::SkipBlocks(
      text, begin, [](ascii_run::Block block) { return ascii_run::Beyond(block); });
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at - begin;
}

// How many bytes from `begin` on are ASCII from `least` to '~'.
inline std::size_t PrintableRun(std::string_view text, std::size_t begin, unsigned char least) {
  std::size_t at = ascii_run::SkipBlocks(text, begin, [least](ascii_run::Block block) {
    return ascii_run::BelowOrBeyond(block, least) | ascii_run::HasByte(block, 0x7f);
  });
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= least && text[at] != 0x7f &&
         static_cast<unsigned char>(text[at]) < 0x80) {
    ++at;
  }
  return at - begin;
}

}  // namespace dbxes
