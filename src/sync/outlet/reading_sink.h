// SPDX-License-Identifier: Apache-2.0
// A sink in front of another one that needs to know what the index holds before it hands some
// actions on. These wait, and the others behind them, until the documents of many are read in one
// request. Actions and marks stay in order.
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

class ReadingSink : public elastic::ActionSink {
 public:
  // How many actions wait at most.
  static constexpr std::size_t kMostWaiting = 1000;

  // May read documents and wait for them; the errors of elastic::ReadSources.
  Result<void> Add(const elastic::BulkAction& action) final;
  // Several marks that wait send what waits: pages of a long listing must not wait for its end.
  void Mark(std::uint64_t token) final;
  std::optional<std::uint64_t> TakeReleasedMark() final { return next_->TakeReleasedMark(); }
  Result<void> AwaitId(std::string_view id) final;
  Result<void> Flush() final;
  Result<void> Drain() final;
  void StartOver() final;
  std::size_t BufferedBytes() const final { return bytes_ + next_->BufferedBytes(); }
  const elastic::BulkCounters& counters() const final { return next_->counters(); }

 protected:
  // `client` has to live as long; `index`: name or alias. `purpose` of reading, for errors: "for
  // the ingest pipeline".
  ReadingSink(std::unique_ptr<elastic::ActionSink> next, elastic::Client& client, std::string index,
              std::string_view purpose);

  // What has to be read of the document of an action. Texts are most of a document's bytes.
  enum class Need : std::uint8_t { kNothing, kAllButText, kAll };
  virtual Need NeedOf(const elastic::BulkAction& action) const = 0;
  // Hands an action on to the next sink; its source is in one piece if it waited. `stored`: the
  // `_source` of its document, null if the index has none or if nothing was needed. It may have the
  // text although that was not needed.
  virtual Result<void> HandOn(elastic::BulkAction action, const rapidjson::Value* stored) = 0;
  elastic::ActionSink& next() { return *next_; }

 private:
  // An action that waits, or a mark.
  struct Waiting {
    elastic::BulkAction action;  // its views are of the texts
    std::string id;
    std::string path;
    std::string source;
    Need need = Need::kNothing;
    std::optional<std::uint64_t> mark = {};
  };

  // Hands on what waits, in order. Once it has failed, it returns the same error until StartOver,
  // unless it was only interrupted.
  Result<void> Send();
  Result<void> ReadAndHandOn();
  Result<void> Leave(Waiting& waiting, const rapidjson::Value* stored);

  std::unique_ptr<elastic::ActionSink> next_;
  elastic::Client& client_;
  std::string index_;
  std::string_view purpose_;
  std::deque<Waiting> waiting_;
  std::size_t to_read_ = 0;  // among those
  std::size_t texts_ = 0;    // to be read with their text, among those
  std::size_t marks_ = 0;    // among those
  std::size_t bytes_ = 0;    // of their sources
  std::optional<Error> failure_;
};

}  // namespace dbxes::sync
