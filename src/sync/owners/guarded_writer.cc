// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/guarded_writer.h"

namespace dbxes::sync {

GuardedWriter::GuardedWriter(std::unique_ptr<elastic::ActionSink> writer, IndexGuard& guard)
    : writer_(std::move(writer)), guard_(guard) {}

Result<void> GuardedWriter::Add(const elastic::BulkAction& action) {
  TRY(guard_.BeforeWrite());
  return writer_->Add(action);
}

}  // namespace dbxes::sync
