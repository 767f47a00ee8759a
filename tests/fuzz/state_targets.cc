// SPDX-License-Identifier: Apache-2.0
// The state in the cluster: anyone who may write to its index can store anything there.
#include <string>

#include "fuzz/fuzz_target.h"
#include "state/state_document.h"

namespace dbxes::fuzz {
namespace {

constexpr Milliseconds kDay{24 * 3'600'000};

void CheckBounds(const state::StateDocument& document) {
  const state::Holder& holder = document.holder;
  Require(holder.lease >= Milliseconds(0) && holder.lease <= kDay, "a lease is at most a day");
  Require(holder.Describe().size() < 1024, "a holder is described in a line");
  for (const auto& [name, part] : document.parts) {
    for (const state::ChunkRef& chunk : part.chunks) {
      Require(chunk.bytes > 0 && chunk.bytes <= state::kMostOfChunk, "a chunk is small");
      Require(chunk.id.starts_with(state::kChunkPrefix), "a chunk is no other document");
    }
  }
  for (const std::string& id : document.garbage) {
    Require(id.starts_with(state::kChunkPrefix), "only chunks are deleted");
  }
}

void ReadState(std::string_view bytes) {
  const auto json = ParseJson(bytes, "source");
  if (!json) return;
  const auto read = state::ReadDocument(*json, "dbx-es-docs");
  if (!read) {
    Require(!read.error().message.empty(), "damage has a message");
    return;
  }
  CheckBounds(*read);
  const std::string written = state::Serialize(*read, "docs");
  const auto source = ParseJson(written, "source");
  Require(source.has_value(), "what is written is JSON");
  const auto again = state::ReadDocument(*source, "dbx-es-docs");
  Require(again && state::Serialize(*again, "docs") == written,
          "a state that was written is read as it is");
}

const Registration state_document("state_document", ReadState);

}  // namespace
}  // namespace dbxes::fuzz
