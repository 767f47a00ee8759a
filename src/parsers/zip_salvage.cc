// SPDX-License-Identifier: Apache-2.0
#include "parsers/zip_salvage.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

namespace dbxes::parsers {
namespace {

constexpr std::string_view kEntryMark = "PK\3\4";
constexpr std::string_view kDescriptorMark = "PK\7\x8";
constexpr std::string_view kDirectoryMark = "PK\1\2";
constexpr std::string_view kEndMark = "PK\5\6";
constexpr std::size_t kHeader = 30;          // bytes of an entry's header before its name
constexpr std::size_t kBareDescriptor = 12;  // bytes of a data descriptor without its mark
constexpr std::uint32_t kSizesFollow = 0x08;
constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();  // as in Zip64

std::uint32_t Read(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t byte = count; byte > 0; --byte) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + byte - 1]);
  }
  return value;
}

void Put(std::uint64_t value, std::size_t count, std::string& out) {
  for (std::size_t byte = 0; byte < count; ++byte) {
    out += static_cast<char>(value >> (8 * byte) & 0xff);
  }
}

struct Entry {
  std::size_t at = 0;
  std::size_t data = 0;
  std::string_view name;
  std::uint32_t checksum = 0;
  std::uint32_t packed = 0;
  std::uint32_t size = 0;
  std::size_t end = 0;  // of its data and descriptor
};

// The sizes of an entry that was written as a stream are behind its data. Every mark may be a part
// of the data instead, so that only a descriptor with the right size counts.
bool ReadDescriptor(std::string_view bytes, Entry& entry) {
  for (std::size_t at = bytes.find("PK", entry.data); at != std::string_view::npos;
       at = bytes.find("PK", at + 1)) {
    const std::string_view mark = bytes.substr(at, 4);
    const bool marked = mark == kDescriptorMark;
    if (!marked && mark != kEntryMark && mark != kDirectoryMark) continue;
    if (!marked && at < entry.data + kBareDescriptor) continue;
    const std::size_t values = marked ? at + 4 : at - kBareDescriptor;
    if (values + kBareDescriptor > bytes.size()) return false;
    const std::size_t data_end = marked ? at : values;
    if (Read(bytes, values + 4, 4) != data_end - entry.data) continue;
    entry.checksum = Read(bytes, values, 4);
    entry.packed = Read(bytes, values + 4, 4);
    entry.size = Read(bytes, values + 8, 4);
    entry.end = values + kBareDescriptor;
    return true;
  }
  return false;
}

// Nothing if the header itself is incomplete.
std::optional<Entry> ReadEntry(std::string_view bytes, std::size_t at) {
  if (bytes.size() - at < kHeader) return std::nullopt;
  const std::size_t name_bytes = Read(bytes, at + 26, 2);
  Entry entry;
  entry.at = at;
  entry.data = at + kHeader + name_bytes + Read(bytes, at + 28, 2);
  if (entry.data > bytes.size()) return std::nullopt;
  entry.name = bytes.substr(at + kHeader, name_bytes);
  entry.checksum = Read(bytes, at + 14, 4);
  entry.packed = Read(bytes, at + 18, 4);
  entry.size = Read(bytes, at + 22, 4);
  const bool follow = (Read(bytes, at + 6, 2) & kSizesFollow) != 0 && entry.packed == 0;
  const bool unknown = follow || entry.packed == kUnknown;
  if (unknown && ReadDescriptor(bytes, entry)) return entry;
  const std::size_t rest = bytes.size() - entry.data;
  if (unknown || entry.packed > rest) entry.packed = static_cast<std::uint32_t>(rest);
  entry.end = entry.data + entry.packed;
  return entry;
}

void PutDirectoryEntry(std::string_view bytes, const Entry& entry, std::string& out) {
  out += kDirectoryMark;
  Put(20, 2, out);                        // made by version 2.0
  out += bytes.substr(entry.at + 4, 10);  // version, flags, method, time and date
  Put(entry.checksum, 4, out);
  Put(entry.packed, 4, out);
  Put(entry.size, 4, out);
  Put(entry.name.size(), 2, out);
  out.append(12, '\0');  // no extra fields and comment; first disk; no attributes
  Put(entry.at, 4, out);
  out += entry.name;
}

}  // namespace

std::string WithNewDirectory(std::string_view bytes, std::uint64_t max_entries) {
  if (bytes.size() >= kUnknown) return "";
  const std::uint64_t most =
      std::min<std::uint64_t>(max_entries, std::numeric_limits<std::uint16_t>::max() - 1);
  std::string directory;
  std::uint64_t count = 0;
  std::size_t end = 0;
  for (std::size_t at = bytes.find(kEntryMark); at != std::string_view::npos && count < most;
       at = bytes.find(kEntryMark, end)) {
    const auto entry = ReadEntry(bytes, at);
    if (!entry) break;
    PutDirectoryEntry(bytes, *entry, directory);
    ++count;
    end = entry->end;
  }
  if (count == 0) return "";
  std::string whole;
  whole.reserve(end + directory.size() + 22);
  whole += bytes.substr(0, end);
  whole += directory;
  whole += kEndMark;
  Put(0, 4, whole);  // one disk
  Put(count, 2, whole);
  Put(count, 2, whole);
  Put(directory.size(), 4, whole);
  Put(end, 4, whole);
  Put(0, 2, whole);  // no comment
  return whole;
}

}  // namespace dbxes::parsers
