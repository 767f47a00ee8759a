// SPDX-License-Identifier: Apache-2.0
#include "documents/document_fields.h"

#include <limits>
#include <string>

#include "base/json/json.h"
#include "base/tree_path.h"
#include "documents/file_name.h"

namespace dbxes::documents {
namespace {

bool IsFolder(const delta::Entry& entry) { return entry.kind == delta::EntryKind::kFolder; }

// Optional fields are absent when empty.
void VisitText(std::string_view text, const FieldVisitor& visit) {
  if (!text.empty()) visit(text);
}

void VisitSize(std::uint64_t size, const FieldVisitor& visit) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (size <= kMost) visit(static_cast<std::int64_t>(size));
}

std::string UrlOf(const DocumentContext& context, const delta::Entry& entry) {
  std::string url;
  AppendFolderUrl(context.web_url, FolderOf(entry.path_display), url);
  JsonBuffer name;
  AppendNameInUrl(NameOf(entry.path_display), IsFolder(entry), name);
  return url.append(View(name));
}

// Fields of files and folders. Their name alone decides.
bool VisitNameField(std::string_view name, std::string_view field, const FieldVisitor& visit) {
  if (field == "extension") {
    VisitText(ExtensionOf(name), visit);
  } else if (field == "mime_type") {
    VisitText(MimeTypeOf(ExtensionOf(name)), visit);
  } else {
    return false;
  }
  return true;
}

bool VisitSwitch(const DocumentContext& context, std::string_view field,
                 const FieldVisitor& visit) {
  for (const std::string_view name :
       {"_extract_binary_content", "_reduce_whitespace", "_run_ml_inference"}) {
    if (field != name) continue;
    if (context.pipeline_flags) visit(true);
    return true;
  }
  return false;
}

struct EntryField {
  std::string_view name;
  void (*visit)(const DocumentContext&, const delta::Entry&, const FieldVisitor&);
};

// Of files and folders.
constexpr EntryField kEntryFields[] = {
    {"id", [](auto&, auto& entry, auto& visit) { visit(entry.id); }},
    {"type", [](auto&, auto& entry, auto& visit) { visit(IsFolder(entry) ? "Folder" : "File"); }},
    {"name", [](auto&, auto& entry, auto& visit) { visit(entry.name); }},
    {"file_path", [](auto&, auto& entry, auto& visit) { visit(entry.path_display); }},
    {"path_lower", [](auto&, auto& entry, auto& visit) { visit(entry.path_lower); }},
    {"ancestors",
     [](auto&, auto& entry, auto& visit) {
       ForEachAncestor(entry.path_lower, [&](std::string_view folder) { visit(folder); });
     }},
    {"url", [](auto& context, auto& entry, auto& visit) { visit(UrlOf(context, entry)); }},
    {"size",
     [](auto&, auto& entry, auto& visit) { VisitSize(IsFolder(entry) ? 0 : entry.size, visit); }},
    {"shared_folder_id",
     [](auto&, auto& entry, auto& visit) { VisitText(SharedFolderOf(entry), visit); }},
    {"namespace_id",
     [](auto& context, auto& entry, auto& visit) {
       const std::string_view shared = SharedFolderOf(entry);
       VisitText(shared.empty() ? std::string_view(context.home_namespace_id) : shared, visit);
     }},
};

// Of files only.
constexpr EntryField kFileFields[] = {
    {"rev", [](auto&, auto& entry, auto& visit) { VisitText(entry.rev, visit); }},
    {"content_hash", [](auto&, auto& entry, auto& visit) { VisitText(entry.content_hash, visit); }},
    {"client_modified",
     [](auto&, auto& entry, auto& visit) { VisitText(entry.client_modified, visit); }},
    {"server_modified",
     [](auto&, auto& entry, auto& visit) { VisitText(entry.server_modified, visit); }},
    {"_timestamp", [](auto&, auto& entry, auto& visit) { VisitText(TimestampOf(entry), visit); }},
};

struct ReceivedField {
  std::string_view name;
  void (*visit)(const dropbox::LinkedFile&, const FieldVisitor&);
};

constexpr ReceivedField kReceivedFields[] = {
    {"type", [](auto&, auto& visit) { visit("File"); }},
    {"received", [](auto&, auto& visit) { visit(true); }},
    {"name", [](auto& file, auto& visit) { visit(std::string_view(file.name)); }},
    {"url", [](auto& file, auto& visit) { visit(std::string_view(file.url)); }},
    {"size", [](auto& file, auto& visit) { VisitSize(file.size, visit); }},
    {"rev", [](auto& file, auto& visit) { VisitText(file.rev, visit); }},
    {"client_modified", [](auto& file, auto& visit) { VisitText(file.client_modified, visit); }},
    {"server_modified", [](auto& file, auto& visit) { VisitText(file.server_modified, visit); }},
    {"_timestamp", [](auto& file, auto& visit) { VisitText(file.server_modified, visit); }},
};

}  // namespace

void VisitField(const DocumentContext& context, const delta::Entry& entry, std::string_view field,
                const FieldVisitor& visit) {
  for (const EntryField& known : kEntryFields) {
    if (known.name == field) return known.visit(context, entry, visit);
  }
  if (VisitSwitch(context, field, visit) || IsFolder(entry)) return;
  if (VisitNameField(entry.name, field, visit)) return;
  for (const EntryField& known : kFileFields) {
    if (known.name == field) return known.visit(context, entry, visit);
  }
}

void VisitReceivedField(const DocumentContext& context, std::string_view id,
                        const dropbox::LinkedFile& file, std::string_view field,
                        const FieldVisitor& visit) {
  if (field == "id") return visit(id);
  if (VisitSwitch(context, field, visit) || VisitNameField(file.name, field, visit)) return;
  for (const ReceivedField& known : kReceivedFields) {
    if (known.name == field) return known.visit(file, visit);
  }
}

}  // namespace dbxes::documents
