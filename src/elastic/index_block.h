// SPDX-License-Identifier: Apache-2.0
// Blocks on an index, which refuse requests (Elasticsearch: Index blocks): how an error names them,
// which of them pass by themselves, and how an administrator removes the others. No I/O.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::elastic {

enum class IndexBlock {
  kClosed,
  kReadOnly,         // index.blocks.read_only
  kWrite,            // index.blocks.write
  kRead,             // index.blocks.read
  kMetadata,         // index.blocks.metadata
  kClusterReadOnly,  // cluster.blocks.read_only
  kClusterReadOnlyAllowDelete,
  kFullDisk,  // index.blocks.read_only_allow_delete: set and removed by the cluster
  kOther,     // the cluster starts or has no master
};

// The block in the reason of a cluster_block_exception: "index [docs] blocked by:
// [FORBIDDEN/8/index write (api)];". Of several, one that does not pass by itself.
IndexBlock BlockIn(std::string_view reason);
bool PassesByItself(IndexBlock block);
// What is wrong and what to do. `index` may be "".
std::string BlockSentence(IndexBlock block, std::string_view index);
// The command that gives a setting of the index its default.
std::string ResetSetting(std::string_view index, std::string_view setting);

}  // namespace dbxes::elastic
