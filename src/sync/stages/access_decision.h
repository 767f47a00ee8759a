// SPDX-License-Identifier: Apache-2.0
// What a run does to `_allow_access_control` of one document. It fails closed: without a list that
// could be read, a document keeps the one it has, or is closed to everybody. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "elastic/bulk_action.h"
#include "elastic/multi_get.h"
#include "permissions/permission_reader.h"

namespace dbxes::sync {

struct AccessDecision {
  std::shared_ptr<const permissions::AccessList> list;  // to be written; null: leave what is there
  bool remove = false;                                  // take the list away
  bool Changes() const { return list != nullptr || remove; }
};

// Where a document lies.
struct DocumentPlace {
  std::string_view shared_folder_id;  // "" for none
  std::string_view path_lower;        // "" for what has no place in the tree
};

// `permission` is null without document level security. `stored` is null for a new document;
// `crossed`: a write of ours may have changed it since. Nothing is known of a list that
// somebody else may have changed (`stored->list_is_ours`): it is written, too. A stored list is
// kept only while the document stays where it was made for, but for its own name: another shared
// folder has other readers, and the same one has others elsewhere, in what it inherits, as has the
// root of a team.
AccessDecision DecideAccess(const permissions::Permission* permission,
                            const elastic::StoredDocument* stored, const DocumentPlace& place,
                            bool crossed);

// Adds the fields that the decision changes to a complete JSON object.
void AppendAccess(const AccessDecision& decision, std::string& source);
// An update of nothing but the list of readers, of the document in this `version`. `source` becomes
// its text and has to live as long as the action.
elastic::BulkAction AccessUpdate(std::string_view id, std::string_view path,
                                 const elastic::DocumentVersion& version,
                                 const AccessDecision& decision, std::string& source);

}  // namespace dbxes::sync
