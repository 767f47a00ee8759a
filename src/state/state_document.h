// SPDX-License-Identifier: Apache-2.0
// The document in which the state of a target is kept in the cluster: who holds it, and its parts.
// Small parts are in it as a whole; larger ones are in chunks, documents of their own that never
// change. So one write replaces all parts at once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json/json.h"
#include "base/result.h"

namespace dbxes::state {

// A chunk has at most this many bytes, so that its document is below 1.5 MB.
inline constexpr std::size_t kMostOfChunk = std::size_t{1} << 20;
// All ids of chunks begin with it; the state document has another id.
inline constexpr std::string_view kChunkPrefix = "chunk-";

struct ChunkRef {
  std::string id;
  std::uint64_t bytes = 0;
};

// The content of one part: its chunks, and the bytes that follow them.
struct Part {
  std::vector<ChunkRef> chunks;
  std::string tail;

  std::uint64_t bytes() const;
};

// The run that holds the state. Only `owner` and `lease` decide anything; the rest is for people.
struct Holder {
  std::string owner;  // random; "" for nobody
  std::string host;
  int pid = 0;
  std::string since;      // UTC
  std::string seen;       // UTC, when it last wrote
  Milliseconds lease{0};  // it writes at least once in this time
  bool IsNobody() const { return owner.empty(); }
  // "pid 12 on host server, since 2026-08-05T10:00:00Z".
  std::string Describe() const;
};

struct StateDocument {
  Holder holder;
  std::uint64_t epoch = 0;  // one more for each run that took the state
  std::string nonce;        // random, another one for each write
  std::map<std::string, Part, std::less<>> parts;
  // A holder was killed, and no run has noted yet which of its writes may come late.
  bool after_kill = false;
  std::vector<std::string> garbage;  // ids of chunks that no part has any more
};

// `target`: the index that the state belongs to, for people.
std::string Serialize(const StateDocument& document, std::string_view target);
// kConfig, naming `name`, if it is no state, one of a newer dbx-es, or one that no dbx-es would
// write: anyone who can write to the index can store anything. A lease is at most a day, and texts
// for people are cut.
Result<StateDocument> ReadDocument(const rapidjson::Value& source, const std::string& name);

}  // namespace dbxes::state
