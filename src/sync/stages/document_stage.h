// SPDX-License-Identifier: Apache-2.0
// Changes to documents to actions: builds each document, compares it with what the index holds, and
// hands on what differs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id_set.h"
#include "content/content_plan.h"
#include "delta/change.h"
#include "documents/document.h"
#include "elastic/action_sink.h"
#include "elastic/multi_get.h"
#include "permissions/permission_reader.h"
#include "report/counters.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/stages/access_decision.h"
#include "sync/stages/body_decision.h"
#include "sync/stages/content_stage.h"

namespace dbxes::sync {

class DocumentStage {
 public:
  // `stored` is null when there is nothing to compare with: each document is then a new one.
  // `content` is null when none is fetched. `force` rewrites documents that are unchanged.
  // `max_unacknowledged`: how many actions the sink holds at most before they take effect.
  DocumentStage(documents::DocumentBuilder& builder, const content::ContentPlanner& planner,
                elastic::MultiGet* stored, elastic::ActionSink& sink, ContentStage* content,
                report::Counters& counters, bool force, std::size_t max_unacknowledged);

  // What is in the snapshot as it should be is not looked up.
  void CompareWith(IndexSnapshot& snapshot) { snapshot_ = &snapshot; }
  // From now on nothing is written but the permissions of documents that are in the index.
  void WriteAccessOnly() { access_only_ = true; }
  // Builds the documents of these changes and asks for the stored ones. Where nothing is compared,
  // Write builds them: one after the other, each stays in the cache until it is in the request.
  // `changes` has to stay until then.
  void Draft(const std::vector<delta::Change>& changes);
  // Writes what differs. kNotFound when the index is gone. `permissions` has one row for each
  // change of the draft, or is null without document level security.
  Result<void> Write(std::string_view now,
                     const std::vector<permissions::Permission>* permissions = nullptr);

 private:
  struct Planned {
    documents::Draft draft;
    std::int64_t seq;
    bool forced;
    bool crossed;  // a write of ours may cross the lookup on its way
    content::ContentPlan content;
    bool listed_hash;  // the entry has a content hash
    // It is in the snapshot as it should be: its permissions_fingerprint there.
    std::optional<std::uint64_t> held;
  };

  bool Compares() const { return stored_ != nullptr || snapshot_ != nullptr; }
  Planned Plan(const delta::Change& change);
  Result<void> WriteAllAsNew(std::string_view now,
                             const std::vector<permissions::Permission>* permissions);
  Result<void> WriteKnown(const Planned& planned, const permissions::Permission* permission);
  Result<void> WriteAccess(const documents::Draft& draft, const AccessDecision& access);
  Result<void> WriteOne(const Planned& planned, const elastic::StoredDocument* stored,
                        const permissions::Permission* permission, std::string_view now);
  BodyDecision Compare(const Planned& planned, const elastic::StoredDocument* stored) const;
  bool WrittenLately(std::string_view id) const;
  void RememberWritten(std::string_view id);

  documents::DocumentBuilder& builder_;
  const content::ContentPlanner& planner_;
  elastic::MultiGet* stored_;
  IndexSnapshot* snapshot_ = nullptr;
  elastic::ActionSink& sink_;
  ContentStage* content_;
  report::Counters& counters_;
  bool force_;
  bool access_only_ = false;
  const std::vector<delta::Change>* changes_ = nullptr;  // of the draft
  std::vector<Planned> planned_;
  std::vector<std::string_view> ids_;
  std::optional<elastic::MultiGet::Page> lookup_;
  std::string source_;
  // Ids of the last writes, in two generations, at least as many as may be unacknowledged: a lookup
  // that crosses such a write on its way shows the document as it was, so these are written again
  // rather than compared.
  std::size_t max_unacknowledged_;
  IdSet recent_;
  IdSet before_;
  std::size_t recent_count_ = 0;
};

}  // namespace dbxes::sync
