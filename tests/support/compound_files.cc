// SPDX-License-Identifier: Apache-2.0
#include "support/compound_files.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace dbxes::parsers {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kSmall = 64;
constexpr std::size_t kSmallerThan = 4096;
constexpr std::uint32_t kEnd = 0xfffffffe;
constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::uint32_t kTableSector = 0xfffffffd;

struct Node {
  std::string name;
  bool storage = false;
  std::uint32_t right = kNone;
  std::uint32_t child = kNone;
  std::uint32_t start = kEnd;
  std::size_t size = 0;
};

class Builder {
 public:
  std::string Build(const std::map<std::string, std::string>& streams) {
    nodes_.push_back({"Root Entry", true});
    for (const auto& [path, bytes] : streams) AddStream(path, bytes);
    nodes_[0].size = small_.size();
    nodes_[0].start = AddSectors(small_);
    const std::string small_table = Numbers(small_next_);
    const std::uint32_t small_start = AddSectors(small_table);
    const std::uint32_t directory = AddSectors(Directory());
    const auto first_table = static_cast<std::uint32_t>(next_.size());
    // The sectors of the table are in the table.
    std::size_t tables = 1;
    while ((next_.size() + tables) * 4 > tables * kSector) ++tables;
    next_.insert(next_.end(), tables, kTableSector);
    std::string table = Numbers(next_);
    table.resize(tables * kSector, '\xff');
    return Header(directory, small_start, first_table, tables) + sectors_ + table;
  }

 private:
  static std::string Numbers(const std::vector<std::uint32_t>& numbers) {
    std::string bytes;
    for (const std::uint32_t number : numbers) bytes += LittleEndianOf(number, 4);
    return bytes;
  }
  std::uint32_t AddSectors(const std::string& bytes) {
    if (bytes.empty()) return kEnd;
    const auto first = static_cast<std::uint32_t>(next_.size());
    for (std::size_t at = 0; at < bytes.size(); at += kSector) {
      std::string sector = bytes.substr(at, kSector);
      sector.resize(kSector);
      sectors_ += sector;
      next_.push_back(static_cast<std::uint32_t>(next_.size() + 1));
    }
    next_.back() = kEnd;
    return first;
  }
  std::uint32_t AddSmall(const std::string& bytes) {
    if (bytes.empty()) return kEnd;
    const auto first = static_cast<std::uint32_t>(small_next_.size());
    for (std::size_t at = 0; at < bytes.size(); at += kSmall) {
      std::string sector = bytes.substr(at, kSmall);
      sector.resize(kSmall);
      small_ += sector;
      small_next_.push_back(static_cast<std::uint32_t>(small_next_.size() + 1));
    }
    small_next_.back() = kEnd;
    return first;
  }
  std::size_t AddNode(std::size_t parent, const std::string& name, bool storage) {
    for (std::uint32_t at = nodes_[parent].child; at != kNone; at = nodes_[at].right) {
      if (nodes_[at].name == name) return at;
    }
    nodes_.push_back({name, storage});
    const auto added = static_cast<std::uint32_t>(nodes_.size() - 1);
    nodes_[added].right = nodes_[parent].child;
    nodes_[parent].child = added;
    return added;
  }
  void AddStream(const std::string& path, const std::string& bytes) {
    std::size_t parent = 0;
    std::size_t begin = 0;
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', begin)) {
      parent = AddNode(parent, path.substr(begin, slash - begin), true);
      begin = slash + 1;
    }
    const std::size_t node = AddNode(parent, path.substr(begin), false);
    nodes_[node].size = bytes.size();
    nodes_[node].start = bytes.size() < kSmallerThan ? AddSmall(bytes) : AddSectors(bytes);
  }
  std::string Directory() const {
    std::string bytes;
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
      const Node& node = nodes_[at];
      std::string entry = Wide(node.name);
      entry.resize(64);
      entry += LittleEndianOf(2 * (node.name.size() + 1), 2);
      entry += static_cast<char>(at == 0 ? 5 : node.storage ? 1 : 2);
      entry += '\1';
      entry +=
          LittleEndianOf(kNone, 4) + LittleEndianOf(node.right, 4) + LittleEndianOf(node.child, 4);
      entry.resize(0x74);
      entry += LittleEndianOf(node.start, 4) + LittleEndianOf(node.size, 8);
      bytes += entry;
    }
    return bytes;
  }
  static std::string Header(std::uint32_t directory, std::uint32_t small_start,
                            std::uint32_t first_table, std::size_t tables) {
    std::string header("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
    header.resize(0x18);
    header += LittleEndianOf(0x3e, 2) + LittleEndianOf(3, 2) + LittleEndianOf(0xfffe, 2) +
              LittleEndianOf(9, 2) + LittleEndianOf(6, 2);
    header.resize(0x2c);
    header += LittleEndianOf(tables, 4) + LittleEndianOf(directory, 4) + LittleEndianOf(0, 4) +
              LittleEndianOf(kSmallerThan, 4) + LittleEndianOf(small_start, 4) +
              LittleEndianOf(1, 4) + LittleEndianOf(kEnd, 4) + LittleEndianOf(0, 4);
    for (std::size_t at = 0; at < 109; ++at) {
      header += LittleEndianOf(at < tables ? first_table + at : kNone, 4);
    }
    return header;
  }

  std::vector<Node> nodes_;
  std::string sectors_;
  std::vector<std::uint32_t> next_;
  std::string small_;
  std::vector<std::uint32_t> small_next_;
};

}  // namespace

std::string CompoundOf(const std::map<std::string, std::string>& streams) {
  return Builder().Build(streams);
}

std::string LittleEndianOf(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t byte = 0; byte < bytes; ++byte) {
    out += static_cast<char>(value >> (8 * byte) & 0xff);
  }
  return out;
}

std::string Wide(const std::string& latin) {
  std::string wide;
  for (const char c : latin) (wide += c) += '\0';
  return wide;
}

std::string WordDocument(const std::string& one_byte, const std::string& wide) {
  constexpr std::size_t kText = 0x400;
  std::string document = LittleEndianOf(0xa5ec, 2) + LittleEndianOf(0xc1, 2);
  document.resize(0x1a2);
  document += LittleEndianOf(8, 4) + LittleEndianOf(5 + 28 + 5, 4);
  document.resize(kText);
  document += one_byte + wide;
  const std::size_t second = one_byte.size() + wide.size() / 2;
  const std::string pieces =
      LittleEndianOf(0, 4) + LittleEndianOf(one_byte.size(), 4) + LittleEndianOf(second, 4) +
      LittleEndianOf(0, 2) + LittleEndianOf(kText * 2 | 0x40000000, 4) + LittleEndianOf(0, 2) +
      LittleEndianOf(0, 2) + LittleEndianOf(kText + one_byte.size(), 4) + LittleEndianOf(0, 2);
  const std::string table = std::string(8, 'x') + "\1" + LittleEndianOf(2, 2) + "zz" + "\2" +
                            LittleEndianOf(pieces.size(), 4) + pieces;
  return CompoundOf({{"WordDocument", document}, {"0Table", table}});
}

}  // namespace dbxes::parsers
