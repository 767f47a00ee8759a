// SPDX-License-Identifier: Apache-2.0
// Reads a compound file ([MS-CFB]): storages and streams within one file, as Office wrote them
// before 2007 and Outlook still does. What the file says about its sizes and chains is not trusted:
// a chain of sectors ends where it would meet itself or leave the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/little_endian.h"
#include "parsers/parsed_document.h"

namespace dbxes::parsers {

bool IsCompoundFile(std::string_view bytes);

class CompoundFile {
 public:
  // The number of a storage or stream in the directory.
  using Id = std::uint32_t;
  static constexpr Id kRoot = 0;

  struct Stream {
    std::string bytes;
    bool whole = true;  // as long as the directory says
  };

  // `bytes` must outlive it.
  static Parsed<CompoundFile> Open(std::string_view bytes, const ParseLimits& limits);

  // What is directly in a storage, in the order of the directory's tree.
  std::vector<Id> Children(Id storage) const;
  // Names are compared case-insensitively.
  std::optional<Id> Find(Id storage, std::string_view name) const;
  // ASCII of the name; other characters are "?".
  const std::string& NameOf(Id id) const { return entries_[id].name; }

  // The bytes of a stream, of a damaged one those up to the damage.
  Stream Read(Id stream) const;
  // The same by name; empty if there is none.
  Stream Read(Id storage, std::string_view name) const;

 private:
  struct Entry {
    std::string name;
    bool used = false;
    Id left = 0;
    Id right = 0;
    Id child = 0;
    std::uint32_t start = 0;  // its first sector
    std::uint64_t size = 0;
  };

  explicit CompoundFile(std::string_view bytes) : file_(bytes) {}
  void ReadTable();
  void ReadDirectory(std::uint64_t most_entries);
  std::string_view Sector(std::uint32_t number) const;
  // Follows a chain of `table` and joins at most `size` bytes.
  std::string Chain(std::uint32_t first, std::uint64_t size) const;
  std::string SmallChain(std::uint32_t first, std::uint64_t size) const;

  LittleEndian file_;
  std::size_t sector_bytes_ = 512;
  std::vector<std::uint32_t> next_;        // the sector after each, FAT
  std::vector<std::uint32_t> small_next_;  // the same for the small sectors
  std::string small_sectors_;
  std::vector<Entry> entries_;
};

}  // namespace dbxes::parsers
