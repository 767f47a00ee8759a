// SPDX-License-Identifier: Apache-2.0
// What the index holds of the documents that a bulk answer reports as conflicts. It shows which of
// them are attempts of ours whose answer was lost: those are no conflicts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "elastic/bulk_batch.h"
#include "elastic/client.h"

namespace dbxes::elastic {

struct StoredNumber {
  bool found = false;
  std::int64_t sync_seq = 0;  // 0: none
};

// Path and query of the question, for an index or alias.
std::string ConflictTarget(const std::string& index);
// Asks for these items of a batch (Multi get API; real-time).
Pending<HttpResponse> AskForNumbers(Client& client, const std::string& target,
                                    const BulkBatch& batch,
                                    const std::vector<std::uint32_t>& items);
// Reads the answer for `expected` documents. kTemporary if it is not complete, or has an error for
// one of them.
Result<std::vector<StoredNumber>> ReadNumbers(std::string body, std::size_t expected);

}  // namespace dbxes::elastic
