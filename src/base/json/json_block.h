// SPDX-License-Identifier: Apache-2.0
// Finds the bytes that a JSON string must escape, one block at a time: readers and writers step
// over all other bytes at once.
#pragma once

#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace dbxes {

inline constexpr std::size_t kJsonBlock = 16;

// Bit i is set when byte i of a block is a quote, a backslash or a control character.
inline unsigned SpecialBytes(const char* block) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(
      _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
#else
  unsigned special = 0;
  for (std::size_t at = 0; at < kJsonBlock; ++at) {
    const auto byte = static_cast<unsigned char>(block[at]);
    special |= static_cast<unsigned>(byte < 0x20 || byte == '"' || byte == '\\') << at;
  }
  return special;
#endif
}

// Bit i is set when byte i is the same in both.
inline unsigned EqualBytes(const char* block, const char* other) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  const __m128i others = _mm_loadu_si128(reinterpret_cast<const __m128i*>(other));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, others)));
#else
  unsigned equal = 0;
  for (std::size_t at = 0; at < kJsonBlock; ++at) {
    equal |= static_cast<unsigned>(block[at] == other[at]) << at;
  }
  return equal;
#endif
}

// Returns the number of bytes of a block before the first special byte.
inline std::size_t PlainBytes(const char* block) {
  return static_cast<std::size_t>(__builtin_ctz(SpecialBytes(block) | 1U << kJsonBlock));
}

}  // namespace dbxes
