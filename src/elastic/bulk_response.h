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
    kDeleted,
    kAbsent,  // a delete of a document that was not in the index
    kRetry,   // see ItemError
    kRejected,
    kFatal,
  };
  Kind kind = kRejected;
  int status = 0;
  std::string type;  // Elasticsearch's error type, "" for a success
  std::string reason;
};

// The `filter_path` of the request: leaves about 30 bytes of answer per good document.
inline constexpr std::string_view kBulkFilterPath =
    "errors,items.*.status,items.*.error.type,items.*.error.reason";

// Fills `outcomes` (its memory is reused) with one outcome per action sent, in order. kTemporary
// when the answer is not complete JSON, or has other items than `kinds`: then nothing is known
// about any action. Reasons are cut to a length that fits a report.
Result<void> ReadBulkResponse(std::string body, const std::vector<BulkAction::Kind>& kinds,
                              std::vector<BulkOutcome>& outcomes);

// What the status and the error of one item mean for an action of this kind.
BulkOutcome::Kind ClassifyBulkItem(BulkAction::Kind action, int status, std::string_view type,
                                   std::string_view reason);

}  // namespace dbxes::elastic
