// SPDX-License-Identifier: Apache-2.0
// The answer to a bulk request: bytes in, one outcome per action out. No I/O, no DOM.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "elastic/bulk_action.h"

namespace dbxes::elastic {

struct BulkOutcome {
  enum Kind {
    kCreated,
    kUpdated,
    kUnchanged,  // an update that had nothing to change
    kDeleted,
    kAbsent,    // a delete of a document that was not in the index
    kDropped,   // an ingest pipeline dropped the document
    kConflict,  // see ItemError
    kRetry,
    kRejected,
    kFatal,
  };
  Kind kind = kRejected;
  int status = 0;
  bool noop = false;  // nothing was written
  std::string type;   // Elasticsearch's error type, "" for a success
  std::string reason;
};

// The `filter_path` of the request: leaves about 50 bytes of answer per good document.
inline constexpr std::string_view kBulkFilterPath =
    "errors,items.*.result,items.*.status,items.*.error.type,items.*.error.reason";

// Fills `outcomes` (its memory is reused) with one outcome per action sent, in order. kTemporary
// when the answer is not complete JSON, or has other items than `kinds`: then nothing is known
// about any action. Reasons are cut to a length that fits a report.
Result<void> ReadBulkResponse(std::string body, const std::vector<BulkAction::Kind>& kinds,
                              std::vector<BulkOutcome>& outcomes);

// What the status and the error of one item mean for an action of this kind. A document that is
// written as a whole is a `noop` only if an ingest pipeline dropped it (Drop processor). Updates
// pass through no pipeline: theirs is `detect_noop`.
BulkOutcome::Kind ClassifyBulkItem(BulkAction::Kind action, const BulkOutcome& item);

}  // namespace dbxes::elastic
