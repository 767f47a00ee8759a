// SPDX-License-Identifier: Apache-2.0
#include "delta/page_parser.h"

#include <fmt/format.h>

#include <limits>

#include "base/clock.h"
#include "base/json/json_members.h"
#include "base/safe_text.h"
#include "base/tree_path.h"

namespace dbxes::delta {
namespace {

// Of the type `long`, with which the size is indexed.
constexpr std::uint64_t kMostSize = std::numeric_limits<std::int64_t>::max();

EntryKind KindOf(std::string_view tag) {
  if (tag == "file") return EntryKind::kFile;
  if (tag == "folder") return EntryKind::kFolder;
  if (tag == "deleted") return EntryKind::kDeleted;
  return EntryKind::kUnknown;
}

void ReadTag(JsonScanner& json, Entry& entry) {
  json.Read(entry.tag);
  entry.kind = KindOf(entry.tag);
}

void ReadSharingInfo(JsonScanner& json, Entry& entry) {
  static constexpr JsonMember<Entry> kMembers[] = {
      {"parent_shared_folder_id", ReadField<&Entry::parent_shared_folder_id>},
      {"shared_folder_id", ReadField<&Entry::shared_folder_id>},
      {"traverse_only", ReadField<&Entry::traverse_only>},
      {"no_access", ReadField<&Entry::no_access>},
  };
  ReadMembers(json, kMembers, entry);
}

void ReadExportOptions(JsonScanner& json, Entry& entry) {
  ReadElements(json, [&] {
    std::string_view format;
    json.Read(format);
    entry.exports_markdown = entry.exports_markdown || format == "markdown";
    entry.exports_html = entry.exports_html || format == "html";
  });
}

void ReadExportInfo(JsonScanner& json, Entry& entry) {
  static constexpr JsonMember<Entry> kMembers[] = {
      {"export_as", ReadField<&Entry::export_as>},
      {"export_options", ReadExportOptions},
  };
  ReadMembers(json, kMembers, entry);
}

void ReadSymlinkInfo(JsonScanner& json, Entry& entry) {
  entry.is_symlink = entry.is_symlink || json.NextIs('{');
  json.Skip();
}

// In the order in which Dropbox sends them, the rare ones last.
constexpr JsonMember<Entry> kEntryMembers[] = {
    {".tag", ReadTag},
    {"name", ReadField<&Entry::name>},
    {"path_lower", ReadField<&Entry::path_lower>},
    {"path_display", ReadField<&Entry::path_display>},
    {"id", ReadField<&Entry::id>},
    {"client_modified", ReadField<&Entry::client_modified>},
    {"server_modified", ReadField<&Entry::server_modified>},
    {"rev", ReadField<&Entry::rev>},
    {"size", ReadField<&Entry::size>},
    {"is_downloadable", ReadField<&Entry::is_downloadable>},
    {"content_hash", ReadField<&Entry::content_hash>},
    {"sharing_info", ReadSharingInfo},
    {"has_explicit_shared_members", ReadField<&Entry::has_explicit_shared_members>},
    {"export_info", ReadExportInfo},
    {"symlink_info", ReadSymlinkInfo},
};

// A page, and which of its members were present.
struct PageInProgress {
  Page& page;
  bool has_entries = false;
  bool has_more = false;
};

void ReadEntries(JsonScanner& json, PageInProgress& into) {
  if (!json.NextIs('[')) return json.Skip();
  into.has_entries = true;
  for (bool more = json.EnterList(); more; more = json.NextElement()) {
    if (json.NextIs('{')) {
      ReadMembers(json, kEntryMembers, into.page.entries.emplace_back());
    } else {
      json.Skip();
    }
  }
}

void ReadCursor(JsonScanner& json, PageInProgress& into) { json.Read(into.page.cursor); }

void ReadHasMore(JsonScanner& json, PageInProgress& into) {
  into.has_more = into.has_more || json.NextIs('t') || json.NextIs('f');
  json.Read(into.page.has_more);
}

constexpr JsonMember<PageInProgress> kPageMembers[] = {
    {"entries", ReadEntries},
    {"cursor", ReadCursor},
    {"has_more", ReadHasMore},
};

Error Damaged(std::string_view what, const JsonScanner& json) {
  return {ErrorKind::kTemporary, fmt::format("Dropbox sent {} that is {}", what, json.ErrorText())};
}

Error Lacks(const Entry& entry, std::string_view member) {
  return {ErrorKind::kInternal, fmt::format("Dropbox sent a {} entry without {}: {}",
                                            InOneLine(entry.tag), member, InOneLine(entry.name))};
}

// One without its id or path is of no use, and none of the known kinds.
void LeaveOutUnusable(Entry& entry) {
  const bool identified = !entry.id.empty() || entry.kind == EntryKind::kDeleted;
  if (entry.path_lower.empty() || !identified) entry.kind = EntryKind::kUnknown;
}

}  // namespace

void FixOddValues(Entry& entry) {
  if (entry.path_display.empty()) entry.path_display = entry.path_lower;
  if (entry.name.empty()) entry.name = NameOf(entry.path_display);
  if (entry.size > kMostSize) entry.size = 0;
  if (!IsUtcTime(entry.client_modified)) entry.client_modified = {};
  if (!IsUtcTime(entry.server_modified)) entry.server_modified = {};
}

Result<void> ParsePage(Page& page) {
  page.entries.clear();
  page.cursor = {};
  page.has_more = false;
  PageInProgress read{page};
  JsonScanner json(page.text);
  ReadMembers(json, kPageMembers, read);
  json.Finish();
  if (json.failed()) return Fail(Damaged("a listing page", json));
  if (!read.has_entries || page.cursor.empty() || !read.has_more) {
    return Fail(ErrorKind::kTemporary, fmt::format("Dropbox sent a listing page without {}",
                                                   !read.has_entries     ? "entries"
                                                   : page.cursor.empty() ? "a cursor"
                                                                         : "has_more"));
  }
  for (Entry& entry : page.entries) LeaveOutUnusable(entry);
  return {};
}

Result<Entry> ParseEntry(std::string& text) {
  Entry entry;
  JsonScanner json(text);
  const bool is_object = json.NextIs('{');
  ReadMembers(json, kEntryMembers, entry);
  json.Finish();
  if (json.failed()) return Fail(Damaged("metadata", json));
  if (!is_object) return Fail(ErrorKind::kTemporary, "Dropbox sent metadata that is not an object");
  // An answer of another kind must not pass for an item that is somewhere else.
  if (entry.tag.empty()) return Fail(ErrorKind::kTemporary, "Dropbox sent metadata without a .tag");
  const bool identified = !entry.id.empty() || entry.kind == EntryKind::kUnknown;
  if (!identified) return Fail(Lacks(entry, "id"));
  return entry;
}

}  // namespace dbxes::delta
