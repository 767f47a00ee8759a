// SPDX-License-Identifier: Apache-2.0
// In front of the writer where documents pass through an ingest pipeline, which runs on whole
// documents only (Elasticsearch: Bulk API; Ingest pipelines): an update of more than readers
// becomes the stored document with the changed fields in it. So what the pipeline adds follows
// every change, and what other programs added stays. The version of the decision stays the
// condition: a document that somebody has changed meanwhile is a conflict as before.
#pragma once

#include <memory>
#include <string>

#include "sync/outlet/reading_sink.h"

namespace dbxes::sync {

class WholeDocuments final : public ReadingSink {
 public:
  // `client` has to live as long; `index`: name or alias.
  WholeDocuments(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                 std::string index);

 private:
  Need NeedOf(const elastic::BulkAction& action) const override {
    return action.whole ? Need::kAll : Need::kNothing;
  }
  Result<void> HandOn(elastic::BulkAction action, const rapidjson::Value* stored) override;
};

}  // namespace dbxes::sync
