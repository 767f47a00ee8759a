// SPDX-License-Identifier: Apache-2.0
#include "delta/page_parser.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

namespace dbxes {
namespace {

enum class Field {
  kNone,
  kTag,
  kId,
  kName,
  kPathLower,
  kPathDisplay,
  kRev,
  kContentHash,
  kClientModified,
  kServerModified,
  kSize,
  kIsDownloadable,
  kHasExplicitSharedMembers,
  kSharedFolderId,
  kParentSharedFolderId,
  kTraverseOnly,
  kNoAccess,
  kExportAs,
};

// Objects whose members matter; every other nested value is skipped by its depth.
enum class Scope { kOther, kEntry, kSharingInfo, kExportInfo };

struct FieldName {
  std::string_view name;
  Field field;
};

constexpr FieldName kEntryFields[] = {
    {".tag", Field::kTag},
    {"id", Field::kId},
    {"name", Field::kName},
    {"path_lower", Field::kPathLower},
    {"path_display", Field::kPathDisplay},
    {"rev", Field::kRev},
    {"content_hash", Field::kContentHash},
    {"client_modified", Field::kClientModified},
    {"server_modified", Field::kServerModified},
    {"size", Field::kSize},
    {"is_downloadable", Field::kIsDownloadable},
    {"has_explicit_shared_members", Field::kHasExplicitSharedMembers},
};
constexpr FieldName kSharingFields[] = {
    {"shared_folder_id", Field::kSharedFolderId},
    {"parent_shared_folder_id", Field::kParentSharedFolderId},
    {"traverse_only", Field::kTraverseOnly},
    {"no_access", Field::kNoAccess},
};
constexpr FieldName kExportFields[] = {{"export_as", Field::kExportAs}};

template <std::size_t N>
Field Lookup(const FieldName (&fields)[N], std::string_view name) {
  for (const FieldName& candidate : fields) {
    if (candidate.name == name) return candidate.field;
  }
  return Field::kNone;
}

EntryKind KindOf(std::string_view tag) {
  if (tag == "file") return EntryKind::kFile;
  if (tag == "folder") return EntryKind::kFolder;
  if (tag == "deleted") return EntryKind::kDeleted;
  return EntryKind::kUnknown;
}

// SAX handler. Depths: 1 the page, 2 the array of entries, 3 an entry, 4 its nested objects.
class PageHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PageHandler> {
 public:
  explicit PageHandler(Page& page) : page_(page) {}

  bool has_entries = false;
  bool has_cursor = false;
  bool has_more = false;

  bool StartObject() {
    ++depth_;
    if (depth_ == 3 && in_entries_) {
      page_.entries.emplace_back();
      scope_ = Scope::kEntry;
    } else if (depth_ == 4 && in_entries_) {
      scope_ = nested_;
      if (key_ == "symlink_info") page_.entries.back().is_symlink = true;
    } else if (depth_ > 4) {
      scope_ = Scope::kOther;
    }
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    --depth_;
    scope_ = depth_ == 3 ? Scope::kEntry : depth_ == 4 ? nested_ : Scope::kOther;
    return true;
  }
  bool StartArray() {
    ++depth_;
    if (depth_ == 2 && key_ == "entries") in_entries_ = has_entries = true;
    if (depth_ > 2) scope_ = Scope::kOther;
    return true;
  }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    if (depth_ == 1) in_entries_ = false;
    scope_ = depth_ == 3 ? Scope::kEntry : depth_ == 4 ? nested_ : Scope::kOther;
    return true;
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view name(text, length);
    field_ = Field::kNone;
    if (depth_ == 1 || depth_ == 3) key_ = name;
    if (depth_ == 3) {
      nested_ = name == "sharing_info"  ? Scope::kSharingInfo
                : name == "export_info" ? Scope::kExportInfo
                                        : Scope::kOther;
    }
    if (scope_ == Scope::kEntry) field_ = Lookup(kEntryFields, name);
    if (scope_ == Scope::kSharingInfo) field_ = Lookup(kSharingFields, name);
    if (scope_ == Scope::kExportInfo) field_ = Lookup(kExportFields, name);
    return true;
  }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view value(text, length);
    if (depth_ == 1 && key_ == "cursor") {
      page_.cursor = value;
      has_cursor = !value.empty();
    }
    if (field_ != Field::kNone) SetString(page_.entries.back(), value);
    return true;
  }
  bool Bool(bool value) {
    if (depth_ == 1 && key_ == "has_more") {
      page_.has_more = value;
      has_more = true;
    }
    if (field_ == Field::kNone) return true;
    Entry& entry = page_.entries.back();
    switch (field_) {
      case Field::kIsDownloadable:
        entry.is_downloadable = value;
        break;
      case Field::kHasExplicitSharedMembers:
        entry.has_explicit_shared_members = value;
        break;
      case Field::kTraverseOnly:
        entry.traverse_only = value;
        break;
      case Field::kNoAccess:
        entry.no_access = value;
        break;
      default:
        break;
    }
    return true;
  }
  bool Uint64(std::uint64_t value) {
    if (field_ == Field::kSize) page_.entries.back().size = value;
    return true;
  }
  bool Uint(unsigned value) { return Uint64(value); }

