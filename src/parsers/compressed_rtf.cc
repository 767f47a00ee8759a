// SPDX-License-Identifier: Apache-2.0
#include "parsers/compressed_rtf.h"

#include <algorithm>

#include "parsers/little_endian.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kHead = 16;
constexpr std::size_t kRawSize = 4;
constexpr std::size_t kCompression = 8;
constexpr std::uint32_t kCompressed = 0x75465a4c;
constexpr std::uint32_t kPlain = 0x414c454d;
constexpr std::size_t kDictionary = 4096;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
// What every text may refer to ([MS-OXRTFCP] 2.1.2.1).
constexpr std::string_view kPrefix =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
    "\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0"
    "\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kPrefix.size() == 207);

}  // namespace

std::string DecompressRtf(std::string_view bytes) {
  const LittleEndian in(bytes);
  const std::size_t size = std::min<std::size_t>(in.U32(kRawSize), kMostBytes);
  if (in.U32(kCompression) == kPlain) return std::string(in.Sub(kHead, size).bytes());
  if (in.U32(kCompression) != kCompressed) return "";
  // The dictionary is the last 4 KiB of what is written.
  std::string out(kPrefix);
  const std::size_t end = kPrefix.size() + size;
  std::size_t at = kHead;
  while (out.size() < end && at < in.size()) {
    const std::uint8_t controls = in.U8(at++);
    for (int bit = 0; bit < 8 && out.size() < end && at < in.size(); ++bit) {
      if ((controls >> bit & 1) == 0) {
        out += static_cast<char>(in.U8(at++));
        continue;
      }
      // Twelve bits of a place, high byte first, and four of a length.
      const std::size_t pair = std::size_t{in.U8(at)} << 8 | in.U8(at + 1);
      at += 2;
      const std::size_t place = pair >> 4;
      const std::size_t now = out.size() % kDictionary;
      if (place == now) return out.substr(kPrefix.size());  // the mark of the end
      const std::size_t back = (now + kDictionary - place) % kDictionary;
      if (back > out.size()) return out.substr(kPrefix.size());
      for (std::size_t count = (pair & 0xf) + 2; count > 0; --count) out += out[out.size() - back];
    }
  }
  return out.substr(kPrefix.size());
}

}  // namespace dbxes::parsers
