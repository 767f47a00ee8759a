// SPDX-License-Identifier: Apache-2.0
// The bytes of one page of files/list_folder or /continue to entries. No I/O, no copy of a string:
// the text is decoded in place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "delta/entry.h"

namespace dbxes::delta {

struct Page {
  std::string text;            // owns what the entries point into
  std::vector<Entry> entries;  // in the order given, which is the order in which they apply
  std::string_view cursor;
  bool has_more = false;
};

// Parses `page.text` in place (it is no JSON afterwards). kTemporary when it is not JSON, is cut
// short, or lacks `entries`, `cursor` or `has_more`; kInternal when a known kind of entry lacks
// what makes it one (id, path). An unknown `.tag` is an entry of kind kUnknown, not an error.
Result<void> ParsePage(Page& page);

}  // namespace dbxes::delta
