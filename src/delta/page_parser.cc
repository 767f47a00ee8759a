// SPDX-License-Identifier: Apache-2.0
#include "delta/page_parser.h"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <array>
#include <cstring>
#include <iterator>

#include "base/json.h"
#include "base/json_in_place.h"

namespace dbxes {
namespace {

enum class Field {
  kNone,
  kEntries,
  kCursor,
  kHasMore,
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
  kSharingInfo,
  kSharedFolderId,
  kParentSharedFolderId,
  kTraverseOnly,
  kNoAccess,
  kExportInfo,
  kExportAs,
  kExportOptions,
  kSymlinkInfo,
};

// The objects and arrays whose content matters. Everything else is skipped as a whole, whatever
// its members are called.
enum class Scope {
  kStart,
  kPage,
  kEntries,
  kEntry,
  kSharingInfo,
  kExportInfo,
  kExportOptions,
  kSymlinkInfo,
  kSkip
};

struct FieldName {
  std::string_view name;
  Field field;
};

constexpr FieldName kPageFields[] = {
    {"entries", Field::kEntries},
    {"cursor", Field::kCursor},
    {"has_more", Field::kHasMore},
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
    {"sharing_info", Field::kSharingInfo},
    {"export_info", Field::kExportInfo},
    {"symlink_info", Field::kSymlinkInfo},
};
constexpr FieldName kSharingFields[] = {
    {"shared_folder_id", Field::kSharedFolderId},
    {"parent_shared_folder_id", Field::kParentSharedFolderId},
    {"traverse_only", Field::kTraverseOnly},
    {"no_access", Field::kNoAccess},
};
constexpr FieldName kExportFields[] = {
    {"export_as", Field::kExportAs},
    {"export_options", Field::kExportOptions},
};

template <std::size_t N>
Field Lookup(const FieldName (&fields)[N], std::string_view name) {
  for (const FieldName& candidate : fields) {
    if (candidate.name == name) return candidate.field;
  }
  return Field::kNone;
}

// As ==, in a word or two: names of members are so short that the call of memcmp is most of it.
bool SameName(std::string_view left, std::string_view right) {
  using Word = std::uint64_t;
  if (left.size() != right.size()) return false;
  if (left.size() < sizeof(Word)) {
    std::size_t at = 0;
    while (at < left.size() && left[at] == right[at]) ++at;
    return at == left.size();
  }
  const auto differ = [&](std::size_t at) {
    Word words[2];
    std::memcpy(&words[0], left.data() + at, sizeof(Word));
    std::memcpy(&words[1], right.data() + at, sizeof(Word));
    return words[0] ^ words[1];
  };
  Word all = differ(left.size() - sizeof(Word));
  for (std::size_t at = 0; at + sizeof(Word) < left.size(); at += sizeof(Word)) all |= differ(at);
  return all == 0;
}

// Entries have their members in the same order nearly always, so the member after one is most
// likely the one that came after it before.
class EntryFields {
 public:
  Field Find(std::string_view name) {
    std::size_t index = next_[last_];
    if (!SameName(kEntryFields[index].name, name)) {
      index = 0;
      while (index < kCount && !SameName(kEntryFields[index].name, name)) ++index;
      if (index == kCount) return Field::kNone;
      next_[last_] = static_cast<std::uint8_t>(index);
    }
    last_ = index;
    return kEntryFields[index].field;
  }

