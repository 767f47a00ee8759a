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

Result<void> WriteAccess(elastic::ActionSink& sink, std::string_view id, std::string_view path,
                         const std::shared_ptr<const permissions::AccessList>& list) {
  std::string source = "{}";
  AppendAccess({list, false}, source);
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kUpdate;
  action.id = id;
  action.path = path;
  action.source = source;
  action.upserts = false;
  return sink.Add(action);
}

PermissionRewrite::PermissionRewrite(elastic::Client& client, std::string index,
                                     std::string id_field, permissions::PermissionReader& reader,
                                     elastic::ActionSink& sink,
                                     std::function<void(report::FailedDocument)> on_failed)
    : client_(client),
      index_(std::move(index)),
      id_field_(std::move(id_field)),
      reader_(reader),
      sink_(sink),
      on_failed_(std::move(on_failed)) {}

Result<void> PermissionRewrite::ForEachHit(
    const std::string& query,
    const std::function<Result<void>(const std::vector<elastic::Hit>&)>& visit) {
  elastic::SearchOptions options;
  options.path_lower = true;
  elastic::HitReader hits(client_, index_, id_field_, query, options);
  for (;;) {
    TRY_ASSIGN(auto page, hits.Next());
    if (page.hits.empty()) return {};
    TRY(visit(page.hits));
  }
}

Result<void> PermissionRewrite::Folder(const std::string& folder_id,
                                       const std::shared_ptr<const permissions::AccessList>& list,
                                       std::uint64_t before, bool files_inherit) {
  const auto write = [&](const std::vector<elastic::Hit>& hits) -> Result<void> {
    for (const elastic::Hit& hit : hits) {
      TRY(WriteAccess(sink_, hit.id, hit.path_lower, list));
    }
    return {};
  };
  const std::string in_folder = DocumentsOf(folder_id);
  // Folders have no revision.
  const std::string is_file = elastic::ExistsClause("rev");
  const std::string folders_only = files_inherit ? "" : is_file;
  // What carried the folder's own list had nothing else to it when it was written.
  if (before != 0) {
    const std::string has_new = FingerprintIn({list->fingerprint});
    TRY(ForEachHit(elastic::AllOf({in_folder, FingerprintIn({before})}, {has_new, folders_only}),
                   write));
  }
  const std::string known = FingerprintIn({list->fingerprint, before});
  const auto ask = [&](bool is_folder) {
    return [this, &folder_id, is_folder](const std::vector<elastic::Hit>& hits) {
      return Ask(folder_id, is_folder, hits);
    };
  };
  TRY(ForEachHit(elastic::AllOf({in_folder}, {known, is_file}), ask(true)));
  if (!files_inherit) return {};
  return ForEachHit(elastic::AllOf({in_folder, is_file}, {known}), ask(false));
}

Result<void> PermissionRewrite::Ask(const std::string& folder_id, bool is_folder,
                                    const std::vector<elastic::Hit>& hits) {
  std::vector<permissions::PermissionQuery> queries;
  for (const elastic::Hit& hit : hits) {
    queries.push_back({hit.id, hit.path_lower, folder_id, is_folder, !is_folder});
  }
  auto permissions = reader_.Read(queries);
  if (!permissions) return Fail(permissions.error());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const permissions::Permission& permission = (*permissions)[i];
    const elastic::Hit& hit = hits[i];
    if (permission.Readable()) {
      TRY(WriteAccess(sink_, hit.id, hit.path_lower, permission.list));
      continue;
    }
    if (permission.has_left) continue;
    on_failed_({std::string(hit.id), std::string(hit.path_lower),
                std::string(PermissionStage::kOperation), permission.http_status,
                permission.problem});
  }
  return {};
}

}  // namespace dbxes::sync
