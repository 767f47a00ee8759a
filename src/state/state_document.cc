// SPDX-License-Identifier: Apache-2.0
#include "state/state_document.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "base/utf8.h"

namespace dbxes::state {
namespace {

constexpr std::uint64_t kFormat = 1;

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  WriteKey(writer, key);
  WriteString(writer, text);
}

void WriteNumber(JsonWriter& writer, std::string_view key, std::uint64_t number) {
  WriteKey(writer, key);
  writer.Uint64(number);
}

void WriteHolder(JsonWriter& writer, const Holder& holder) {
  WriteText(writer, "owner", holder.owner);
  if (holder.IsNobody()) return;
  WriteText(writer, "host", holder.host);
  WriteKey(writer, "pid");
  writer.Int(holder.pid);
  WriteText(writer, "since", holder.since);
  WriteText(writer, "seen", holder.seen);
  WriteNumber(writer, "lease_ms", static_cast<std::uint64_t>(holder.lease.count()));
}

// Texts stay readable for people.
void WritePart(JsonWriter& writer, std::string_view name, const Part& part) {
  writer.StartObject();
  WriteText(writer, "name", name);
  if (!part.chunks.empty()) {
    writer.Key("chunks");
    writer.StartArray();
    for (const ChunkRef& chunk : part.chunks) {
      writer.StartObject();
      WriteText(writer, "id", chunk.id);
      WriteNumber(writer, "bytes", chunk.bytes);
      writer.EndObject();
    }
    writer.EndArray();
  }
  if (IsUtf8(part.tail)) {
    WriteText(writer, "text", part.tail);
  } else {
    WriteText(writer, "base64", Base64Encode(part.tail));
  }
  writer.EndObject();
}

tl::unexpected<Error> Damaged(const std::string& name) {
  return Fail(ErrorKind::kConfig,
              fmt::format("the state {} is damaged: delete its index and run dbx-es full-sync "
                          "--take-over, which rewrites only what differs",
                          name));
}

Holder ReadHolder(const rapidjson::Value& source) {
  Holder holder;
  holder.owner = StringMember(source, "owner");
  if (holder.IsNobody()) return holder;
  holder.host = StringMember(source, "host");
  holder.pid = static_cast<int>(UintMember(source, "pid").value_or(0));
  holder.since = StringMember(source, "since");
  holder.seen = StringMember(source, "seen");
  holder.lease = Milliseconds(UintMember(source, "lease_ms").value_or(0));
  return holder;
}

Result<Part> ReadPart(const rapidjson::Value& value, const std::string& name) {
  Part part;
  const rapidjson::Value* chunks = FindMember(value, "chunks");
  if (chunks != nullptr && !chunks->IsArray()) return Damaged(name);
  for (rapidjson::SizeType at = 0; chunks != nullptr && at < chunks->Size(); ++at) {
    ChunkRef chunk{std::string(StringMember((*chunks)[at], "id")),
                   UintMember((*chunks)[at], "bytes").value_or(0)};
    if (chunk.id.empty() || chunk.bytes == 0) return Damaged(name);
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
  WriteText(writer, "state_of", target);
  WriteHolder(writer, document.holder);
  WriteNumber(writer, "epoch", document.epoch);
  WriteText(writer, "nonce", document.nonce);
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
  document.nonce = StringMember(source, "nonce");
  for (const rapidjson::Value& part : parts->GetArray()) {
    const std::string_view part_name = StringMember(part, "name");
    if (part_name.empty()) return Damaged(name);
    TRY_ASSIGN(document.parts[std::string(part_name)], ReadPart(part, name));
  }
  const rapidjson::Value* garbage = FindMember(source, "garbage");
  if (garbage != nullptr && !garbage->IsArray()) return Damaged(name);
  for (rapidjson::SizeType at = 0; garbage != nullptr && at < garbage->Size(); ++at) {
    if ((*garbage)[at].IsString()) document.garbage.emplace_back(View((*garbage)[at]));
  }
  return document;
}

}  // namespace dbxes::state