 private:
  static constexpr std::size_t kCount = std::size(kEntryFields);
  std::array<std::uint8_t, kCount> next_{};
  std::size_t last_ = 0;
};

Field FieldIn(Scope scope, std::string_view name) {
  switch (scope) {
    case Scope::kPage:
      return Lookup(kPageFields, name);
    case Scope::kSharingInfo:
      return Lookup(kSharingFields, name);
    case Scope::kExportInfo:
      return Lookup(kExportFields, name);
    default:
      return Field::kNone;
  }
}

// The scope of an object that begins in `outer`, as the value of `field`.
Scope ObjectIn(Scope outer, Field field) {
  if (outer == Scope::kStart) return Scope::kPage;
  if (outer == Scope::kEntries) return Scope::kEntry;
  switch (field) {
    case Field::kSharingInfo:
      return Scope::kSharingInfo;
    case Field::kExportInfo:
      return Scope::kExportInfo;
    case Field::kSymlinkInfo:
      return Scope::kSymlinkInfo;
    default:
      return Scope::kSkip;
  }
}

Scope Outside(Scope inner) {
  switch (inner) {
    case Scope::kEntries:
      return Scope::kPage;
    case Scope::kEntry:
      return Scope::kEntries;
    case Scope::kExportOptions:
      return Scope::kExportInfo;
    case Scope::kSharingInfo:
    case Scope::kExportInfo:
    case Scope::kSymlinkInfo:
      return Scope::kEntry;
    default:
      return Scope::kStart;
  }
}

EntryKind KindOf(std::string_view tag) {
  if (tag == "file") return EntryKind::kFile;
  if (tag == "folder") return EntryKind::kFolder;
  if (tag == "deleted") return EntryKind::kDeleted;
  return EntryKind::kUnknown;
}

class PageHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PageHandler> {
 public:
  explicit PageHandler(Page& page) : page_(page) {}

  bool has_entries = false;
  bool has_cursor = false;
  bool has_more = false;

  bool StartObject() {
    Enter(ObjectIn(scope_, field_));
    if (scope_ == Scope::kEntry) page_.entries.emplace_back();
    if (scope_ == Scope::kSymlinkInfo) page_.entries.back().is_symlink = true;
    return true;
  }
  bool StartArray() {
    const bool entries = field_ == Field::kEntries;
    has_entries = has_entries || entries;
    const bool options = field_ == Field::kExportOptions;
    Enter(entries ? Scope::kEntries : options ? Scope::kExportOptions : Scope::kSkip);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return Leave(); }
  bool EndArray(rapidjson::SizeType) { return Leave(); }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view name(text, length);
    field_ = scope_ == Scope::kEntry ? entry_fields_.Find(name) : FieldIn(scope_, name);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view value(text, length);
    if (scope_ == Scope::kPage) {
      if (field_ == Field::kCursor) SetCursor(value);
    } else if (scope_ == Scope::kExportOptions) {
      AddExportOption(page_.entries.back(), value);
    } else if (field_ != Field::kNone) {
      SetString(page_.entries.back(), value);
    }
    return true;
  }
  bool Bool(bool value) {
    if (scope_ == Scope::kPage) {
      if (field_ == Field::kHasMore) SetHasMore(value);
    } else if (field_ != Field::kNone) {
      SetBool(page_.entries.back(), value);
    }
    return true;
  }
  bool Uint64(std::uint64_t value) {
    if (field_ == Field::kSize) page_.entries.back().size = value;
    return true;
  }
  bool Uint(unsigned value) { return Uint64(value); }

 private:
  // `field_` is the member whose value comes next: kNone for those that do not matter, and for the
  // elements of a list, whose values belong to no member.
  void Enter(Scope inner) {
    field_ = Field::kNone;
    if (scope_ == Scope::kSkip) {
      ++skipped_depth_;
      return;
    }
    if (inner == Scope::kSkip) {
      skipped_from_ = scope_;
      skipped_depth_ = 1;
    }
    scope_ = inner;
  }
  bool Leave() {
    field_ = Field::kNone;
    if (scope_ != Scope::kSkip) {
      scope_ = Outside(scope_);
    } else if (--skipped_depth_ == 0) {
      scope_ = skipped_from_;
    }
    return true;
  }

  void SetCursor(std::string_view value) {
    page_.cursor = value;
    has_cursor = !value.empty();
  }
  void SetHasMore(bool value) {
    page_.has_more = value;
    has_more = true;
  }
  static void AddExportOption(Entry& entry, std::string_view format) {
    entry.exports_markdown = entry.exports_markdown || format == "markdown";
    entry.exports_html = entry.exports_html || format == "html";
  }
  void SetBool(Entry& entry, bool value) const {
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
  }
  void SetString(Entry& entry, std::string_view value) const {
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
  EntryFields entry_fields_;
  Scope scope_ = Scope::kStart;
  Field field_ = Field::kNone;
  Scope skipped_from_ = Scope::kStart;
  std::size_t skipped_depth_ = 0;
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
  MendLoneSurrogates(page.text);
  PageHandler handler(page);
  const rapidjson::ParseResult parsed = ParseInPlace(page.text, handler);
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
