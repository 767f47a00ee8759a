// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_block.h"

#include <fmt/format.h>

#include <charconv>

namespace dbxes::elastic {
namespace {

// The numbers are those of IndexMetadata and Metadata in Elasticsearch's source.
struct Row {
  int number;
  IndexBlock block;
  std::string_view setting;
};
constexpr Row kRows[] = {
    {4, IndexBlock::kClosed, ""},
    {5, IndexBlock::kReadOnly, "index.blocks.read_only"},
    {6, IndexBlock::kClusterReadOnly, "cluster.blocks.read_only"},
    {7, IndexBlock::kRead, "index.blocks.read"},
    {8, IndexBlock::kWrite, "index.blocks.write"},
    {9, IndexBlock::kMetadata, "index.blocks.metadata"},
    {12, IndexBlock::kFullDisk, "index.blocks.read_only_allow_delete"},
    {13, IndexBlock::kClusterReadOnlyAllowDelete, "cluster.blocks.read_only_allow_delete"},
};

std::string_view SettingOf(IndexBlock block) {
  for (const Row& row : kRows) {
    if (row.block == block) return row.setting;
  }
  return "";
}

IndexBlock BlockOf(int number) {
  for (const Row& row : kRows) {
    if (row.number == number) return row.block;
  }
  return IndexBlock::kOther;
}

std::string NameOf(std::string_view index) {
  return index.empty() ? "the index" : fmt::format("index {}", index);
}

}  // namespace

IndexBlock BlockIn(std::string_view reason) {
  IndexBlock found = IndexBlock::kOther;
  for (std::size_t at = reason.find('/'); at != std::string_view::npos;
       at = reason.find('/', at + 1)) {
    int number = 0;
    const auto [end, problem] =
        std::from_chars(reason.data() + at + 1, reason.data() + reason.size(), number);
    const bool numbered =
        problem == std::errc() && end != reason.data() + reason.size() && *end == '/';
    if (!numbered) continue;
    found = BlockOf(number);
    if (!PassesByItself(found)) return found;
  }
  return found;
}

bool PassesByItself(IndexBlock block) {
  return block == IndexBlock::kFullDisk || block == IndexBlock::kOther;
}

std::string ResetSetting(std::string_view index, std::string_view setting) {
  return fmt::format("PUT /{}/_settings {{\"{}\":null}}", index.empty() ? "INDEX" : index, setting);
}

std::string BlockSentence(IndexBlock block, std::string_view index) {
  const std::string_view setting = SettingOf(block);
  switch (block) {
    case IndexBlock::kClosed:
      return fmt::format("{} is closed: open it with POST /{}/_open", NameOf(index),
                         index.empty() ? "INDEX" : index);
    case IndexBlock::kReadOnly:
    case IndexBlock::kWrite:
      return fmt::format("{} refuses writes, because {} is set: {}", NameOf(index), setting,
                         ResetSetting(index, setting));
    case IndexBlock::kRead:
    case IndexBlock::kMetadata:
      return fmt::format("{} refuses to be read, because {} is set: {}", NameOf(index), setting,
                         ResetSetting(index, setting));
    case IndexBlock::kClusterReadOnly:
    case IndexBlock::kClusterReadOnlyAllowDelete:
      return fmt::format(
          "the cluster refuses writes, because {} is set: PUT /_cluster/settings "
          "{{\"persistent\":{{\"{}\":null}},\"transient\":{{\"{}\":null}}}}",
          setting, setting, setting);
    case IndexBlock::kFullDisk:
      return fmt::format(
          "{} refuses writes, because a disk of the cluster is full ({}): make room; "
          "if the block stays, {}",
          NameOf(index), setting, ResetSetting(index, setting));
    case IndexBlock::kOther:
      break;
  }
  return fmt::format("{} is blocked for now", NameOf(index));
}

}  // namespace dbxes::elastic
