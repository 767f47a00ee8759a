// SPDX-License-Identifier: Apache-2.0
#include "content/multibyte_guess.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"

namespace dbxes::content {
namespace {

using Byte = unsigned char;

enum class Kind : std::uint8_t {
  kInvalid,
  kSingle,    // a character of one byte beyond ASCII
  kRare,      // valid
  kFrequent,  // of the level of its standard that everyday text uses, and punctuation
  kKana,      // as frequent, and of Japanese alone
};

constexpr bool In(Byte byte, Byte first, Byte last) { return byte >= first && byte <= last; }

Kind ShiftJis(Byte lead, Byte trail) {
  if (In(lead, 0xa1, 0xdf)) return Kind::kSingle;
  const bool valid = In(trail, 0x40, 0x7e) || In(trail, 0x80, 0xfc);
  if (!valid || !(In(lead, 0x81, 0x9f) || In(lead, 0xe0, 0xfc))) return Kind::kInvalid;
  if (lead == 0x82 && trail >= 0x9f) return Kind::kKana;
  if (lead == 0x83 && trail <= 0x96) return Kind::kKana;
  return In(lead, 0x81, 0x97) ? Kind::kFrequent : Kind::kRare;
}

Kind EucJp(Byte lead, Byte trail) {
  if (lead == 0x8e) return In(trail, 0xa1, 0xdf) ? Kind::kRare : Kind::kInvalid;
  if (!In(lead, 0xa1, 0xfe) || !In(trail, 0xa1, 0xfe)) return Kind::kInvalid;
  if (lead == 0xa4 || lead == 0xa5) return Kind::kKana;
  return lead <= 0xcf ? Kind::kFrequent : Kind::kRare;
}

Kind Chinese(Byte lead, Byte trail) {
  if (!In(lead, 0x81, 0xfe)) return Kind::kInvalid;
  if (!In(trail, 0x40, 0x7e) && !In(trail, 0x80, 0xfe)) return Kind::kInvalid;
  const bool frequent = In(lead, 0xb0, 0xd7) || In(lead, 0xa1, 0xa3);
  return frequent && trail >= 0xa1 ? Kind::kFrequent : Kind::kRare;
}

Kind Korean(Byte lead, Byte trail) {
  if (!In(lead, 0x81, 0xfe)) return Kind::kInvalid;
  const bool letters = In(trail, 0x41, 0x5a) || In(trail, 0x61, 0x7a);
  if (!letters && !In(trail, 0x81, 0xfe)) return Kind::kInvalid;
  const bool frequent = In(lead, 0xb0, 0xc8) || In(lead, 0xa1, 0xa3);
  return frequent && trail >= 0xa1 ? Kind::kFrequent : Kind::kRare;
}

Kind Big5(Byte lead, Byte trail) {
  if (!In(lead, 0x81, 0xfe)) return Kind::kInvalid;
  if (!In(trail, 0x40, 0x7e) && !In(trail, 0xa1, 0xfe)) return Kind::kInvalid;
  return In(lead, 0xa1, 0xc6) ? Kind::kFrequent : Kind::kRare;
}

struct Candidate {
  const char* charset;
  Kind (*kind)(Byte lead, Byte trail);
  std::size_t least_kana;      // in a hundred characters
  std::size_t least_frequent;  // the same
};
// What demands more comes first: all of them accept most pairs of the others.
constexpr std::array kCandidates{
    Candidate{"CP932", ShiftJis, 10, 70}, Candidate{"EUC-JP-MS", EucJp, 10, 80},
    Candidate{"CP949", Korean, 0, 85},    Candidate{"GB18030", Chinese, 0, 75},
    Candidate{"BIG5-HKSCS", Big5, 0, 75}, Candidate{"CP932", ShiftJis, 0, 90},
};
constexpr std::size_t kLeastCharacters = 2;

bool Fits(const Candidate& candidate, std::string_view bytes) {
  std::array<std::size_t, 5> counts{};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (IsAscii(bytes[at])) continue;
    const auto lead = static_cast<Byte>(bytes[at]);
    const Byte trail = at + 1 < bytes.size() ? static_cast<Byte>(bytes[at + 1]) : Byte{0};
    const Kind kind = candidate.kind(lead, trail);
    // The text may be cut within a character.
    if (kind == Kind::kInvalid && at + 1 < bytes.size()) return false;
    ++counts[static_cast<std::size_t>(kind)];
    if (kind != Kind::kSingle) ++at;
  }
  const std::size_t kana = counts[static_cast<std::size_t>(Kind::kKana)];
  const std::size_t frequent = counts[static_cast<std::size_t>(Kind::kFrequent)] + kana;
  const std::size_t all = frequent + counts[static_cast<std::size_t>(Kind::kRare)] +
                          counts[static_cast<std::size_t>(Kind::kSingle)];
  return all >= kLeastCharacters && kana * 100 >= candidate.least_kana * all &&
         frequent * 100 >= candidate.least_frequent * all;
}

}  // namespace

const char* GuessMultibyteCharset(std::string_view bytes) {
  for (const Candidate& candidate : kCandidates) {
    if (Fits(candidate, bytes)) return candidate.charset;
  }
  return "";
}

}  // namespace dbxes::content
