// SPDX-License-Identifier: Apache-2.0
// What follows from a name and a path: extension, media type, folders above, the page to open.
#pragma once

#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes::documents {

// Last suffix in lower case without its dot; "" for none, and for names like ".profile".
std::string ExtensionOf(std::string_view name);
// Media type of an extension (lower case); "" when it is not known.
std::string_view MimeTypeOf(std::string_view extension);
// Whether a name is that of a Paper document. Case-sensitive, like the connector.
bool IsPaperName(std::string_view name);
// Calls `visit` with the path of each folder above, outermost first: "/a", "/a/b" for "/a/b/c".
template <class Visit>
void ForEachAncestor(std::string_view path, Visit visit) {
  for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    visit(path.substr(0, slash));
  }
}
// The first appends the address of Dropbox's web page for a folder ("" for the root), made from its
// display path. The second appends what makes it the page of a file or folder in that folder.
void AppendFolderUrl(std::string_view web_url, std::string_view folder, std::string& out);
void AppendNameInUrl(std::string_view name, bool is_folder, JsonBuffer& out);

}  // namespace dbxes::documents
