// SPDX-License-Identifier: Apache-2.0
// The fields of a document that come from its file's content, added to the others once they are
// known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes {

struct DocumentBody {
  std::string_view text;
  std::string_view title;         // "" for none
  bool truncated = false;         // the text is not all of it
  std::uint64_t fingerprint = 0;  // of the content and of how it was extracted
};

// Each changes `source`, the text of one JSON object. `partial`: the object updates a document that
// may have these fields already, so that those it is to lose are named as null.
void AddBody(const DocumentBody& body, bool partial, std::string& source);
void RemoveBody(std::string& source);

}  // namespace dbxes
