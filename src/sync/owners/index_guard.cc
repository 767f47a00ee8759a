// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/index_guard.h"

#include <fmt/format.h>

#include "base/safe_text.h"
#include "base/version.h"
#include "elastic/meaning.h"
#include "sync/owners/path_change.h"

namespace dbxes::sync {
namespace {

// A listing may take hours without a write.
constexpr Milliseconds kRecent{10'000};

// Anyone who may change the mapping can write anything into it.
std::string Owner(const std::string& email, const std::string& account) {
  return InOneLine(email.empty() ? account : fmt::format("{} ({})", email, account));
}

// An engine that names no UUID cannot be distinguished from itself.
bool IsAnother(const elastic::IndexIdentity& known, const elastic::IndexIdentity& found) {
  return known.known() && found.known() && known != found;
}

}  // namespace

bool IsIndexReplaced(const Error& error) {
  return error.kind == ErrorKind::kIndexReplaced || elastic::IsMissingIndex(error);
}

IndexGuard::IndexGuard(elastic::Client& client, std::string index, FolderList paths, Ledger& ledger)
    : client_(client), index_(std::move(index)), paths_(std::move(paths)), ledger_(ledger) {}

Result<void> IndexGuard::CheckAccount(const std::string& account, const std::string& email,
                                      const dropbox::Account& of_token) const {
  if (account.empty() || of_token.account_id.empty() || account == of_token.account_id) return {};
  return Fail(
      ErrorKind::kConfig,
      fmt::format("the index {} belongs to the Dropbox of {}, but the token is of {}: set "
                  "elasticsearch.index to another name, or use a token of that account",
                  index_, Owner(email, account), Owner(of_token.email, of_token.account_id)));
}

Result<void> IndexGuard::CheckKeeper(const elastic::Keeper& keeper,
                                     const dropbox::Account& of_token) const {
  TRY(CheckAccount(keeper.account, keeper.email, of_token));
  if (keeper.state == ledger_.state_id()) return {};
  const bool is_new = !ledger_.has_checkpoint();
  return Fail(ErrorKind::kKeptElsewhere,
              fmt::format("the index {} is kept by another state, on host {} since {}: "
                          "stop the runs there, then run dbx-es full-sync --take-over here{}",
                          index_, InOneLine(keeper.host), InOneLine(keeper.since),
                          is_new ? "; or, if it is yours, set sync.state and sync.state_dir to "
                                   "where it is"
                                 : ""));
}

Result<void> IndexGuard::WriteKeeper(const elastic::IndexReading& reading,
                                     const dropbox::Account& account) {
  const bool ours = reading.keeper && reading.keeper->state == ledger_.state_id();
  elastic::Keeper keeper{
      account.account_id,   account.email,
      JoinFolders(paths_),  ledger_.state_id(),
      ledger_.host_name(),  ours ? reading.keeper->since : FormatUtc(ledger_.NowMicros()),
      std::string(kVersion)};
  if (!writes_keeper_ || reading.keeper == keeper) return {};
  auto written = elastic::WriteKeeper(client_, reading, keeper);
  if (written || written.error().kind != ErrorKind::kPermission) return written;
  // The identity still protects; two states without it would not find each other.
  problem_ = written.error().message;
  writes_keeper_ = false;
  return {};
}

elastic::IndexIdentity IndexGuard::Known() const {
  if (confirmed_as_.known()) return confirmed_as_;
  const checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  return {record.uuid, record.history};
}

// The checkpoint of one index must never be taken for that of another: see Adopt.
void IndexGuard::Remember(const elastic::IndexReading& reading) {
  const elastic::IndexIdentity& identity = reading.identity;
  const checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  shards_ = reading.shards;
  confirmed_as_ = identity;
  client_.UseStamps(elastic::VersionStamps(identity.uuid));
  confirmed_at_ = client_.loop().clock().Now();
  wrote_ = false;
  if (!IsAnother({record.uuid, record.history}, identity)) Adopt();
}

void IndexGuard::Adopt() {
  checkpoint::IndexRecord& record = ledger_.checkpoint().index;
  if (record.uuid != confirmed_as_.uuid || record.history != confirmed_as_.history) record = {};
  record.uuid = confirmed_as_.uuid;
  record.history = confirmed_as_.history;
  record.confirmed_at = ledger_.NowMicros();
}

Result<bool> IndexGuard::Take(const dropbox::Account& account, Claim claim) {
  TRY_ASSIGN(const elastic::IndexReading reading, elastic::ReadIdentity(client_, index_, options_));
  const checkpoint::Checkpoint& state = ledger_.checkpoint();
  const bool same = !IsAnother({state.index.uuid, state.index.history}, reading.identity);
  if (reading.keeper) {
    const auto allowed = CheckKeeper(*reading.keeper, account);
    const bool overridden =
        claim.take_over && !allowed && allowed.error().kind == ErrorKind::kKeptElsewhere;
    if (!overridden) TRY(allowed);
  } else if (same) {
    TRY(CheckAccount(state.account.account_id, state.account.email, account));
  }
  if (claim.may_write && reading.keeper && !claim.change_path) {
    TRY(CheckPaths(index_, SplitFolders(reading.keeper->path), paths_));
  }
  if (claim.may_write) TRY(WriteKeeper(reading, account));
  Remember(reading);
  return same;
}

Result<void> IndexGuard::Confirm() {
  const auto reading = elastic::ReadIdentity(client_, index_, options_);
  if (!reading && elastic::IsMissingIndex(reading.error())) {
    return Fail(ErrorKind::kIndexReplaced, fmt::format("the index {} is gone", index_));
  }
  if (!reading) return Fail(reading.error());
  const dropbox::Account& account = ledger_.checkpoint().account;
  if (!confirmed_at_ && account_) {
    TRY_ASSIGN(const dropbox::Account of_token, account_());
    TRY(CheckAccount(account.account_id, account.email, of_token));
  }
  // Take may have let a run look that writes nothing.
  const bool may_look = confirmed_at_ && !ledger_.keeps();
  if (reading->keeper && !may_look) TRY(CheckKeeper(*reading->keeper, account));
  if (IsAnother(Known(), reading->identity)) {
    return Fail(ErrorKind::kIndexReplaced,
                fmt::format("the index {} is not the one that dbx-es left: it was made again or "
                            "restored, or its alias was moved",
                            index_));
  }
  // Of an earlier version, or removed by somebody who changed the mapping.
  if (!reading->keeper && ledger_.keeps()) TRY(WriteKeeper(*reading, account));
  Remember(*reading);
  return {};
}

Result<void> IndexGuard::ConfirmIfDue() {
  if (confirmed_at_ || !ledger_.IsHourSince(ledger_.checkpoint().index.confirmed_at)) return {};
  TRY(Confirm());
  return ledger_.Save();
}

Result<void> IndexGuard::ConfirmUnkept() {
  const auto reading = elastic::ReadIdentity(client_, index_, options_);
  if (!reading && elastic::IsMissingIndex(reading.error())) return {};
  if (!reading) return Fail(reading.error());
  return reading->keeper ? CheckKeeper(*reading->keeper, {}) : Result<void>();
}

Result<void> IndexGuard::BeforeWrite() {
  const bool recent = confirmed_at_ && client_.loop().clock().Now() - *confirmed_at_ < kRecent;
  if (!wrote_ && !recent) TRY(Confirm());
  wrote_ = true;
  // Until the run has ended and knows what took effect.
  ledger_.checkpoint().index.writing = true;
  return {};
}

Result<void> IndexGuard::BeforeSave() { return wrote_ ? Confirm() : Result<void>(); }

}  // namespace dbxes::sync
