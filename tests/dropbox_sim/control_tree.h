// SPDX-License-Identifier: Apache-2.0
// The control calls that change the tree: one row each in a table, by name.
#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

#include "dropbox_sim/tree.h"

namespace dbxes::sim {

// Carries out "add_file", "move" and so on. Returns the id that the call made, if any; nothing if
// there is no such call. Throws TreeError when the arguments are invalid.
std::optional<std::string> ChangeTree(Tree* tree, std::string_view name,
                                      const rapidjson::Value& args);

}  // namespace dbxes::sim
