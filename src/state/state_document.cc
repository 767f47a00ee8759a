// SPDX-License-Identifier: Apache-2.0
#include "state/state_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/base64.h"
#include "base/json/json_write.h"
#include "base/safe_text.h"
#include "base/utf8.h"

namespace dbxes::state {
namespace {

constexpr std::uint64_t kFormat = 1;
// The longest that sync.lease may be.
constexpr std::uint64_t kLongestLease = std::uint64_t{24} * 3600 * 1000;
// Of a name for people: a host name has at most 253 bytes (RFC 1035, 2.3.4).
constexpr std::size_t kLongestName = 255;
// Runs count up from it; the mapping allows no more than twice as much.
constexpr std::uint64_t kMostRuns = std::uint64_t{1} << 62;

void WriteHolder(JsonWriter& writer, const Holder& holder) {
  WriteExactly(writer, "owner", holder.owner);
  if (holder.IsNobody()) return;
  WriteExactly(writer, "host", holder.host);
  WriteNumber(writer, "pid", holder.pid);
  WriteExactly(writer, "since", holder.since);
  WriteExactly(writer, "seen", holder.seen);
  WriteNumber(writer, "lease_ms", static_cast<std::uint64_t>(holder.lease.count()));
}

// Texts stay readable for people.
void WritePart(JsonWriter& writer, std::string_view name, const Part& part) {
  writer.StartObject();
  WriteExactly(writer, "name", name);
  if (!part.chunks.empty()) {
    writer.Key("chunks");
    writer.StartArray();
    for (const ChunkRef& chunk : part.chunks) {
      writer.StartObject();
      WriteExactly(writer, "id", chunk.id);
      WriteNumber(writer, "bytes", chunk.bytes);
      writer.EndObject();
    }
    writer.EndArray();
  }
  if (IsUtf8(part.tail)) {
    WriteExactly(writer, "text", part.tail);
  } else {
    WriteExactly(writer, "base64", Base64Encode(part.tail));
  }
  writer.EndObject();
}

tl::unexpected<Error> Damaged(const std::string& name) {
  return Fail(ErrorKind::kConfig,
              fmt::format("the state {} is damaged: delete its index and run dbx-es full-sync "
                          "--take-over, which rewrites only what differs",
                          name));
}

std::string ReadName(const rapidjson::Value& source, std::string_view key) {
  return InOneLine(StringMember(source, key), kLongestName);
}

std::uint64_t ReadAtMost(const rapidjson::Value& source, std::string_view key, std::uint64_t most) {
  return std::min(UintMember(source, key).value_or(0), most);
}

Holder ReadHolder(const rapidjson::Value& source) {
  Holder holder;
  holder.owner = StringMember(source, "owner");
  if (holder.IsNobody()) return holder;
  constexpr auto kMostPid = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
  holder.host = ReadName(source, "host");
  holder.pid = static_cast<int>(ReadAtMost(source, "pid", kMostPid));
  holder.since = ReadName(source, "since");
  holder.seen = ReadName(source, "seen");
  // Another run waits for as long.
  holder.lease = Milliseconds(ReadAtMost(source, "lease_ms", kLongestLease));
  return holder;
}

// The names of all chunks so far: one that is in several places would make a few bytes of the
// index fill the memory.
using ChunkIds = std::set<std::string, std::less<>>;

bool IsGood(const ChunkRef& chunk) {
  return chunk.id.starts_with(kChunkPrefix) && chunk.bytes > 0 && chunk.bytes <= kMostOfChunk;
}

Result<Part> ReadPart(const rapidjson::Value& value, const std::string& name, ChunkIds& ids) {
  Part part;
  const rapidjson::Value* chunks = FindMember(value, "chunks");
  if (chunks != nullptr && !chunks->IsArray()) return Damaged(name);
  for (rapidjson::SizeType at = 0; chunks != nullptr && at < chunks->Size(); ++at) {
    ChunkRef chunk{std::string(StringMember((*chunks)[at], "id")),
                   UintMember((*chunks)[at], "bytes").value_or(0)};
    if (!IsGood(chunk) || !ids.insert(chunk.id).second) return Damaged(name);
    part.chunks.push_back(std::move(chunk));
  }
  part.tail = StringMember(value, "text");
  if (FindMember(value, "base64") != nullptr) {
    auto bytes = Base64Decode(StringMember(value, "base64"));
    if (!bytes) return Damaged(name);
    part.tail = *std::move(bytes);
  }
  return part;
}

}  // namespace

std::uint64_t Part::bytes() const {
  std::uint64_t sum = tail.size();
  for (const ChunkRef& chunk : chunks) sum += chunk.bytes;
  return sum;
}

std::string Holder::Describe() const {
  return fmt::format("pid {} on host {}, since {}", pid, host, since);
}

std::string Serialize(const StateDocument& document, std::string_view target) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteNumber(writer, "format", kFormat);
  WriteExactly(writer, "state_of", target);
  WriteHolder(writer, document.holder);
  WriteNumber(writer, "epoch", document.epoch);
  WriteExactly(writer, "nonce", document.nonce);
  if (document.after_kill) WriteFlag(writer, "after_kill", true);
  writer.Key("parts");
  // No object: Elasticsearch gives dots in names of members a meaning.
  writer.StartArray();
  for (const auto& [name, part] : document.parts) WritePart(writer, name, part);
  writer.EndArray();
  writer.Key("garbage");
  writer.StartArray();
  for (const std::string& id : document.garbage) WriteString(writer, id);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

Result<StateDocument> ReadDocument(const rapidjson::Value& source, const std::string& name) {
  const auto format = UintMember(source, "format");
  if (format && *format > kFormat) {
    return Fail(ErrorKind::kConfig,
                fmt::format("the state {} was written by a newer dbx-es (format {}, this one reads "
                            "{}): use that version",
                            name, *format, kFormat));
  }
  const rapidjson::Value* parts = FindMember(source, "parts");
  if (!format || parts == nullptr || !parts->IsArray()) return Damaged(name);
  StateDocument document;
  document.holder = ReadHolder(source);
  document.epoch = UintMember(source, "epoch").value_or(0);
  if (document.epoch > kMostRuns) return Damaged(name);
  document.nonce = StringMember(source, "nonce");
  document.after_kill = BoolMember(source, "after_kill", false);
  ChunkIds ids;
  for (const rapidjson::Value& part : parts->GetArray()) {
    const std::string_view part_name = StringMember(part, "name");
    if (part_name.empty() || document.parts.contains(part_name)) return Damaged(name);
    TRY_ASSIGN(document.parts[std::string(part_name)], ReadPart(part, name, ids));
  }
  const rapidjson::Value* garbage = FindMember(source, "garbage");
  if (garbage != nullptr && !garbage->IsArray()) return Damaged(name);
  for (rapidjson::SizeType at = 0; garbage != nullptr && at < garbage->Size(); ++at) {
    // It is deleted, so it must be a chunk.
    if (!(*garbage)[at].IsString() || !View((*garbage)[at]).starts_with(kChunkPrefix)) {
      return Damaged(name);
    }
    document.garbage.emplace_back(View((*garbage)[at]));
  }
  return document;
}

}  // namespace dbxes::state
