// SPDX-License-Identifier: Apache-2.0
#include "parsers/summary_information.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "content/charset.h"
#include "parsers/code_pages.h"
#include "parsers/properties.h"

namespace dbxes::parsers {
namespace {

constexpr std::string_view kStream("\x05SummaryInformation", 19);
constexpr std::size_t kFirstSetOffset = 0x2c;
constexpr std::size_t kMostProperties = 1000;
constexpr std::size_t kMostBytes = 4096;  // of a value
// Identifiers and types ([MS-OLEPS] 2.15 and 2.18.1; PIDSI_TITLE and PIDSI_AUTHOR).
constexpr std::uint32_t kCodePage = 1;
constexpr std::uint32_t kTitle = 2;
constexpr std::uint32_t kAuthor = 4;
constexpr std::uint16_t kBytes = 0x1e;  // in the code page of the set
constexpr std::uint16_t kWide = 0x1f;

class PropertySet {
 public:
  explicit PropertySet(LittleEndian set) : set_(set) {
    const std::size_t page = Find(kCodePage);
    if (page != 0) page_ = set_.U16(page + 4);
  }

  std::string Text(std::uint32_t id) const {
    const std::size_t at = Find(id);
    if (at == 0) return "";
    const std::uint16_t type = set_.U16(at);
    const bool wide = type == kWide || (type == kBytes && page_ == kUtf16Page);
    if (type != kBytes && type != kWide) return "";
    const std::size_t length = std::min<std::size_t>(set_.U32(at + 4), kMostBytes);
    const std::string_view bytes = set_.Sub(at + 8, type == kWide ? 2 * length : length).bytes();
    const std::string text =
        content::FromCharset(bytes, CharsetOfCodePage(wide ? kUtf16Page : page_));
    return CleanProperty(text.substr(0, text.find('\0')));
  }

 private:
  // Where the property begins, 0 if there is none.
  std::size_t Find(std::uint32_t id) const {
    const std::size_t count = std::min<std::size_t>(set_.U32(4), kMostProperties);
    for (std::size_t property = 0; property < count; ++property) {
      if (set_.U32(8 + 8 * property) == id) return set_.U32(12 + 8 * property);
    }
    return 0;
  }

  LittleEndian set_;
  unsigned page_ = kWesternPage;
};

}  // namespace

DocumentProperties ReadSummaryInformation(const CompoundFile& file) {
  const CompoundFile::Stream stream = file.Read(CompoundFile::kRoot, kStream);
  const LittleEndian bytes(stream.bytes);
  if (bytes.size() < kFirstSetOffset + 4) return {};
  const PropertySet set(bytes.Sub(bytes.U32(kFirstSetOffset)));
  return {set.Text(kTitle), set.Text(kAuthor), ""};
}

}  // namespace dbxes::parsers
