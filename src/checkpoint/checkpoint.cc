// SPDX-License-Identifier: Apache-2.0
#include "checkpoint/checkpoint.h"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.h"
#include "base/json/json_write.h"

namespace dbxes::checkpoint {
namespace {

constexpr int kVersion = 1;
constexpr std::string_view kPrefix = R"({"format":"dbx-es checkpoint","version":)";
constexpr std::string_view kBodyKey = R"(,"checkpoint":)";
// The same hash as of the side files. It finds damage. A cryptographic hash would protect no
// better, since anyone who can write here can change it, too; and it would take a twentieth of a
// run without changes, because libcrypto sets up its algorithms first.
constexpr std::string_view kSumKey = R"(,"xxh3":")";
constexpr std::size_t kSumLength = 16;

std::string SumOf(std::string_view body) { return ToHex64(Hash64(body)); }

void WriteExtent(JsonWriter& writer, std::string_view key, const SideFileExtent& extent) {
  WriteKey(writer, key);
  writer.StartObject();
  WriteNumber(writer, "bytes", extent.bytes);
  WriteNumber(writer, "hash", extent.hash);
  writer.EndObject();
}

void WriteSettings(JsonWriter& writer, const SettingsFingerprint& settings) {
  writer.Key("settings");
  writer.StartObject();
  for (const auto& [name, value] : settings) WriteExactly(writer, name, value);
  writer.EndObject();
}

void WriteNumbers(JsonWriter& writer, std::string_view key,
                  const std::vector<std::int64_t>& numbers) {
  WriteKey(writer, key);
  writer.StartArray();
  for (const std::int64_t number : numbers) writer.Int64(number);
  writer.EndArray();
}

void WriteIndex(JsonWriter& writer, const IndexRecord& index) {
  if (index.uuid.empty()) return;
  writer.Key("index");
  writer.StartObject();
  WriteExactly(writer, "uuid", index.uuid);
  WriteExactly(writer, "history", index.history);
  WriteNumber(writer, "confirmed_at", index.confirmed_at);
  if (index.documents && !index.writing) {
    WriteNumber(writer, "documents", *index.documents);
  }
  WriteNumber(writer, "counted_at", index.looked_at);
  WriteNumbers(writer, "marks", index.marks);
  WriteNumbers(writer, "marks_before", index.marks_before);
  writer.EndObject();
}

void WriteAccount(JsonWriter& writer, const dropbox::Account& account) {
  writer.Key("account");
  writer.StartObject();
  WriteExactly(writer, "account_id", account.account_id);
  WriteExactly(writer, "email", account.email);
  WriteExactly(writer, "team_member_id", account.team_member_id);
  WriteExactly(writer, "root_namespace_id", account.root_namespace_id);
  WriteExactly(writer, "home_namespace_id", account.home_namespace_id);
  WriteExactly(writer, "home_path", account.home_path);
  writer.EndObject();
}

// The format has a list of roots, which has at most one.
void WriteRoot(JsonWriter& writer, const RootCheckpoint& root) {
  writer.Key("roots");
  writer.StartArray();
  if (!root.namespace_id.empty() || !root.cursor.empty()) {
    writer.StartObject();
    WriteExactly(writer, "namespace_id", root.namespace_id);
    WriteExactly(writer, "cursor", root.cursor);
    if (!root.folders.empty()) WriteTexts(writer, "folders", root.folders);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteFullSync(JsonWriter& writer, const FullSyncProgress& progress) {
  writer.Key("full_sync");
  writer.StartObject();
  WriteExactly(writer, "started_at", progress.started_at);
  WriteFlag(writer, "force", progress.force);
  WriteFlag(writer, "rewrite", progress.rewrite);
  WriteNumber(writer, "begin_seq", static_cast<std::uint64_t>(progress.begin_seq));
  WriteNumber(writer, "pages", progress.pages);
  WriteNumber(writer, "entries", progress.entries);
  WriteExtent(writer, "seen", progress.seen);
  writer.EndObject();
}

void WritePermissions(JsonWriter& writer, const PermissionTable& table) {
  if (table.rows().empty()) return;
  writer.Key("permissions");
  writer.StartObject();
  for (const auto& [folder, row] : table.rows()) {
    WriteKey(writer, folder);
    writer.StartObject();
    WriteNumber(writer, "fingerprint", row.fingerprint);
    WriteFlag(writer, "settled", row.settled);
    writer.EndObject();
  }
  writer.EndObject();
}

void WriteLate(JsonWriter& writer, const LateSearch& late) {
  if (!late.Waits()) return;
  writer.Key("late");
  writer.StartObject();
  WriteExactly(writer, "folder", late.folder);
  WriteNumber(writer, "since", static_cast<std::uint64_t>(late.since));
  WriteNumber(writer, "looks", late.looks);
  writer.Key("ids");
  writer.StartArray();
  for (const std::uint64_t id : late.ids) writer.Uint64(id);
  writer.EndArray();
  writer.EndObject();
}

std::string WriteBody(const Checkpoint& checkpoint) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, "target", checkpoint.target);
  WriteExactly(writer, "id_field", checkpoint.id_field);
  WriteIndex(writer, checkpoint.index);
  WriteSettings(writer, checkpoint.settings);
  WriteAccount(writer, checkpoint.account);
  WriteRoot(writer, checkpoint.root);
  if (checkpoint.full_sync) WriteFullSync(writer, *checkpoint.full_sync);
  WriteExtent(writer, "pending", checkpoint.pending);
  writer.Key("received");
  writer.StartObject();
  WriteNumber(writer, "count", checkpoint.received.count);
  WriteNumber(writer, "hash", checkpoint.received.hash);
  writer.EndObject();
  WriteLate(writer, checkpoint.late);
  WritePermissions(writer, checkpoint.permissions);
  WriteNumber(writer, "sync_seq_reserved", checkpoint.sync_seq_reserved);
  if (checkpoint.sync_seq_saved != 0) {
    WriteNumber(writer, "sync_seq_saved", static_cast<std::uint64_t>(checkpoint.sync_seq_saved));
  }
  if (checkpoint.late_writes.Are()) {
    writer.Key("late_writes");
    writer.StartArray();
    writer.Int64(checkpoint.late_writes.after);
    writer.Int64(checkpoint.late_writes.last);
    writer.EndArray();
  }
  WriteExactly(writer, "last_full_sync_at", checkpoint.last_full_sync_at);
  writer.EndObject();
  return std::string(View(buffer));
}

// A state file, and how to get rid of it.
struct Named {
  std::string_view file;
  std::string_view discard;
};

tl::unexpected<Error> Damaged(const Named& named, std::string_view why) {
  return Fail(ErrorKind::kConfig,
              fmt::format("state file {} is damaged ({}): {} and run dbx-es full-sync, which "
                          "rewrites only what differs",
                          named.file, why, named.discard));
}

template <class Visit>
void ForEachElement(const rapidjson::Value& object, std::string_view key, Visit visit) {
  const rapidjson::Value* list = FindMember(object, key);
  if (list == nullptr || !list->IsArray()) return;
  for (const rapidjson::Value& element : list->GetArray()) visit(element);
}

template <class Visit>
void ForEachMember(const rapidjson::Value& object, std::string_view key, Visit visit) {
  const rapidjson::Value* members = FindMember(object, key);
  if (members == nullptr || !members->IsObject()) return;
  for (const auto& member : members->GetObject()) visit(View(member.name), member.value);
}

FolderList ReadFolders(const rapidjson::Value& root) {
  const auto folders = TextsOf(FindMember(root, "folders"));
  return {folders.begin(), folders.end()};
}

SideFileExtent ReadExtent(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* extent = FindMember(object, key);
  if (extent == nullptr) return {};
  return {UintMember(*extent, "bytes").value_or(0), UintMember(*extent, "hash").value_or(0)};
}

// Times and sequence numbers, with which the caller calculates: what no clock shows reads as
// absent.
bool IsSane(const rapidjson::Value& value) {
  constexpr std::int64_t kMost = std::int64_t{1} << 62;
  return value.IsInt64() && value.GetInt64() >= 0 && value.GetInt64() <= kMost;
}

std::int64_t ReadInt(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* value = FindMember(object, key);
  return value != nullptr && IsSane(*value) ? value->GetInt64() : 0;
}

// One for each shard, of which no index has more than 1,024: a request is made for each.
std::vector<std::int64_t> ReadNumbers(const rapidjson::Value& object, std::string_view key) {
  constexpr rapidjson::SizeType kMostShards = 1024;
  std::vector<std::int64_t> numbers;
  const rapidjson::Value* list = FindMember(object, key);
  if (list == nullptr || !list->IsArray() || list->Size() > kMostShards) return numbers;
  for (const rapidjson::Value& number : list->GetArray()) {
    if (number.IsInt64()) numbers.push_back(number.GetInt64());
  }
  return numbers;
}

IndexRecord ReadIndex(const rapidjson::Value& body) {
  const rapidjson::Value* value = FindMember(body, "index");
  if (value == nullptr) return {};
  IndexRecord index;
  index.uuid = StringMember(*value, "uuid");
  index.history = StringMember(*value, "history");
  index.confirmed_at = ReadInt(*value, "confirmed_at");
  index.documents = UintMember(*value, "documents");
  index.looked_at = ReadInt(*value, "counted_at");
  index.marks = ReadNumbers(*value, "marks");
  index.marks_before = ReadNumbers(*value, "marks_before");
  return index;
}

dropbox::Account ReadAccount(const rapidjson::Value& body) {
  dropbox::Account account;
  if (const auto* value = FindMember(body, "account")) {
    account.account_id = StringMember(*value, "account_id");
    account.email = StringMember(*value, "email");
    account.team_member_id = StringMember(*value, "team_member_id");
    account.root_namespace_id = StringMember(*value, "root_namespace_id");
    account.home_namespace_id = StringMember(*value, "home_namespace_id");
    account.home_path = StringMember(*value, "home_path");
  }
  return account;
}

FullSyncProgress ReadFullSync(const rapidjson::Value& value) {
  FullSyncProgress progress;
  progress.started_at = StringMember(value, "started_at");
  progress.force = BoolMember(value, "force", false);
  progress.rewrite = BoolMember(value, "rewrite", false);
  progress.begin_seq = ReadInt(value, "begin_seq");
  progress.pages = UintMember(value, "pages").value_or(0);
  progress.entries = UintMember(value, "entries").value_or(0);
  progress.seen = ReadExtent(value, "seen");
  return progress;
}

LateSearch ReadLate(const rapidjson::Value& body) {
  LateSearch late;
  const rapidjson::Value* value = FindMember(body, "late");
  if (value == nullptr) return late;
  late.folder = StringMember(*value, "folder");
  late.since = ReadInt(*value, "since");
  late.looks = UintMember(*value, "looks").value_or(0);
  ForEachElement(*value, "ids", [&](const rapidjson::Value& id) {
    if (id.IsUint64()) late.ids.insert(id.GetUint64());
  });
  return late;
}

PermissionTable ReadPermissions(const rapidjson::Value& body) {
  PermissionTable table;
  ForEachMember(body, "permissions", [&](std::string_view folder, const rapidjson::Value& row) {
    table.Restore(std::string(folder),
                  {UintMember(row, "fingerprint").value_or(0), BoolMember(row, "settled", false)});
  });
  return table;
}

// A checksum protects against accidents only, so a value of the wrong type reads as an absent one.
Checkpoint ReadBody(const rapidjson::Value& body) {
  Checkpoint checkpoint;
  checkpoint.target = StringMember(body, "target");
  checkpoint.id_field = StringMember(body, "id_field");
  ForEachMember(body, "settings", [&](std::string_view name, const rapidjson::Value& value) {
    if (value.IsString()) checkpoint.settings.emplace_back(name, View(value));
  });
  checkpoint.index = ReadIndex(body);
  checkpoint.account = ReadAccount(body);
  const auto* roots = FindMember(body, "roots");
  if (roots != nullptr && roots->IsArray() && !roots->Empty()) {
    const rapidjson::Value& root = (*roots)[0];
    checkpoint.root = {std::string(StringMember(root, "namespace_id")),
                       std::string(StringMember(root, "cursor")), ReadFolders(root)};
  }
  if (const auto* full = FindMember(body, "full_sync")) checkpoint.full_sync = ReadFullSync(*full);
  checkpoint.pending = ReadExtent(body, "pending");
  if (const auto* received = FindMember(body, "received")) {
    checkpoint.received.count = UintMember(*received, "count").value_or(0);
    checkpoint.received.hash = UintMember(*received, "hash").value_or(0);
  }
  checkpoint.late = ReadLate(body);
  checkpoint.permissions = ReadPermissions(body);
  checkpoint.sync_seq_reserved = ReadInt(body, "sync_seq_reserved");
  checkpoint.sync_seq_saved = ReadInt(body, "sync_seq_saved");
  const auto* late_writes = FindMember(body, "late_writes");
  const bool range = late_writes != nullptr && late_writes->IsArray() && late_writes->Size() == 2 &&
                     IsSane((*late_writes)[0]) && IsSane((*late_writes)[1]);
  if (range) checkpoint.late_writes = {(*late_writes)[0].GetInt64(), (*late_writes)[1].GetInt64()};
  checkpoint.last_full_sync_at = StringMember(body, "last_full_sync_at");
  return checkpoint;
}

}  // namespace

