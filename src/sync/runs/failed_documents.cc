// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/failed_documents.h"

#include <utility>

namespace dbxes::sync {

bool IsReceived(const report::FailedDocument& failure) {
  const bool named = !failure.path.empty() && failure.path.front() != '/';
  return failure.operation == checkpoint::kReadOperation || named;
}

Result<void> FailDocument(report::FailedDocument document, const Error& error,
                          checkpoint::FailuresFile& failures) {
  if (error.concern == Concern::kRun) return Fail(error);
  document.status = error.http_status;
  document.reason = error.ToLine();
  failures.Add(std::move(document));
  return {};
}

void KeepReceivedFailures(checkpoint::FailuresFile& failures) {
  for (const checkpoint::FailureRecord& record : failures.earlier()) {
    if (IsReceived(record.failure)) failures.Keep(record);
  }
}

}  // namespace dbxes::sync
