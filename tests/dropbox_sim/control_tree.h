// SPDX-License-Identifier: Apache-2.0
//
// The control calls that change the tree: one row each in a table, by name.

#ifndef DBXES_TESTS_DROPBOX_SIM_CONTROL_TREE_H_
#define DBXES_TESTS_DROPBOX_SIM_CONTROL_TREE_H_

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

#include "dropbox_sim/tree.h"

namespace dbxes::sim {

/// Carries out "add_file", "move" and so on. Returns the id that the call made, if any; nothing if
/// there is no such call. Throws TreeError when the arguments make no sense.
std::optional<std::string> ChangeTree(Tree* tree, std::string_view name,
                                      const rapidjson::Value& args);

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_CONTROL_TREE_H_
