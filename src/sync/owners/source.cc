// SPDX-License-Identifier: Apache-2.0
#include "sync/owners/source.h"

#include <utility>

#include "base/hash.h"
#include "delta/one_entry.h"
#include "dropbox/follow_pages.h"
#include "dropbox/sharing.h"

namespace dbxes::sync {
namespace {

std::uint64_t HashOf(const dropbox::ReceivedFile& file) {
  return Hash64(file.id + '\n' + file.name + '\n' + file.preview_url);
}

// `first`: the first page, where it was requested before.
Result<ReceivedFiles> ListAllReceived(EventLoop& loop, dropbox::Client& client,
                                      std::optional<Pending<dropbox::ReceivedPage>> first) {
  ReceivedFiles all;
  const auto fetch = [&](const std::string& cursor) {
    if (first) return loop.Await(*std::exchange(first, std::nullopt));
    return loop.Await(dropbox::ListReceivedFiles(client, cursor));
  };
  TRY(dropbox::FollowPages(client.pace(), "the received files", fetch,
                           [&](dropbox::ReceivedPage& page) {
                             for (dropbox::ReceivedFile& file : page.files) {
                               // Mounted after all, so the tree has it.
                               if (!file.path_lower.empty() || file.id.empty()) continue;
                               ++all.listing.count;
                               // A sum: the order of the list means nothing.
                               all.listing.hash += HashOf(file);
                               all.files.push_back(std::move(file));
                             }
                           }));
  return all;
}

}  // namespace

Source::Source(EventLoop& loop, const config::Config& config, std::uint64_t seed,
               std::function<void(const Error&, Milliseconds)> on_retry)
    : loop_(loop),
      config_(config.dropbox),
      root_(CommonFolder(config.dropbox.paths)),
      on_retry_(std::move(on_retry)),
      client_(loop, config, on_retry_, seed) {}

delta::DeltaReader Source::Follow(const std::string& cursor) {
  return {loop_, client_, root_, cursor, on_retry_};
}

Result<std::string> Source::FindRoot() {
  if (root_.empty()) return "";
  delta::OneEntry folder = delta::AskEntry(client_, root_);
  TRY(loop_.Await(folder.answer));
  return std::string(folder.entry().path_lower);
}

Result<delta::FoundFolders> Source::FindFolders() {
  return delta::FindFolders(client_, config_.paths);
}

Result<FolderList> Source::FindAllFolders() {
  return delta::FindAllFolders(client_, config_.paths);
}

Result<void> Source::ConfirmFolders() {
  TRY(FindAllFolders());
  return {};
}

void Source::KeepToken(FileSystem& files, const FileProbe& probe,
                       dropbox::KeptToken::OnTrouble on_trouble) {
  kept_token_.emplace(files, probe, loop_.clock(), config_, std::move(on_trouble));
  client_.KeepTokenIn(*kept_token_);
}

void Source::AskReceived() {
  if (!config_.include_received_files) return;
  asked_ = dropbox::ListReceivedFiles(client_, "", dropbox::Timing::kBeside);
}

Result<std::optional<ReceivedFiles>> Source::ListReceivedAsAsked() {
  return ListFrom(std::exchange(asked_, std::nullopt));
}

Result<std::optional<ReceivedFiles>> Source::ListReceived() {
  asked_.reset();
  return ListFrom(std::nullopt);
}

Result<std::optional<ReceivedFiles>> Source::ListFrom(FirstPage first) {
  if (!config_.include_received_files) return ReceivedFiles{};
  auto received = ListAllReceived(loop_, client_, std::move(first));
  if (received) return std::move(*received);
  Error& error = received.error();
  if (error.kind != ErrorKind::kTemporary) {
    error.message += "; or set dropbox.include_received_files = false to leave received files out";
  }
  if (error.concern != Concern::kList) return Fail(std::move(error));
  if (!unread_) unread_ = std::move(error);
  return std::nullopt;
}

}  // namespace dbxes::sync
