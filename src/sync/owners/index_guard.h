// SPDX-License-Identifier: Apache-2.0
// Keeps an index to one ledger, and a ledger to one index. The checkpoint says which index its
// documents are in; the index's mapping says which state keeps it. A run asks before its first
// write, and again before a checkpoint counts what it wrote, so that no write to another index is
// ever counted. One request each time (elastic/index_identity.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/folder_list.h"
#include "base/result.h"
#include "dropbox/types.h"
#include "elastic/client.h"
#include "elastic/index_identity.h"
#include "sync/owners/ledger.h"

namespace dbxes::sync {

// The index is gone, or is another one than the checkpoint's: from the guard, or from any request
// that found no index.
bool IsIndexReplaced(const Error& error);

class IndexGuard {
 public:
  // `index`: name or alias; `paths`: of the Dropbox, for the keeper. All of it has to live as long.
  IndexGuard(elastic::Client& client, std::string index, FolderList paths, Ledger& ledger);

  struct Claim {
    bool take_over = false;    // from another keeper
    bool may_write = true;     // false: only looks (a dry run)
    bool change_path = false;  // the index may be of other folders of the Dropbox
  };
  // For a full sync of `account`, of an index that is there: makes this state its keeper. True if
  // it is the index that the checkpoint knows, so that a full sync under way may be continued;
  // false if it is another one, which the checkpoint then has to Adopt with an empty cursor.
  // kKeptElsewhere: another state keeps it, and `take_over` is not set. kConfig: it belongs to
  // another Dropbox account, which no flag overrides. kSafetyStop: it is of a folder that is in
  // none of these, and `change_path` is not set.
  Result<bool> Take(const dropbox::Account& account, Claim claim);
  // The index of the last answer, else the checkpoint's.
  elastic::IndexIdentity Known() const;
  // The checkpoint starts anew, for the index of the last answer.
  void Adopt();

  // Whose token it is, which the first answer is compared with, too: where it is not the account of
  // the checkpoint, nothing is written (kConfig).
  void AskAccount(std::function<Result<dropbox::Account>()> account) {
    account_ = std::move(account);
  }
  // Asks now. kIndexReplaced: the index is gone or another one. kKeptElsewhere, kConfig: as Take.
  Result<void> Confirm();
  // A run that writes nothing asks once an hour.
  Result<void> ConfirmIfDue();
  // For a state without a checkpoint, which knows no index yet: only whether another state keeps
  // it. An absent index is kept by nobody.
  Result<void> ConfirmUnkept();

  // Before each write; asks before the first one after a save, unless an answer came just now.
  Result<void> BeforeWrite();
  // Before the checkpoint counts writes; asks if there were any since the last answer.
  Result<void> BeforeSave();

  // From now on no request is tried again for long: the run has failed already.
  void Hurry() { options_.max_retries = 1; }
  // Why the keeper could not be written, "" if it could or need not.
  const std::string& problem() const { return problem_; }
  // Primary shards of the index of the last answer; 0 before it, and where they are not named.
  std::size_t shards() const { return shards_; }

 private:
  Result<void> CheckAccount(const std::string& account, const std::string& email,
                            const dropbox::Account& of_token) const;
  Result<void> CheckKeeper(const elastic::Keeper& keeper, const dropbox::Account& of_token) const;
  Result<void> WriteKeeper(const elastic::IndexReading& reading, const dropbox::Account& account);
  void Remember(const elastic::IndexReading& reading);

  elastic::Client& client_;
  std::string index_;
  FolderList paths_;
  Ledger& ledger_;
  std::function<Result<dropbox::Account>()> account_;
  SendOptions options_;
  elastic::IndexIdentity confirmed_as_;       // of the last answer; not known before the first
  bool wrote_ = false;                        // since the last answer
  std::optional<Milliseconds> confirmed_at_;  // of the last answer, on the loop's clock
  bool writes_keeper_ = true;
  std::size_t shards_ = 0;  // of the last answer
  std::string problem_;
};

}  // namespace dbxes::sync
