// SPDX-License-Identifier: Apache-2.0
// In front of the sink of a dry run: gives deletions of documents that have no path, which are
// files received one by one, their name in the index.
#pragma once

#include <memory>
#include <string>

#include "sync/outlet/reading_sink.h"

namespace dbxes::sync {

class NamedDeletions final : public ReadingSink {
 public:
  // `client` has to live as long; `index`: name or alias.
  NamedDeletions(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                 std::string index);

 private:
  Need NeedOf(const elastic::BulkAction& action) const override;
  Result<void> HandOn(elastic::BulkAction action, const rapidjson::Value* stored) override;
};

}  // namespace dbxes::sync
