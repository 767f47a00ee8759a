// SPDX-License-Identifier: Apache-2.0
// What a name and a path tell: extension, media type, folders above, the page to open.
#pragma once

#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes::documents {

// Last suffix in lower case without its dot; "" for none, and for names like ".profile".
std::string ExtensionOf(std::string_view name);
// Media type of an extension (lower case); "" when it is not known.
std::string_view MimeTypeOf(std::string_view extension);
// The connector tells Paper documents by their name, case-sensitively.
bool IsPaperName(std::string_view name);
// Calls `visit` with the path of each folder above, outermost first: "/a", "/a/b" for "/a/b/c".
template <class Visit>
void ForEachAncestor(std::string_view path, Visit visit) {
  for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    visit(path.substr(0, slash));
  }
}
// Appends the page of Dropbox's web site that shows a folder ("" for the root), by its displayed
// path; and what to add for the page that shows one of the files or folders in it.
void AppendFolderUrl(std::string_view web_url, std::string_view folder, std::string& out);
void AppendNameInUrl(std::string_view name, bool is_folder, JsonBuffer& out);

}  // namespace dbxes::documents
