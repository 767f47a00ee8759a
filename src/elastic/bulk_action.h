// SPDX-License-Identifier: Apache-2.0
// What the bulk writer shall do with one document. The views belong to the caller and need to live
// for one call only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "report/change.h"

namespace dbxes::elastic {

// The state of a document that was read: a write on condition of it fails if anybody has changed
// the document since (Elasticsearch: Optimistic concurrency control).
struct DocumentVersion {
  std::uint64_t seq_no = 0;
  std::uint64_t primary_term = 0;  // counts from 1
  // Nobody has written the document since dbx-es did (version_stamp.h).
  bool is_ours = false;
  std::int64_t next_stamp = 0;  // the `sync_version` for a write on this condition

  bool IsKnown() const { return primary_term > 0; }
};

struct BulkAction {
  enum Kind {
    kCreate,  // a document that the index lacks
    kIndex,   // replaces the whole document
    kUpdate,  // sets the given fields and leaves the others; never creates a document
    kDelete,
  };
  Kind kind = kCreate;
  std::string_view id;
  std::string_view path;       // for reports of failure only
  std::string_view source;     // the text of one JSON object on one line; empty for kDelete
  std::string_view tail = {};  // the rest of the source, if it comes in two pieces
  // Of the document that the action was decided on, unless it is kCreate: the action takes effect
  // on this version alone.
  DocumentVersion version = {};
  // The `sync_seq` that the source sets, 0 for none. It shows whether a conflict is with an attempt
  // of ours whose answer was lost.
  std::int64_t sync_seq = 0;
  // Of a kUpdate: more than the list of readers changes, so an ingest pipeline has to see the
  // document as a whole (sync/outlet/whole_documents.h).
  bool whole = false;
  // False: an update that is neither counted nor listed, because another action on the document
  // follows, or because it is counted otherwise.
  bool counts = true;
  // For the list of changes only. `no_text`: why the document has no text, in the word of the
  // counter; static. `text_to_come`: the fingerprint of a text that nobody fetches in this run.
  std::string_view no_text = {};
  std::uint64_t text_to_come = 0;
  // What is reported once the action has taken effect; null for nothing.
  std::shared_ptr<const report::Change> change = {};
};

// "index", "update" or "delete": the name in the bulk API and in the failures file.
constexpr std::string_view ToString(BulkAction::Kind kind) {
  switch (kind) {
    case BulkAction::kCreate:
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
