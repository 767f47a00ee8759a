// SPDX-License-Identifier: Apache-2.0
// Documents that are written by their id, because the change feed has moved past them: those that
// earlier runs could not write, those that search did not know in time, and those that somebody
// else has changed. Dropbox is asked what each is now.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "delta/entry.h"
#include "report/failed_document.h"
#include "sync/owners/ledger.h"
#include "sync/owners/progress.h"
#include "sync/owners/source.h"
#include "sync/owners/target.h"
#include "sync/stages/entry_stages.h"

namespace dbxes::sync {

// Which failures of earlier runs a run tries again: those whose time has come, or all.
enum class Retry : std::uint8_t { kDue, kAll };

class FreshWriter {
 public:
  // `stages` have to compare with what the index holds by now. All of it has to live as long.
  FreshWriter(Source& source, Ledger& ledger, Target& target, EntryStages& stages,
              Progress& progress);

  // Writes or deletes these documents, also those that are unchanged. What Dropbox says nothing of
  // is recorded as failed, here and below.
  Result<void> Write(std::span<const report::FailedDocument> wanted);
  // Writes what differs from Dropbox of documents that somebody else has changed. kIndexReplaced:
  // Dropbox does not have one of them, so somebody has added it, perhaps in place of another one.
  Result<void> RewriteChanged(std::span<const report::FailedDocument> changed);
  // Writes the documents with these ids that the index lacks.
  Result<void> WriteMissing(const std::vector<std::string>& ids);
  // Tries again what earlier runs could not write and asks for files that were gone when they were
  // downloaded. Syncs the failures of this run. What concerns one document is recorded and leaves
  // the others alone. kSafetyStop where more of them are gone than the target allows to delete; the
  // others are written.
  Result<void> RetryFailures(Retry which);

 private:
  using FailedDocuments = std::vector<report::FailedDocument>;
  // How the writing of some documents goes.
  struct Attempt {
    bool forced = false;          // writes also what is unchanged
    std::string root = {};        // of the tree that is indexed
    Milliseconds last_answer{0};  // when Dropbox last said something of one of them
    FailedDocuments gone = {};    // those that Dropbox no longer has, or that rules exclude
  };

  Result<void> WriteAll(std::span<const report::FailedDocument> wanted, Attempt& attempt);
  Result<void> WriteSome(std::span<const report::FailedDocument> wanted, Attempt& attempt);
  bool IsWanted(const delta::Entry& entry, const std::string& root);
  Result<bool> IsGone(const report::FailedDocument& wanted);
  Result<void> NoteNoAnswer(const report::FailedDocument& wanted, const Error& error,
                            const Attempt& attempt);
  Result<void> AskForGone();
  Result<void> DeleteWithinLimit(const FailedDocuments& gone);

  Source& source_;
  Ledger& ledger_;
  Target& target_;
  EntryStages& stages_;
  Progress& progress_;
};

}  // namespace dbxes::sync
