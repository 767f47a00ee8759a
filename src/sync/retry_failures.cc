// SPDX-License-Identifier: Apache-2.0
// Tries again what earlier runs could not write: what the documents are now is asked of Dropbox, by
// id, since the change feed has moved past them.
#include <fmt/format.h>

#include <vector>

#include "sync/sync_run.h"

namespace dbxes {
namespace {

constexpr std::size_t kAtOnce = 16;

bool IsUnder(std::string_view path, std::string_view folder) {
  return path.substr(0, folder.size()) == folder &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

// One entry with the page that owns its text.
struct Found {
  std::shared_ptr<Page> page = std::make_shared<Page>();
  Pending<HttpResponse> answer;
};

Found Ask(DropboxClient& client, const std::string& path_or_id) {
  Found found;
  found.answer = client.GetMetadata(path_or_id, [page = found.page](HttpResponse& response) {
    std::swap(page->text, response.body);
    return ParsePage(*page);
  });
  return found;
}

}  // namespace

Result<void> SyncRun::RetryFailures(Pass& pass) {
  // Received files are compared by every run that sees a failed one.
  std::vector<std::string> ids;
  for (const FailedDocument& failure : failures_.earlier()) {
    if (failure.operation != "read") ids.push_back(failure.id);
  }
  if (ids.empty() || !KeepsState()) return failures_.Sync();
  reporter_.Phase("retrying failed documents");
  std::string root;
  if (!config_.dropbox.path.empty()) {
    Found folder = Ask(dropbox_, config_.dropbox.path);
    if (auto answer = loop_.Await(folder.answer); !answer) return Fail(answer.error());
    root = folder.page->entries.front().path_lower;
  }
  if (auto reserved = pass.checkpointer.Reserve(ids.size()); !reserved) return reserved;
  DocumentStage documents = MakeDocumentStage(pass);
  for (std::size_t begin = 0; begin < ids.size(); begin += kAtOnce) {
    std::vector<Found> asked;
    for (std::size_t i = begin; i < std::min(ids.size(), begin + kAtOnce); ++i) {
      asked.push_back(Ask(dropbox_, ids[i]));
    }
    std::vector<Change> changes;
    for (Found& found : asked) {
      auto answer = loop_.Await(found.answer);
      // Gone since: the change feed has said so, or will.
      if (!answer && answer.error().kind == ErrorKind::kNotFound) continue;
      if (!answer) return Fail(answer.error());
      const Entry& entry = found.page->entries.front();
      if (entry.kind == EntryKind::kDeleted || entry.kind == EntryKind::kUnknown) continue;
      if (IsUnder(entry.path_lower, root)) changes.push_back({&entry, sequence_->Next(), false});
    }
    documents.Draft(changes);
    auto written = documents.Write(FormatUtc(environment_.clock.WallMicros()));
    if (!written) return written;
  }
  return sink_->Drain();
}

}  // namespace dbxes
