// SPDX-License-Identifier: Apache-2.0
// In front of the writer where the changes of a run are listed: notes on each action what it
// changes in the document that the index holds. The writer hands the note back once the action has
// taken effect. So it does not matter where an action was decided on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "report/change.h"
#include "sync/outlet/reading_sink.h"

namespace dbxes::sync {

class ChangeNotes final : public ReadingSink {
 public:
  enum class Kind : std::uint8_t { kDocuments, kIdentities };
  // `client` has to live as long; `index`: name or alias.
  ChangeNotes(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
              std::string index, Kind kind);

 private:
  Need NeedOf(const elastic::BulkAction& action) const override;
  Result<void> HandOn(elastic::BulkAction action, const rapidjson::Value* stored) override;

  Kind kind_;
};

// What the action changes. `stored`: the `_source` of its document, or null. kInternal if the
// action's own source is not JSON.
Result<report::Change> ChangeOf(const elastic::BulkAction& action, const rapidjson::Value* stored);

}  // namespace dbxes::sync
