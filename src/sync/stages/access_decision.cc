// SPDX-License-Identifier: Apache-2.0
#include "sync/stages/access_decision.h"

#include <fmt/format.h>

#include <iterator>

#include "base/hash.h"
#include "base/path_key.h"
#include "base/tree_path.h"

namespace dbxes::sync {
namespace {

constexpr std::string_view kRemoved =
    R"("_allow_access_control":null,"permissions_fingerprint":null})";

bool StaysWhereItIs(const elastic::StoredDocument& stored, const DocumentPlace& place) {
  std::string stored_key;
  std::string key;
  return stored.shared_folder_id == place.shared_folder_id &&
         stored.path_lower.empty() == place.path_lower.empty() &&
         FolderOf(PathKey(stored.path_lower, stored_key)) ==
             FolderOf(PathKey(place.path_lower, key));
}

// Of what somebody else has changed, only a write of the whole document may say that it is ours.
void AppendStamp(const elastic::DocumentVersion& version, std::string& source) {
  if (!version.is_ours) return;
  source.pop_back();
  fmt::format_to(std::back_inserter(source), R"(,"sync_version":{}}})", version.next_stamp);
}

}  // namespace

AccessDecision DecideAccess(const permissions::Permission* permission,
                            const elastic::StoredDocument* stored, const DocumentPlace& place,
                            bool crossed) {
  const bool has_list = stored != nullptr && !stored->permissions_fingerprint.empty();
  const bool unsure = crossed || (stored != nullptr && !stored->list_is_ours);
  AccessDecision decision;
  if (permission == nullptr) {
    decision.remove = has_list || (stored != nullptr && unsure);
    return decision;
  }
  if (permission->Readable()) {
    const bool same = has_list && !unsure &&
                      stored->permissions_fingerprint == ToHex64(permission->list->fingerprint);
    if (!same) decision.list = permission->list;
    return decision;
  }
  const bool keep = has_list && !unsure && StaysWhereItIs(*stored, place);
  if (!keep)
    decision.list =
        std::make_shared<const permissions::AccessList>(permissions::NobodysAccessList());
  return decision;
}

void AppendAccess(const AccessDecision& decision, std::string& source) {
  if (!decision.Changes()) return;
  source.pop_back();  // the closing brace
  if (source.size() > 1) source += ',';
  if (decision.remove) {
    source += kRemoved;
    return;
  }
  fmt::format_to(std::back_inserter(source),
                 R"("_allow_access_control":{},"permissions_fingerprint":"{:016x}"}})",
                 decision.list->json, decision.list->fingerprint);
}

elastic::BulkAction AccessUpdate(std::string_view id, std::string_view path,
                                 const elastic::DocumentVersion& version,
                                 const AccessDecision& decision, std::string& source) {
  source = "{}";
  AppendAccess(decision, source);
  AppendStamp(version, source);
  elastic::BulkAction action;
  action.kind = elastic::BulkAction::kUpdate;
  action.id = id;
  action.path = path;
  action.source = source;
  action.version = version;
  return action;
}

}  // namespace dbxes::sync
