// SPDX-License-Identifier: Apache-2.0
// The Dropbox that a run reads: the client, the folder that contains all configured ones, the lists
// that stand beside the change feed, and the readers of what is in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/http/event_loop.h"
#include "checkpoint/checkpoint.h"
#include "config/config.h"
#include "delta/delta_reader.h"
#include "delta/find_folders.h"
#include "dropbox/client.h"
#include "dropbox/kept_token.h"
#include "sync/access/access.h"

namespace dbxes::sync {

// The files that were shared with the account one by one and have no place in its tree, and a hash
// by which the next run sees that nothing changed. A file whose listing entry is the same may still
// have new content: only full syncs look.
struct ReceivedFiles {
  std::vector<dropbox::ReceivedFile> files;
  checkpoint::ReceivedListing listing;
};

class Source {
 public:
  Source(EventLoop& loop, const config::Config& config, std::uint64_t seed,
         std::function<void(const Error&, Milliseconds)> on_retry);

  EventLoop& loop() { return loop_; }
  dropbox::Client& client() { return client_; }
  SenderCounters counters() const { return client_.counters(); }

  // With document level security, before anything is read: the arguments are those of Access.
  void ReadAccess(Access::Settings settings, checkpoint::PermissionTable& table,
                  checkpoint::FailuresFile& failures, report::Reporter& reporter) {
    access_.emplace(client_, settings, table, failures, reporter);
  }
  // The readers of documents; null without document level security.
  Access* access() { return access_ ? &*access_ : nullptr; }
  // Reads those of a page; null as above. Valid until the next Access::Begin.
  PermissionStage* permissions() { return access_ ? &access_->stage() : nullptr; }

  // Uses the access token of an earlier run, and keeps that of this one, as KeptToken does.
  void KeepToken(FileSystem& files, const FileProbe& probe,
                 dropbox::KeptToken::OnTrouble on_trouble);

  // The change feed of that folder: a fresh listing where `cursor` is "". The feeds of several
  // folders would be none: what moves from one to another is in an order only where both are shown.
  delta::DeltaReader Follow(const std::string& cursor);
  // That folder in Dropbox's lower case, "" for the root.
  Result<std::string> FindRoot();
  // The configured folders as Dropbox has them (delta/find_folders.h), and whether all are there:
  // the feed would show that everything in one of several that is not there is gone.
  Result<delta::FoundFolders> FindFolders();
  Result<FolderList> FindAllFolders();
  Result<void> ConfirmFolders();
  // All pages, or nothing where the list cannot be read, which is then the outcome of a run that
  // does all else (see unread): half a list would delete the other half. Empty where
  // dropbox.include_received_files is off (sharing/list_received_files).
  Result<std::optional<ReceivedFiles>> ListReceived();
  // Requests the first page of that list, so that it is on its way while the change feed is read.
  // What Dropbox answers may be older than an entry of the feed: a file that was mounted meanwhile
  // would be taken for a received one, and one that was unmounted would be missing. So
  // ListReceivedAsAsked, which is ListReceived with this page, is only for a feed without entries;
  // otherwise ListReceived asks again.
  void AskReceived();
  Result<std::optional<ReceivedFiles>> ListReceivedAsAsked();
  // Why a list that the run did without could not be read.
  const std::optional<Error>& unread() const { return unread_; }

 private:
  using FirstPage = std::optional<Pending<dropbox::ReceivedPage>>;
  Result<std::optional<ReceivedFiles>> ListFrom(FirstPage first);

  EventLoop& loop_;
  const config::DropboxConfig& config_;
  std::string root_;  // contains all of config_.paths
  std::function<void(const Error&, Milliseconds)> on_retry_;
  dropbox::Client client_;
  std::optional<Access> access_;
  std::optional<dropbox::KeptToken> kept_token_;
  FirstPage asked_;
  std::optional<Error> unread_;
};

}  // namespace dbxes::sync
