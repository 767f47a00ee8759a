// SPDX-License-Identifier: Apache-2.0
#include "documents/document.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "base/json/json_text.h"
#include "base/path_key.h"
#include "base/tree_path.h"
#include "documents/file_name.h"

namespace dbxes::documents {
namespace {

// Fields that Dropbox does not have are absent from the document.
template <std::size_t N>
bool WriteOptional(ObjectWriter& writer, const char (&key)[N], std::string_view value) {
  if (value.empty()) return false;
  writer.String(key, value);
  return true;
}

constexpr std::pair<bool OptionalFields::*, std::string_view> kOptionalFields[] = {
    {&OptionalFields::content_hash, R"("content_hash":null)"},
    {&OptionalFields::extension, R"("extension":null)"},
    {&OptionalFields::mime_type, R"("mime_type":null)"},
    {&OptionalFields::shared_folder_id, R"("shared_folder_id":null)"},
    {&OptionalFields::received, R"("received":null)"},
    {&OptionalFields::rev, R"("rev":null)"},
    {&OptionalFields::client_modified, R"("client_modified":null)"},
    {&OptionalFields::server_modified, R"("server_modified":null)"},
    {&OptionalFields::namespace_id, R"("namespace_id":null)"},
    {&OptionalFields::place, R"("file_path":null,"path_lower":null,"ancestors":null)"},
};

constexpr std::string_view kDraftFields[] = {
    "id",
    "type",
    "name",
    "file_path",
    "path_lower",
    "ancestors",
    "url",
    "size",
    "extension",
    "mime_type",
    "rev",
    "content_hash",
    "received",
    "client_modified",
    "server_modified",
    "_timestamp",
    "shared_folder_id",
    "namespace_id",
};

// Takes what the document has no more out of the stored one.
void AppendRemovals(const OptionalFields& stored, const OptionalFields& now, std::string& out) {
  for (const auto& [field, removal] : kOptionalFields) {
    if (!(stored.*field) || now.*field) continue;
    out += ',';
    out += removal;
  }
}

void AppendNumber(std::int64_t number, std::string& out) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

}  // namespace

std::string_view SharedFolderOf(const delta::Entry& entry) {
  return entry.shared_folder_id.empty() ? entry.parent_shared_folder_id : entry.shared_folder_id;
}

std::string_view TimestampOf(const delta::Entry& entry) {
  return IsPaperName(entry.name) ? entry.client_modified : entry.server_modified;
}

DocumentBuilder::DocumentBuilder(DocumentContext context) : context_(std::move(context)) {}

void DocumentBuilder::Clear() { buffer_.Clear(); }

Draft DocumentBuilder::Begin(std::string_view id, std::string_view type, std::string_view name) {
  Draft draft;
  draft.id = id;
  draft.json_offset = buffer_.GetSize();
  writer_.StartObject();
  writer_.String("id", id);
  writer_.String("type", type);
  writer_.String("name", name);
  return draft;
}

void DocumentBuilder::WriteName(std::string_view name, Draft& draft) {
  const std::string extension = ExtensionOf(name);
  draft.has.extension = WriteOptional(writer_, "extension", extension);
  draft.has.mime_type = WriteOptional(writer_, "mime_type", MimeTypeOf(extension));
}

void DocumentBuilder::WriteTimes(std::string_view client, std::string_view server, Draft& draft) {
  draft.has.client_modified = WriteOptional(writer_, "client_modified", client);
  draft.has.server_modified = WriteOptional(writer_, "server_modified", server);
}

// Makes the fields that all entries of this entry's folder share.
void DocumentBuilder::Enter(const delta::Entry& entry) {
  const std::string_view lower = FolderOf(entry.path_lower);
  const std::string_view display = FolderOf(entry.path_display);
  if (!ancestors_.empty() && lower == folder_lower_ && display == folder_display_) return;
  folder_lower_ = lower;
  folder_display_ = display;
  ancestors_ = "[";
  ForEachAncestor(entry.path_lower, [&](std::string_view folder) {
    if (ancestors_.size() > 1) ancestors_ += ',';
    AppendJsonString(PathKey(folder, key_), ancestors_);
  });
  ancestors_ += ']';
  std::string url;
  AppendFolderUrl(context_.web_url, display, url);
  folder_url_.clear();
  AppendJsonString(url, folder_url_);
  folder_url_.pop_back();
}

void DocumentBuilder::WritePlace(const delta::Entry& entry, bool is_folder) {
  Enter(entry);
  writer_.String("file_path", entry.path_display);
  writer_.String("path_lower", PathKey(entry.path_lower, key_));
  writer_.Raw("ancestors", ancestors_);
  writer_.Raw("url", folder_url_);
  // Percent-encoded text needs no JSON escape.
  AppendNameInUrl(NameOf(entry.path_display), is_folder, buffer_);
  buffer_.Put('"');
}

// Ends the object except for its brace, and computes the fingerprint.
void DocumentBuilder::End(Draft& draft) {
  const std::size_t fields_end = buffer_.GetSize();
  if (context_.pipeline_flags) {
    writer_.Bool("_extract_binary_content", true);
    writer_.Bool("_reduce_whitespace", true);
    writer_.Bool("_run_ml_inference", true);
  }
  draft.switches_size = buffer_.GetSize() - fields_end;
  draft.json_size = buffer_.GetSize() - draft.json_offset;
  draft.fingerprint = Hash64(Json(draft));
}

Draft DocumentBuilder::Build(const delta::Entry& entry) {
  const bool is_folder = entry.kind == delta::EntryKind::kFolder;
  Draft draft = Begin(entry.id, is_folder ? "Folder" : "File", entry.name);
  draft.path = entry.path_lower;
  draft.display = entry.path_display;
  draft.is_folder = is_folder;
  draft.has.place = true;
  WritePlace(entry, is_folder);
  writer_.Uint64("size", is_folder ? 0 : entry.size);
  if (!is_folder) {
    WriteName(entry.name, draft);
    draft.has.rev = WriteOptional(writer_, "rev", entry.rev);
    draft.has.content_hash = WriteOptional(writer_, "content_hash", entry.content_hash);
    WriteTimes(entry.client_modified, entry.server_modified, draft);
    WriteOptional(writer_, "_timestamp", TimestampOf(entry));
  }
  const std::string_view shared = SharedFolderOf(entry);
  draft.shared_folder_id = shared;
  draft.has.shared_folder_id = WriteOptional(writer_, "shared_folder_id", shared);
  draft.has.namespace_id =
      WriteOptional(writer_, "namespace_id", shared.empty() ? context_.home_namespace_id : shared);
  End(draft);
  return draft;
}

Draft DocumentBuilder::BuildReceived(std::string_view id, const dropbox::LinkedFile& file) {
  Draft draft = Begin(id, "File", file.name);
  draft.path = file.name;
  draft.display = file.name;
  draft.has.received = true;
  writer_.Bool("received", true);
  writer_.String("url", file.url);
  writer_.Uint64("size", file.size);
  WriteName(file.name, draft);
  draft.has.rev = WriteOptional(writer_, "rev", file.rev);
  WriteTimes(file.client_modified, file.server_modified, draft);
  WriteOptional(writer_, "_timestamp", file.server_modified);
  End(draft);
  return draft;
}

std::string DraftFields() { return fmt::format("{}", fmt::join(kDraftFields, ",")); }

bool HoldsDraft(const DocumentBuilder& builder, const Draft& draft,
                const rapidjson::Value& stored) {
  const auto wanted = ParseJson(std::string(builder.Json(draft)) + '}', "a draft");
  if (!wanted || !stored.IsObject()) return false;
  static const rapidjson::Value kNone;
  return std::all_of(std::begin(kDraftFields), std::end(kDraftFields), [&](std::string_view name) {
    // Dropbox has no time for folders.
    if (draft.is_folder && name == "_timestamp") return true;
    const rapidjson::Value* one = FindMember(*wanted, name);
    const rapidjson::Value* other = FindMember(stored, name);
    return (one == nullptr ? kNone : *one) == (other == nullptr ? kNone : *other);
  });
}

std::string_view DraftText(const DocumentBuilder& builder, const Draft& draft,
                           const StoredFields* stored) {
  std::string_view json = builder.Json(draft);
  if (stored != nullptr && stored->without_switches) json.remove_suffix(draft.switches_size);
  return json;
}

void AppendDocumentTail(const Draft& draft, const WriteNumbers& numbers, std::string_view now,
                        const StoredFields* stored, std::string& out) {
  if (draft.is_folder) {
    const bool keep = stored != nullptr && !stored->timestamp.empty();
    out += R"(,"_timestamp":)";
    AppendJsonString(keep ? stored->timestamp : now, out);  // may be any text
  }
  if (stored != nullptr) AppendRemovals(stored->has, draft.has, out);
  out += R"(,"sync_fingerprint":")";
  AppendHex64(draft.fingerprint, out);
  out += R"(","sync_seq":)";
  AppendNumber(numbers.sync_seq, out);
  out += R"(,"sync_version":)";
  AppendNumber(numbers.sync_version, out);
  out += '}';
}

}  // namespace dbxes::documents
