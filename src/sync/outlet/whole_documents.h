// SPDX-License-Identifier: Apache-2.0
// In front of the writer where documents pass through an ingest pipeline, which runs on whole
// documents only (Elasticsearch: Bulk API; Ingest pipelines): an update of more than readers
// becomes the stored document with the changed fields in it. So what the pipeline adds follows
// every change, and what other programs added stays. The version of the decision stays the
// condition: a document that somebody has changed meanwhile is a conflict as before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "elastic/action_sink.h"
#include "elastic/client.h"

namespace dbxes::sync {

class WholeDocuments final : public elastic::ActionSink {
 public:
  // `client` has to live as long; `index`: name or alias.
  WholeDocuments(std::unique_ptr<elastic::ActionSink> writer, elastic::Client& client,
                 std::string index);

  // May read documents and wait for them; the errors of elastic::ReadSources.
  Result<void> Add(const elastic::BulkAction& action) override;
  void Mark(std::uint64_t token) override;
  std::optional<std::uint64_t> TakeReleasedMark() override { return writer_->TakeReleasedMark(); }
  Result<void> AwaitId(std::string_view id) override;
  Result<void> Flush() override;
  Result<void> Drain() override;
  void StartOver() override;
  std::size_t BufferedBytes() const override { return bytes_ + writer_->BufferedBytes(); }
  const elastic::BulkCounters& counters() const override { return writer_->counters(); }

 private:
  // An action that waits for others, so that their documents are read in one request; or a mark.
  struct Waiting {
    elastic::BulkAction action;  // its views are of the texts
    std::string id;
    std::string path;
    std::string source;
    std::optional<std::uint64_t> mark = {};
  };

  // Hands on what waits, in order. Once it has failed, it returns the same error until StartOver,
  // unless it was only interrupted.
  Result<void> Send();
  Result<void> ReadAndHandOn();
  Result<void> HandOn(Waiting& waiting, const rapidjson::Value* stored);

  std::unique_ptr<elastic::ActionSink> writer_;
  elastic::Client& client_;
  std::string index_;
  std::deque<Waiting> waiting_;
  std::size_t to_read_ = 0;  // documents among them that are to be read
  std::size_t bytes_ = 0;    // of their sources
  // Of the last request; a run that has given up waits for no other one.
  std::optional<Error> failure_;
};

}  // namespace dbxes::sync
