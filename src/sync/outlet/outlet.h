// SPDX-License-Identifier: Apache-2.0
// Where the documents of a run go: to the cluster, to a file, or nowhere; and the files whose text
// they take along on the way. Everything that is written goes through here, so it alone knows what
// was handed on so recently that a lookup may not show it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/http/event_loop.h"
#include "config/config.h"
#include "content/content_plan.h"
#include "content/extraction_service.h"
#include "documents/document.h"
#include "elastic/action_sink.h"
#include "parsers/document_parser.h"
#include "report/change_log.h"
#include "sync/outlet/body_writer.h"
#include "sync/outlet/content_stage.h"
#include "sync/outlet/downloads.h"
#include "sync/outlet/recent_writes.h"
#include "sync/outlet/text_sample.h"

namespace dbxes::sync {

// What becomes of the text in the index when a document is written.
struct BodyChange {
  // Null: the text stays, or goes with `removed`. Else the file is fetched as planned.
  const content::ContentPlan* fetch = nullptr;
  // With `fetch`: the entry had a content hash; the index has the text of this content.
  bool listed_hash = false;
  bool has_text = false;
  bool rereads = false;  // with `fetch`: the index has a text of this content
};

// Where documents go. Only a run to the cluster keeps state.
enum class Destination : std::uint8_t { kCluster, kFile, kNowhere };

class Outlet {
 public:
  // `planner` decides which files are fetched. `max_unacknowledged`: how many actions `writer`
  // holds at most before they take effect.
  Outlet(Destination destination, std::unique_ptr<elastic::ActionSink> writer,
         content::ContentPlanner planner, std::size_t max_unacknowledged);
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // The owners of what reads files; null for those that the extraction mode has no use for.
  struct Readers {
    std::unique_ptr<content::ExtractionService> service;
    std::unique_ptr<parsers::DocumentParser> parser;
  };
  // From here on, documents with a plan to fetch wait for their file. Without this call they are
  // written without text (a dry run, extraction that is off).
  void FetchContent(EventLoop& loop, dropbox::Client& client, Readers readers,
                    const config::Config& config, BodyWriter bodies);

  // Where the changes are listed that are no writes; null for nowhere.
  void ListChangesIn(report::ChangeLog* changes) { changes_ = changes; }
  report::ChangeLog* changes() const { return changes_; }

  // Of a comparison of texts: keeps some of the files that OfferText names, and fetches no other
  // file. After FetchContent, and before the first write.
  void SampleTexts(TextSample sample) { sample_ = std::move(sample); }
  bool samples() const { return sample_.has_value(); }
  // The index has the text of this file, which `plan` fetches.
  void OfferText(const documents::Draft& draft, const BodyChange& body);
  // Fetches the files that were kept, and hands on updates of their texts.
  Result<void> CompareSample();

  Destination destination() const { return destination_; }
  bool dry_run() const { return destination_ == Destination::kNowhere; }
  // Whatever is written goes in here; actions on one id take effect in order.
  elastic::ActionSink& sink();
  // The stage that fetches files; null where none are fetched.
  ContentStage* content() { return content_ ? &*content_ : nullptr; }
  const content::ContentPlanner& planner() const { return planner_; }

  // Waits until everything took effect. From then on lookups show it.
  Result<void> Drain();
  // Drops what has not taken effect, whatever stopped it: the run starts over.
  void StartOver();
  // While lookups are made, which may cross a write on its way: remembers what is written.
  void TrackWrites(bool tracks) { tracks_ = tracks; }
  // Writes a document whose text changes as `body` says.
  Result<void> Write(const elastic::BulkAction& action, const BodyChange& body);
  // Whether a document with this id has been handed on so recently, or will be, that a look at the
  // index may not show it.
  bool TouchedRecently(std::string_view id) const;
  // Waits until what was written of this document has taken effect: then a lookup shows it.
  Result<void> AwaitId(std::string_view id) { return sink().AwaitId(id); }

  const elastic::BulkCounters& counters() const { return writer_->counters(); }

 private:
  Destination destination_;
  content::ContentPlanner planner_;
  std::unique_ptr<elastic::ActionSink> writer_;
  RecentWrites recent_;
  bool tracks_ = false;
  report::ChangeLog* changes_ = nullptr;
  std::size_t max_file_bytes_ = 0;
  Readers readers_;
  std::optional<BodyWriter> bodies_;
  std::optional<Downloads> downloads_;
  std::optional<ContentStage> content_;
  std::optional<TextSample> sample_;
};

}  // namespace dbxes::sync
