// SPDX-License-Identifier: Apache-2.0
// A link that the primary account has made for a file or a folder.
#pragma once

#include <cstdint>
#include <string>

namespace dbxes::sim {

struct SharedLink {
  std::string url;
  std::string item_id;
  std::string audience = "public";  // public, team, no_one, password, members, or anything new
  bool require_password = false;
  bool of_other_team = false;  // the content belongs to a team that is not the link owner's
  std::int64_t expires_s = 0;  // 0: never
};

}  // namespace dbxes::sim
