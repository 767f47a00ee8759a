// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/named_deletions.h"

#include <utility>

#include "base/json/json.h"

namespace dbxes::sync {

NamedDeletions::NamedDeletions(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                               std::string index)
    : ReadingSink(std::move(writer), client, std::move(index), "to name what would be deleted") {}

ReadingSink::Need NamedDeletions::NeedOf(const elastic::BulkAction& action) const {
  const bool unnamed = action.kind == elastic::BulkAction::kDelete && action.path.empty();
  return unnamed ? Need::kAllButText : Need::kNothing;
}

Result<void> NamedDeletions::HandOn(elastic::BulkAction action, const rapidjson::Value* stored) {
  if (stored != nullptr) action.path = StringMember(*stored, "name");
  return next().Add(action);
}

}  // namespace dbxes::sync
