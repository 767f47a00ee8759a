// SPDX-License-Identifier: Apache-2.0
#include "permissions/file_members.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/batches.h"
#include "dropbox/files.h"
#include "dropbox/follow_pages.h"
#include "dropbox/route_error.h"
#include "permissions/for_each_at_once.h"

namespace dbxes::permissions {
namespace {

constexpr std::size_t kBatchesAtOnce = 4;

void SetProblem(const Error& error, MembersOfFile& file) {
  file.problem = error.ToLine();
  file.http_status = error.http_status;
}

}  // namespace

Result<FileMembers::ById> FileMembers::Read(const std::vector<std::string>& ids) {
  ById files;
  for (const std::string& id : ids) files[id].problem = "Dropbox left the file out of its answer";
  std::vector<std::string> each;
  for (const auto& [id, file] : files) each.push_back(id);
  std::vector<Batch> batches;
  for (const Batch batch : InBatches(std::as_const(each), dropbox::FileMemberBatches::kMaxBatch)) {
    batches.push_back(batch);
  }
  TRY(ForEachAtOnce(
      batches, kBatchesAtOnce, [this](Batch batch) { return batches_.List(batch); },
      [&](Batch batch, const auto& answer) { return FinishBatch(batch, answer, files); }));
  return files;
}

Result<void> FileMembers::FinishBatch(
    Batch ids, const Pending<std::vector<dropbox::BatchedFileMembers>>& answer, ById& files) {
  auto rows = loop_.Await(answer);
  if (!rows) {
    if (!dropbox::ConcernsOneList(rows.error())) return Fail(rows.error());
    for (const std::string& id : ids) SetProblem(rows.error(), files[id]);
    return {};
  }
  for (dropbox::BatchedFileMembers& row : *rows) {
    const auto file = files.find(row.file);
    if (file == files.end()) continue;
    TRY(FinishFile(row, file->second));
  }
  if (!on_member_) return {};
  for (const std::string& id : ids) {
    const std::vector<dropbox::Member>& members = files[id].members;
    std::for_each(members.begin(), members.end(), on_member_);
  }
  return {};
}

Result<void> FileMembers::FinishFile(dropbox::BatchedFileMembers& row, MembersOfFile& file) {
  file.problem = row.error.empty() ? "" : "Dropbox does not show the file's members: " + row.error;
  file.unknown = row.error == dropbox::kUnknownFile;
  file.members = std::move(row.page.members);
  if (row.page.cursor.empty()) return {};
  const auto fetch = [this](const std::string& cursor) {
    return loop_.Await(batches_.Continue(cursor));
  };
  const auto read = dropbox::FollowPages(
      client_.pace(), "the file's members", fetch,
      [&](dropbox::MemberPage& page) {
        std::move(page.members.begin(), page.members.end(), std::back_inserter(file.members));
      },
      std::move(row.page.cursor));
  if (read) return {};
  if (!dropbox::ConcernsOneList(read.error())) return read;
  SetProblem(read.error(), file);
  return {};
}

Result<bool> FileMembers::HasLeft(const std::string& id) {
  if (left_.count(id) > 0) return true;
  const auto place = loop_.Await(dropbox::GetPlace(client_, id, client_.few_retries()));
  if (dropbox::IsNowhere(place)) {
    left_.insert(id);
    return true;
  }
  if (!place && !dropbox::ConcernsOneList(place.error())) return Fail(place.error());
  return false;
}

}  // namespace dbxes::permissions
