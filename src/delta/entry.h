// SPDX-License-Identifier: Apache-2.0
// One entry of the change feed, as Dropbox sent it (Dropbox HTTP API: Metadata). The strings are
// views into the text that was parsed.
#pragma once

#include <cstdint>
#include <string_view>

namespace dbxes::delta {

enum class EntryKind { kFile, kFolder, kDeleted, kUnknown };

struct Entry {
  EntryKind kind = EntryKind::kUnknown;
  std::string_view tag;  // ".tag" verbatim, for kUnknown
  std::string_view id;   // "" for deleted entries
  std::string_view name;
  std::string_view path_lower;  // Dropbox's own lower-casing; never computed here
  std::string_view path_display;
  std::string_view rev;
  std::string_view content_hash;  // "" for cloud documents
  std::string_view client_modified;
  std::string_view server_modified;
  std::string_view export_as;
  std::string_view parent_shared_folder_id;  // of the shared folder around
  std::string_view shared_folder_id;         // of a folder that is shared itself
  std::uint64_t size = 0;
  bool is_downloadable = true;    // absent means true
  bool exports_markdown = false;  // named in export_options
  bool exports_html = false;
  bool has_explicit_shared_members = false;
  bool traverse_only = false;
  bool no_access = false;
  bool is_symlink = false;
};

}  // namespace dbxes::delta
