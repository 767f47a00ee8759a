// SPDX-License-Identifier: Apache-2.0
// The bytes of a page of files/list_folder or of one files/get_metadata to entries. No I/O and no
// copy of a string: the text is decoded in place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "delta/entry.h"

namespace dbxes::delta {

struct Page {
  std::string text;            // owns the strings of the entries
  std::vector<Entry> entries;  // in the order in which they apply
  std::string_view cursor;
  bool has_more = false;
};

// Parses `page.text` in place (it is not JSON afterwards). kTemporary when it is not JSON, is cut
// short, or lacks `entries`, `cursor` or `has_more`. An entry with an unknown `.tag`, or of a known
// kind without its id or path, is of kind kUnknown, not an error.
Result<void> ParsePage(Page& page);

// An odd value costs that value, not the document, and never the run: times and sizes that no index
// takes become absent (Dropbox does not check client_modified), and an absent path_display or name
// comes from path_lower.
void FixOddValues(Entry& entry);

// Parses `text` in place, the metadata of one file or folder; the strings of the entry point into
// it. An item that is not mounted has no `path_lower`. kTemporary when the text is not a JSON
// object; kInternal when a file or folder has no id.
Result<Entry> ParseEntry(std::string& text);

}  // namespace dbxes::delta
