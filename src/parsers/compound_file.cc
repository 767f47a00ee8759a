// SPDX-License-Identifier: Apache-2.0
#include "parsers/compound_file.h"

#include <algorithm>

#include "base/ascii.h"

namespace dbxes::parsers {
namespace {

constexpr std::string_view kMark = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
// The header ([MS-CFB] 2.2).
constexpr std::size_t kSectorShift = 0x1e;
constexpr std::size_t kDirectoryStart = 0x30;
constexpr std::size_t kSmallTableStart = 0x3c;
constexpr std::size_t kTableListStart = 0x44;
constexpr std::size_t kTableList = 0x4c;
constexpr std::size_t kTablesInHeader = 109;

constexpr std::size_t kSmallSector = 64;
constexpr std::uint64_t kSmallerThan = 4096;  // streams in small sectors
constexpr std::uint32_t kLastSector = 0xfffffffa;
constexpr std::uint32_t kNoEntry = 0xffffffff;

// An entry of the directory (2.6.1).
constexpr std::size_t kEntryBytes = 128;
constexpr std::size_t kNameLength = 0x40;
constexpr std::size_t kKind = 0x42;
constexpr std::size_t kLeft = 0x44;
constexpr std::size_t kRight = 0x48;
constexpr std::size_t kChild = 0x4c;
constexpr std::size_t kStart = 0x74;
constexpr std::size_t kSize = 0x78;

std::string NameFrom(LittleEndian entry) {
  std::string name;
  const std::size_t length = std::min<std::size_t>(entry.U16(kNameLength), kNameLength) / 2;
  for (std::size_t at = 0; at + 1 < length; ++at) {
    const std::uint16_t unit = entry.U16(2 * at);
    name += unit < 0x80 ? static_cast<char>(unit) : '?';
  }
  return name;
}

void AppendNumbers(std::string_view sector, std::vector<std::uint32_t>& numbers) {
  const LittleEndian view(sector);
  for (std::size_t at = 0; at + 4 <= sector.size(); at += 4) numbers.push_back(view.U32(at));
}

}  // namespace

bool IsCompoundFile(std::string_view bytes) { return bytes.starts_with(kMark.substr(0, 4)); }

Parsed<CompoundFile> CompoundFile::Open(std::string_view bytes, const ParseLimits& limits) {
  if (!bytes.starts_with(kMark)) return tl::unexpected(Unreadable::kDamaged);
  CompoundFile file(bytes);
  const std::uint16_t shift = file.file_.U16(kSectorShift);
  if (shift != 9 && shift != 12) return tl::unexpected(Unreadable::kDamaged);
  file.sector_bytes_ = std::size_t{1} << shift;
  file.ReadTable();
  file.ReadDirectory(limits.max_entries);
  if (file.entries_.empty()) return tl::unexpected(Unreadable::kDamaged);
  AppendNumbers(file.Chain(file.file_.U32(kSmallTableStart), bytes.size()), file.small_next_);
  file.small_sectors_ = file.Chain(file.entries_[kRoot].start, file.entries_[kRoot].size);
  return file;
}

// The last sector may be cut off.
std::string_view CompoundFile::Sector(std::uint32_t number) const {
  return file_.Sub((std::size_t{number} + 1) * sector_bytes_, sector_bytes_).bytes();
}

// Sectors with the table are listed in the header, and in a chain of sectors of their own.
void CompoundFile::ReadTable() {
  const std::size_t most = file_.size() / sector_bytes_ + 1;  // sectors of the file
  const auto add = [this](std::uint32_t sector) {
    if (sector >= kLastSector) return;
    const std::size_t end = next_.size() + sector_bytes_ / 4;
    AppendNumbers(Sector(sector), next_);
    next_.resize(end, kNoEntry);  // one that is cut off must not shift those after it
  };
  for (std::size_t at = 0; at < kTablesInHeader && next_.size() <= most; ++at) {
    add(file_.U32(kTableList + 4 * at));
  }
  std::uint32_t list = file_.U32(kTableListStart);
  for (std::size_t lists = 0; list < kLastSector && lists < most; ++lists) {
    const LittleEndian numbers(Sector(list));
    if (numbers.size() < sector_bytes_) break;
    for (std::size_t at = 0; at + 4 < sector_bytes_ && next_.size() <= most; at += 4) {
      add(numbers.U32(at));
    }
    list = numbers.U32(sector_bytes_ - 4);
  }
}

std::string CompoundFile::Chain(std::uint32_t first, std::uint64_t size) const {
  std::string bytes;
  std::size_t left = next_.size() + 1;  // a longer chain meets itself
  for (std::uint32_t sector = first; sector < next_.size() && left > 0 && bytes.size() < size;
       sector = next_[sector], --left) {
    const std::string_view piece = Sector(sector);
    if (piece.empty()) break;
    bytes += piece;
  }
  if (bytes.size() > size) bytes.resize(size);
  return bytes;
}

std::string CompoundFile::SmallChain(std::uint32_t first, std::uint64_t size) const {
  std::string bytes;
  std::size_t left = small_next_.size() + 1;
  for (std::uint32_t sector = first; sector < small_next_.size() && left > 0 && bytes.size() < size;
       sector = small_next_[sector], --left) {
    const std::size_t at = std::size_t{sector} * kSmallSector;
    if (at >= small_sectors_.size()) break;
    bytes.append(small_sectors_, at, kSmallSector);
  }
  if (bytes.size() > size) bytes.resize(size);
  return bytes;
}

void CompoundFile::ReadDirectory(std::uint64_t most_entries) {
  const std::string directory = Chain(file_.U32(kDirectoryStart), most_entries * kEntryBytes);
  for (std::size_t at = 0; at + kEntryBytes <= directory.size(); at += kEntryBytes) {
    const LittleEndian raw = LittleEndian(directory).Sub(at, kEntryBytes);
    Entry entry;
    entry.name = NameFrom(raw);
    entry.used = raw.U8(kKind) != 0;
    entry.left = raw.U32(kLeft);
    entry.right = raw.U32(kRight);
    entry.child = raw.U32(kChild);
    entry.start = raw.U32(kStart);
    // With sectors of 512 bytes, the upper half of the size may be anything.
    entry.size = sector_bytes_ == 512 ? raw.U32(kSize) : raw.U64(kSize);
    entries_.push_back(std::move(entry));
  }
}

// Walks the tree without recursion; an entry that is met twice is left out.
std::vector<CompoundFile::Id> CompoundFile::Children(Id storage) const {
  std::vector<Id> found;
  std::vector<Id> path;
  std::vector<bool> seen(entries_.size());
  Id at = entries_[storage].child;
  const auto usable = [&](Id id) { return id < entries_.size() && !seen[id] && entries_[id].used; };
  while (usable(at) || !path.empty()) {
    while (usable(at)) {
      seen[at] = true;
      path.push_back(at);
      at = entries_[at].left;
    }
    found.push_back(path.back());
    at = entries_[path.back()].right;
    path.pop_back();
  }
  return found;
}

std::optional<CompoundFile::Id> CompoundFile::Find(Id storage, std::string_view name) const {
  for (const Id id : Children(storage)) {
    if (EqualIgnoringCase(entries_[id].name, name)) return id;
  }
  return std::nullopt;
}

CompoundFile::Stream CompoundFile::Read(Id stream) const {
  const Entry& entry = entries_[stream];
  Stream read;
  read.bytes = entry.size < kSmallerThan ? SmallChain(entry.start, entry.size)
                                         : Chain(entry.start, entry.size);
  read.whole = read.bytes.size() == entry.size;
  return read;
}

CompoundFile::Stream CompoundFile::Read(Id storage, std::string_view name) const {
  const auto found = Find(storage, name);
  return found ? Read(*found) : Stream();
}

}  // namespace dbxes::parsers