 private:
  void SetString(Entry& entry, std::string_view value) {
    switch (field_) {
      case Field::kTag:
        entry.tag = value;
        entry.kind = KindOf(value);
        break;
      case Field::kId:
        entry.id = value;
        break;
      case Field::kName:
        entry.name = value;
        break;
      case Field::kPathLower:
        entry.path_lower = value;
        break;
      case Field::kPathDisplay:
        entry.path_display = value;
        break;
      case Field::kRev:
        entry.rev = value;
        break;
      case Field::kContentHash:
        entry.content_hash = value;
        break;
      case Field::kClientModified:
        entry.client_modified = value;
        break;
      case Field::kServerModified:
        entry.server_modified = value;
        break;
      case Field::kSharedFolderId:
        entry.shared_folder_id = value;
        break;
      case Field::kParentSharedFolderId:
        entry.parent_shared_folder_id = value;
        break;
      case Field::kExportAs:
        entry.export_as = value;
        break;
      default:
        break;
    }
  }

  Page& page_;
  int depth_ = 0;
  bool in_entries_ = false;
  std::string_view key_;
  Scope scope_ = Scope::kOther;
  Scope nested_ = Scope::kOther;  // the object that begins at depth 4, if one does
  Field field_ = Field::kNone;
};

Result<void> CheckEntries(const Page& page) {
  for (const Entry& entry : page.entries) {
    const bool placed = !entry.path_lower.empty();
    const bool identified = !entry.id.empty() || entry.kind == EntryKind::kDeleted;
    if (entry.kind == EntryKind::kUnknown || (placed && identified)) continue;
    return Fail(ErrorKind::kInternal,
                fmt::format("Dropbox sent a {} entry without {}: {}", entry.tag,
                            placed ? "id" : "path_lower", entry.name));
  }
  return {};
}

}  // namespace

Result<void> ParsePage(Page& page) {
  page.entries.clear();
  page.cursor = {};
  page.has_more = false;
  PageHandler handler(page);
  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream(page.text.data());
  constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, handler);
  if (!parsed) {
    return Fail(
        ErrorKind::kTemporary,
        fmt::format("Dropbox sent a listing page that is not JSON: {} (at byte {} of {})",
                    rapidjson::GetParseError_En(parsed.Code()), parsed.Offset(), page.text.size()));
  }
  if (!handler.has_entries || !handler.has_cursor || !handler.has_more) {
    return Fail(ErrorKind::kTemporary, fmt::format("Dropbox sent a listing page without {}",
                                                   !handler.has_entries  ? "entries"
                                                   : !handler.has_cursor ? "a cursor"
                                                                         : "has_more"));
  }
  return CheckEntries(page);
}

}  // namespace dbxes
