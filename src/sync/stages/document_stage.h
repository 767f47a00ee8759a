// SPDX-License-Identifier: Apache-2.0
// Changes of a page to documents: drafts each, compares it with what the index holds, and hands
// over what differs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "delta/change.h"
#include "elastic/multi_get.h"
#include "permissions/permission_reader.h"
#include "sync/deletion/index_snapshot.h"
#include "sync/stages/document_writer.h"

namespace dbxes::sync {

class DocumentStage {
 public:
  // `lookup` is null when there is nothing to compare with: each document is then a new one. With
  // one, the outlet has to track writes. A document that was written so recently that a lookup may
  // not show it, or that is known from a snapshot only and has to be changed, is looked up
  // separately once nothing of it is on its way.
  // `force` rewrites documents that are unchanged, and fetches their content.
  DocumentStage(DocumentWriter& writer, elastic::MultiGet* lookup, bool force);

  // Rewrites them without fetching content that is unchanged.
  void RewriteAll() { rewrite_ = true; }
  // For those documents, where nothing else is compared.
  void LookUpAgainWith(elastic::MultiGet* lookup) { again_ = lookup; }
  // What is in the snapshot as it should be is not looked up.
  void CompareWith(IndexSnapshot& snapshot) { snapshot_ = &snapshot; }
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
    Candidate candidate;
    // It is in the snapshot as it should be: its permissions_fingerprint there.
    std::optional<std::uint64_t> held;
    bool textless = false;  // with `held`: it has no text there
    bool crossed = false;   // a write of ours may cross the lookup on its way
  };

  bool Compares() const { return lookup_ != nullptr || snapshot_ != nullptr; }
  Planned Plan(const delta::Change& change);
  Result<void> WriteAllAsNew(std::string_view now,
                             const std::vector<permissions::Permission>* permissions);
  // Accounts for these documents, and compares those that somebody else has changed. `stored`: what
  // was answered of them.
  Result<void> Verify(const std::vector<Planned*>& documents, elastic::MultiGet& lookup,
                      elastic::StoredDocuments& stored);
  Result<void> WriteOne(Planned& planned, const elastic::StoredDocument* found,
                        const permissions::Permission* permission, std::string_view now);
  // True if the document needs nothing.
  bool CountKnown(const Planned& planned, const permissions::Permission* permission);
  // Looks these up and writes what differs.
  struct Again {
    Planned* planned;
    const permissions::Permission* permission;
  };
  Result<void> WriteAgain(const std::vector<Again>& documents, std::string_view now);

  DocumentWriter& writer_;
  elastic::MultiGet* lookup_;
  elastic::MultiGet* again_;
  IndexSnapshot* snapshot_ = nullptr;
  bool force_;
  bool rewrite_ = false;
  const std::vector<delta::Change>* changes_ = nullptr;  // of the draft
  std::vector<Planned> planned_;
  std::vector<std::string_view> ids_;
  std::optional<elastic::MultiGet::Page> under_way_;
};

}  // namespace dbxes::sync
