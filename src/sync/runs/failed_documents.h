// SPDX-License-Identifier: Apache-2.0
// Documents of the failures file: of which kind they are, and what is recorded of them.
#pragma once

#include "base/error.h"
#include "base/result.h"
#include "checkpoint/failures_file.h"
#include "report/failed_document.h"

namespace dbxes::sync {

// Whether it was a received file of which something could not be written: those have a name,
// documents of the tree a path, and of what was deleted nobody may know either.
bool IsReceived(const report::FailedDocument& failure);

// Records that Dropbox gave no answer about this document. Returns an error that concerns more.
Result<void> FailDocument(report::FailedDocument document, const Error& error,
                          checkpoint::FailuresFile& failures);

// Of a run that cannot list the received files: their failures stay recorded.
void KeepReceivedFailures(checkpoint::FailuresFile& failures);

}  // namespace dbxes::sync
