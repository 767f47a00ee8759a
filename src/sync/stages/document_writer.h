// SPDX-License-Identifier: Apache-2.0
// The one place that decides what is written of a document and writes it, wherever it came from: a
// page of the change feed, the list of received files, or a document that is tried again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "content/content_plan.h"
#include "documents/document.h"
#include "elastic/multi_get.h"
#include "elastic/version_stamp.h"
#include "permissions/permission_reader.h"
#include "report/counters.h"
#include "sync/outlet/outlet.h"
#include "sync/stages/access_decision.h"
#include "sync/stages/body_decision.h"

namespace dbxes::sync {

// A document as Dropbox has it, ready to be compared.
struct Candidate {
  documents::Draft draft;  // of the writer's builder
  content::ContentPlan content;
  std::int64_t seq = 0;
  bool in_tree = true;       // false: a received file, which has no path
  bool listed_hash = false;  // the entry has a content hash
  bool forced = false;       // written as a whole even when the index has it unchanged
  bool refetched = false;    // its text is fetched even when the index has it
  // Of another kind of document under this id that is replaced; not known if there is none.
  elastic::DocumentVersion replaced = {};

  DocumentPlace place() const {
    return in_tree ? DocumentPlace{draft.shared_folder_id, draft.path} : DocumentPlace{};
  }
};

class DocumentWriter {
 public:
  // `stamps`: of the index that is written to.
  DocumentWriter(documents::DocumentBuilder& builder, Outlet& outlet,
                 const elastic::VersionStamps& stamps, report::Counters& counters);

  documents::DocumentBuilder& builder() { return builder_; }
  const content::ContentPlanner& planner() const { return outlet_.planner(); }
  Outlet& outlet() { return outlet_; }
  report::Counters& counters() { return counters_; }

  // Writes what differs from `stored` (null: nothing is there), and all of a document that is not
  // ours, except for its text. `permission` is null without
  // document level security. A new folder gets the time `now`.
  Result<void> Write(const Candidate& candidate, const elastic::StoredDocument* stored,
                     const permissions::Permission* permission, std::string_view now);
  // A document that the index has as it should be.
  void CountUnchanged() { ++counters_.unchanged; }
  // Lists a document that has no text and gets none, unless its file is of a type that is not read.
  void NoteTextless(const Candidate& candidate);

 private:
  Result<void> WriteAccess(const documents::Draft& draft, const elastic::DocumentVersion& version,
                           const AccessDecision& access);
  // What becomes of the text, counted. Beyond extraction.max_reread_files, an unchanged file keeps
  // the text that an older reader or other settings gave it.
  BodyDecision DecideText(const Candidate& candidate, const elastic::StoredDocument* stored,
                          std::uint64_t held);
  // Puts the draft into `action`; `source_` is its tail, without the list of readers.
  void Compose(const Candidate& candidate, const elastic::StoredDocument* stored,
               std::string_view now, elastic::BulkAction& action);

  documents::DocumentBuilder& builder_;
  Outlet& outlet_;
  std::int64_t first_stamp_;  // of a document that the index lacks
  report::Counters& counters_;
  std::uint64_t reread_ = 0;  // files that were or would have been fetched again unchanged
  std::string source_;
};

}  // namespace dbxes::sync
