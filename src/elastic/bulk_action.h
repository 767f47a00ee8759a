// SPDX-License-Identifier: Apache-2.0
// What the bulk writer shall do with one document. The views belong to the caller and need to live
// for one call only.
#pragma once

#include <string_view>

namespace dbxes::elastic {

struct BulkAction {
  enum Kind {
    kIndex,   // replaces the whole document
    kUpdate,  // sets the given fields and leaves the others
    kDelete,  // not an error when the document is absent
  };
  Kind kind = kIndex;
  std::string_view id;
  std::string_view path;       // for reports of failure only
  std::string_view source;     // the text of one JSON object on one line; empty for kDelete
  std::string_view tail = {};  // the rest of the source, if it comes in two pieces
  // For kUpdate: creates the document if it is absent. Without it, an absent document is a
  // rejection, and no ingest pipeline of the index sees the fields.
  bool upserts = true;
};

// "index", "update" or "delete": the name in the bulk API and in the failures file.
constexpr std::string_view ToString(BulkAction::Kind kind) {
  switch (kind) {
    case BulkAction::kIndex:
      return "index";
    case BulkAction::kUpdate:
      return "update";
    case BulkAction::kDelete:
      return "delete";
  }
  return "";
}

}  // namespace dbxes::elastic
