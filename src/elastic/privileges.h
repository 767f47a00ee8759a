// SPDX-License-Identifier: Apache-2.0
// What a credential must be allowed to do: the command check asks for these privileges, and init
// makes an API key that has them (Elasticsearch documentation: Security privileges).
#pragma once

#include <string_view>

namespace dbxes::elastic {

struct Privilege {
  std::string_view name;
  std::string_view purpose;  // "to write documents"
};

// On the index, the index of identities, and the index of a state in the cluster.
inline constexpr Privilege kIndexPrivileges[] = {
    {"view_index_metadata", "to read the mapping of the index"},
    {"read", "to compare documents and to find those to delete"},
    {"index", "to write documents"},
    {"delete", "to delete documents"},
    {"maintenance", "to refresh the index"},
    {"create_index", "to create the index"},
    {"manage", "to write fields and the keeper of the index into its mapping"},
};
// On the cluster: to read its version.
inline constexpr std::string_view kClusterPrivilege = "monitor";

}  // namespace dbxes::elastic