std::string SerializeCheckpoint(const Checkpoint& checkpoint) {
  const std::string body = WriteBody(checkpoint);
  return fmt::format("{}{}{}{}\"{}{}}}\n", kPrefix, kVersion, kSumKey, SumOf(body), kBodyKey, body);
}

// Reads the head byte by byte as it was written: anything that a JSON parser would accept besides
// is damage.
Result<Checkpoint> ParseCheckpoint(std::string_view text, std::string_view file,
                                   std::string_view discard) {
  const Named named{file, discard};
  if (text.substr(0, kPrefix.size()) != kPrefix) return Damaged(named, "it is no checkpoint");
  text.remove_prefix(kPrefix.size());
  int version = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), version);
  if (number.ec != std::errc()) return Damaged(named, "no version");
  if (version > kVersion) {
    return Fail(
        ErrorKind::kConfig,
        fmt::format("state file {} was written by a newer dbx-es (format {}, this one reads "
                    "{}): use that version, or {} and run full-sync",
                    file, version, kVersion, discard));
  }
  if (version != kVersion) return Damaged(named, "unknown version");
  text.remove_prefix(static_cast<std::size_t>(number.ptr - text.data()));
  if (text.substr(0, kSumKey.size()) != kSumKey) return Damaged(named, "no checksum");
  text.remove_prefix(kSumKey.size());
  const std::string_view sum = text.substr(0, kSumLength);
  text.remove_prefix(sum.size());
  const std::string before = fmt::format("\"{}", kBodyKey);
  if (text.substr(0, before.size()) != before) return Damaged(named, "no body");
  text.remove_prefix(before.size());
  constexpr std::string_view kEnd = "}\n";
  if (text.size() < kEnd.size() || text.substr(text.size() - kEnd.size()) != kEnd) {
    return Damaged(named, "its end is missing");
  }
  text.remove_suffix(kEnd.size());
  if (SumOf(text) != sum) return Damaged(named, "its checksum does not match");
  auto body = ParseJson(text, "the checkpoint");
  if (!body || !body->IsObject()) return Damaged(named, "its body is no JSON object");
  return ReadBody(*body);
}

}  // namespace dbxes::checkpoint
