// SPDX-License-Identifier: Apache-2.0
// Members of single files, a hundred files in a request. The batch leaves inherited members out, as
// the folder's list has them (Dropbox HTTP API: sharing/list_file_members/batch).
#include <algorithm>
#include <utility>

#include "permissions/permission_reader.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kBatchesAtOnce = 4;
// Dropbox HTTP API: SharingFileAccessError.
constexpr std::string_view kUnknownFile = "access_error/invalid_file";

}  // namespace

Result<PermissionReader::FilesById> PermissionReader::ReadFiles(
    const std::vector<std::string>& ids) {
  FilesById files;
  for (const std::string& id : ids) files[id].problem = "Dropbox left the file out of its answer";
  std::vector<std::vector<std::string>> batches;
  for (const auto& [id, file] : files) {
    if (batches.empty() || batches.back().size() == dropbox::SharingClient::kMaxBatch)
      batches.emplace_back();
    batches.back().push_back(id);
  }
  for (std::size_t begin = 0; begin < batches.size(); begin += kBatchesAtOnce) {
    const std::size_t end = std::min(batches.size(), begin + kBatchesAtOnce);
    std::vector<Pending<std::vector<dropbox::BatchedFileMembers>>> answers;
    for (std::size_t i = begin; i < end; ++i)
      answers.push_back(sharing_.ListFileMembers(batches[i]));
    for (std::size_t i = begin; i < end; ++i) {
      TRY(FinishBatch(batches[i], answers[i - begin], files));
    }
  }
  return files;
}

Result<void> PermissionReader::FinishBatch(
    const std::vector<std::string>& ids,
    const Pending<std::vector<dropbox::BatchedFileMembers>>& answer, FilesById& files) {
  auto batch = loop_.Await(answer);
  if (!batch) {
    if (!ConcernsOneList(batch.error())) return Fail(batch.error());
    for (const std::string& id : ids) {
      files[id].problem = batch.error().ToLine();
      files[id].http_status = batch.error().http_status;
    }
    return {};
  }
  for (dropbox::BatchedFileMembers& row : *batch) {
    const auto asked = files.find(row.file);
    if (asked == files.end()) continue;
    FileMembers& file = asked->second;
    file.problem =
        row.error.empty() ? "" : "Dropbox does not show the file's members: " + row.error;
    file.unknown = row.error == kUnknownFile;
    file.members = std::move(row.page.members);
    if (row.page.cursor.empty()) continue;
    TRY(FollowCursor(std::move(row.page.cursor), file));
  }
  for (const std::string& id : ids) Hear(files[id].members);
  return {};
}

Result<bool> PermissionReader::HasLeft(const std::string& id) {
  if (left_.count(id) > 0) return true;
  const auto place = loop_.Await(sharing_.GetPlace(id));
  if (dropbox::IsNowhere(place)) {
    left_.insert(id);
    return true;
  }
  if (!place && !ConcernsOneList(place.error())) return Fail(place.error());
  return false;
}

Result<void> PermissionReader::FollowCursor(std::string cursor, FileMembers& file) {
  while (!cursor.empty()) {
    auto page = loop_.Await(sharing_.ListFileMembersContinue(cursor));
    if (!page) {
      if (!ConcernsOneList(page.error())) return Fail(page.error());
      file.problem = page.error().ToLine();
      file.http_status = page.error().http_status;
      return {};
    }
    for (dropbox::Member& member : page->members) file.members.push_back(std::move(member));
    if (page->cursor == cursor) {
      file.problem = "Dropbox repeats a cursor of the file's members";
      return {};
    }
    cursor = std::move(page->cursor);
  }
  return {};
}

}  // namespace dbxes::permissions
