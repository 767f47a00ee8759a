// SPDX-License-Identifier: Apache-2.0
#include "sync/access/permission_rewrite.h"

#include <utility>

#include "base/hash.h"
#include "base/json/json_text.h"
#include "elastic/query.h"
#include "sync/stages/access_decision.h"
#include "sync/stages/permission_stage.h"

namespace dbxes::sync {
namespace {

std::string FingerprintIn(std::initializer_list<std::uint64_t> fingerprints) {
  std::vector<std::string> values;
  for (const std::uint64_t fingerprint : fingerprints) values.push_back(ToHex64(fingerprint));
  return elastic::TermsClause("permissions_fingerprint", JsonList(values));
}

}  // namespace

std::string DocumentsOf(const std::string& folder_id) {
  return elastic::TermClause("shared_folder_id", folder_id);
}

PermissionRewrite::PermissionRewrite(elastic::SearchableIndex index,
                                     permissions::PermissionReader& reader,
                                     elastic::ActionSink& sink, checkpoint::FailuresFile& failures)
    : index_(std::move(index)), reader_(reader), sink_(sink), failures_(failures) {}

Result<void> PermissionRewrite::ForEachPage(const std::string& query,
                                            const std::function<Result<void>(const Hits&)>& visit) {
  elastic::SearchOptions options;
  options.path_lower = true;
  options.versions = true;
  return elastic::ForEachPageOfHits(index_, query, options, visit);
}

Result<void> PermissionRewrite::Write(const elastic::Hit& hit,
                                      const std::shared_ptr<const permissions::AccessList>& list) {
  return sink_.Add(AccessUpdate(hit.id, hit.path_lower, hit.version, {list, false}, source_));
}

Result<void> PermissionRewrite::Folder(const std::string& folder_id,
                                       const std::shared_ptr<const permissions::AccessList>& list,
                                       std::uint64_t before, bool files_inherit) {
  const auto write = [&](const Hits& hits) -> Result<void> {
    for (const elastic::Hit& hit : hits) TRY(Write(hit, list));
    return {};
  };
  const std::string in_folder = DocumentsOf(folder_id);
  // Folders have no revision.
  const std::string is_file = elastic::ExistsClause("rev");
  const std::string folders_only = files_inherit ? "" : is_file;
  // What carried the folder's own list had nothing else to it when it was written.
  if (before != 0) {
    const std::string has_new = FingerprintIn({list->fingerprint});
    TRY(ForEachPage(elastic::AllOf({in_folder, FingerprintIn({before})}, {has_new, folders_only}),
                    write));
  }
  const std::string known = FingerprintIn({list->fingerprint, before});
  const auto ask = [&](bool is_folder) {
    return
        [this, &folder_id, is_folder](const Hits& hits) { return Ask(folder_id, is_folder, hits); };
  };
  TRY(ForEachPage(elastic::AllOf({in_folder}, {known, is_file}), ask(true)));
  if (!files_inherit) return {};
  return ForEachPage(elastic::AllOf({in_folder, is_file}, {known}), ask(false));
}

Result<void> PermissionRewrite::Ask(const std::string& folder_id, bool is_folder,
                                    const Hits& hits) {
  std::vector<permissions::PermissionQuery> queries;
  for (const elastic::Hit& hit : hits) {
    queries.push_back({hit.id, hit.path_lower, folder_id, is_folder, !is_folder});
  }
  TRY_ASSIGN(const auto permissions, reader_.Read(queries));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const permissions::Permission& permission = permissions[i];
    const elastic::Hit& hit = hits[i];
    if (permission.Readable()) {
      TRY(Write(hit, permission.list));
      continue;
    }
    if (permission.has_left) continue;
    failures_.Add({std::string(hit.id), std::string(hit.path_lower),
                   std::string(PermissionStage::kOperation), permission.http_status,
                   permission.problem});
  }
  return {};
}

}  // namespace dbxes::sync
