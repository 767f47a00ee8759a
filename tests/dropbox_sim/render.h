// SPDX-License-Identifier: Apache-2.0
// Turns items into the metadata objects of "Dropbox HTTP API: metadata objects".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/json_out.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

// Where the items of one namespace appear in an account's tree, and what they have in common.
struct Space {
  std::uint32_t ns = 0;
  const Account* account = nullptr;  // whose tree it is
  std::string lower;                 // path_lower of the mount, empty for the root itself
  std::string display;
  std::string shared_id;  // parent_shared_folder_id of everything in it; empty when private
  bool read_only = false;
  bool has_path = true;  // false: not mounted, so entries carry no path
};

struct EntryOptions {
  bool explicit_members = false;
};

// The namespaces that are visible from `root`, itself first; each with its place. Without `mounts`
// only the root.
std::vector<Space> VisibleSpaces(const Tree& tree, const Account& account, std::uint32_t root,
                                 bool mounts);
Space MakeSpace(const Tree& tree, const Account& account, std::uint32_t ns, std::string lower,
                std::string display);

void WriteEntry(JsonOut* json, const Tree& tree, const Item& item, const Space& space,
                const EntryOptions& options);

}  // namespace dbxes::sim
