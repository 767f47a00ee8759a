// SPDX-License-Identifier: Apache-2.0
// Documents on their way past the content of their files: stands in front of the sink that writes
// them, downloads many at once, and hands each on as soon as its text is there. To everybody else
// it is a sink like any other: marks are released, and ids kept in order, as if all had gone
// straight through.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "base/http/event_loop.h"
#include "config/config.h"
#include "content/content_plan.h"
#include "content/extraction_service.h"
#include "dropbox/client.h"
#include "elastic/action_sink.h"
#include "parsers/document_parser.h"
#include "parsers/parser_pool.h"
#include "report/counters.h"
#include "report/reporter.h"

namespace dbxes::sync {

// Who reads the bytes of files, where the stage does not do it itself. Null for those that the mode
// has no use for.
struct ContentReaders {
  content::ExtractionService* service = nullptr;
  parsers::DocumentParser* parser = nullptr;
};

class ContentStage final : public elastic::ActionSink {
 public:
  // `max_unacknowledged`: how many actions `sink` holds at most before they take effect. A file
  // that cannot be fetched or read now is told to `on_failed`, before a mark behind it is released.
  ContentStage(EventLoop& loop, dropbox::Client& dropbox, ContentReaders readers,
               const config::Config& config, std::unique_ptr<elastic::ActionSink> sink,
               std::size_t max_unacknowledged, report::Counters& counters,
               report::Reporter& reporter, std::function<void(report::FailedDocument)> on_failed);
  ~ContentStage() override;
  ContentStage(const ContentStage&) = delete;
  ContentStage& operator=(const ContentStage&) = delete;

  // The limits of parsers whose texts fit into the memory that the stage has.
  static parsers::ParserSettings ParsersFor(const config::ExtractionConfig& config);

  // As Add, once the content has been fetched as planned: with its text, or as it is when there is
  // none to be had. `listed_hash`: the file was listed with a content hash. Waits while too many
  // are under way.
  Result<void> AddWithContent(const elastic::BulkAction& action, const content::ContentPlan& plan,
                              bool listed_hash);

  // Whether a document with this id has been handed on so lately, or will be, that a look at the
  // index may not show it.
  bool TouchedLately(std::string_view id) const;
  // The fingerprint of the text that such a document has then, 0 for no text; nothing if that is
  // not known.
  std::optional<std::uint64_t> LateBody(std::string_view id) const;
  // A document that takes away its text has been handed on.
  void NoteRemoved(std::string_view id) { Remember(Hash64(id), 0); }

  // Drops what has not been handed on, and the marks that wait for it: a stop does not wait for
  // downloads, and no checkpoint counts them.
  void Abandon();

  Result<void> Add(const elastic::BulkAction& action) override;
  void Mark(std::uint64_t token) override;
  std::optional<std::uint64_t> TakeReleasedMark() override;
  Result<void> Flush() override { return sink_->Flush(); }
  Result<void> Drain() override;
  std::size_t BufferedBytes() const override { return sink_->BufferedBytes() + held_bytes_; }
  const elastic::BulkCounters& counters() const override { return sink_->counters(); }

 private:
  struct Job;
  using JobPtr = std::shared_ptr<Job>;
  struct PendingMark {
    std::uint64_t token;
    std::uint64_t job;  // the last one that it waits for
  };

  void StartSome();
  bool HasRoom(const Job& job) const;
  void Start(const JobPtr& job);
  void OnFetched(const JobPtr& job, Result<content::FetchedContent> content);
  // By the service.
  void Read(const JobPtr& job);
  void OnRead(const JobPtr& job, Result<content::ExtractedText> text);
  // By parsers.
  void ParseSome();
  bool HasRoomToParse() const;
  // Hands on what has arrived, starts what there is room for, and releases marks.
  Result<void> Pump();
  Result<void> Deliver(Job& job);
  // What arrived goes into the job's source. An error is one that ends the run.
  Result<void> Complete(Job& job);
  void Extract(Job& job);
  void AddText(Job& job, const content::ExtractedText& text);
  void AddNoText(Job& job);
  Result<void> NoContentFor(Job& job, const Error& error);
  Result<void> NoTextFor(Job& job, const Error& error);
  Result<void> FailedFor(Job& job, const Error& error, std::string_view operation);
  void Remember(std::uint64_t id_hash, std::optional<std::uint64_t> fingerprint);
  template <class Condition>
  Result<void> WaitUntil(Condition condition);

  EventLoop& loop_;
  dropbox::Client& dropbox_;
  ContentReaders readers_;
  const config::ExtractionConfig& config_;
  content::ContentPlanner planner_;
  std::unique_ptr<elastic::ActionSink> sink_;
  report::Counters& counters_;
  report::Reporter& reporter_;
  std::function<void(report::FailedDocument)> on_failed_;
  std::size_t max_downloads_;

  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, JobPtr> jobs_;                  // not handed on yet, by number
  std::unordered_map<std::uint64_t, JobPtr> jobs_by_id_;  // by hash of the id: one at a time
  std::deque<JobPtr> waiting_;
  std::deque<JobPtr> unparsed_;
  std::deque<JobPtr> arrived_;
  std::size_t downloads_ = 0;
  std::size_t held_bytes_ = 0;  // of files that are arriving or have arrived
  std::size_t texts_ = 0;       // of parsers: on their way, or not handed on yet
  int overtaken_ = 0;           // times that others were started before the first that waits
  int outages_ = 0;             // files in a row that the network did not let through
  std::deque<PendingMark> marks_;
  std::optional<std::uint64_t> released_;
  std::optional<Error> failure_;
  // Text that the last documents handed on have, as LateBody tells it, in two generations of at
  // least as many as the sink may hold.
  using Texts = std::unordered_map<std::uint64_t, std::optional<std::uint64_t>>;
  std::size_t max_unacknowledged_;
  Texts recent_;
  Texts before_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // answers may outlive us
};

}  // namespace dbxes::sync
