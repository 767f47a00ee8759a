// SPDX-License-Identifier: Apache-2.0
// The complete source of a document, of which the program sends the two parts one after the other.
#pragma once

#include <string>
#include <string_view>

#include "documents/document.h"

namespace dbxes::documents {

inline void AppendSource(const DocumentBuilder& builder, const Draft& draft,
                         const WriteNumbers& numbers, std::string_view now,
                         const StoredFields* stored, std::string& out) {
  out += DraftText(builder, draft, stored);
  AppendDocumentTail(draft, numbers, now, stored, out);
}

}  // namespace dbxes::documents
