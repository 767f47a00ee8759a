// SPDX-License-Identifier: Apache-2.0
#include "elastic/index_block.h"

#include <doctest/doctest.h>

namespace dbxes::elastic {

// The reasons are those of Elasticsearch 9.5.3.
TEST_CASE("a block is known by its number, and says how it is removed") {
  struct Row {
    const char* reason;
    IndexBlock block;
    bool passes;
    const char* says;
  };
  const Row rows[] = {
      {"index [docs] blocked by: [FORBIDDEN/5/index read-only (api)];", IndexBlock::kReadOnly,
       false, R"(PUT /docs/_settings {"index.blocks.read_only":null})"},
      {"index [docs] blocked by: [FORBIDDEN/8/index write (api)];", IndexBlock::kWrite, false,
       R"(index docs refuses writes, because index.blocks.write is set)"},
      {"index [docs] blocked by: [FORBIDDEN/7/index read (api)];", IndexBlock::kRead, false,
       "refuses to be read"},
      {"index [docs] blocked by: [FORBIDDEN/9/index metadata (api)];", IndexBlock::kMetadata, false,
       "index.blocks.metadata"},
      {"blocked by: [FORBIDDEN/6/cluster read-only (api)];", IndexBlock::kClusterReadOnly, false,
       R"(PUT /_cluster/settings {"persistent":{"cluster.blocks.read_only":null})"},
      {"blocked by: [FORBIDDEN/13/cluster read-only / allow delete (api)];",
       IndexBlock::kClusterReadOnlyAllowDelete, false, "cluster.blocks.read_only_allow_delete"},
      {"index [docs] blocked by: [FORBIDDEN/4/index closed];", IndexBlock::kClosed, false,
       "index docs is closed: open it with POST /docs/_open"},
      {"index [docs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
       "index has read-only-allow-delete block; for more information, see "
       "https://x/fix?version=9];",
       IndexBlock::kFullDisk, true, "disk of the cluster is full"},
      {"blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];", IndexBlock::kOther,
       true, "blocked for now"},
      {"", IndexBlock::kOther, true, "blocked for now"},
      // Somebody has to remove the second one.
      {"index [docs] blocked by: [TOO_MANY_REQUESTS/12/disk];[FORBIDDEN/8/index write (api)];",
       IndexBlock::kWrite, false, "index.blocks.write"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.reason);
    const IndexBlock block = BlockIn(row.reason);
    CHECK(block == row.block);
    CHECK(PassesByItself(block) == row.passes);
    const std::string sentence = BlockSentence(block, "docs");
    CAPTURE(sentence);
    CHECK(sentence.find(row.says) != std::string::npos);
  }
}

TEST_CASE("without the name of the index, the command has a place for it") {
  CHECK(BlockSentence(IndexBlock::kClosed, "") ==
        "the index is closed: open it with POST /INDEX/_open");
}

}  // namespace dbxes::elastic
