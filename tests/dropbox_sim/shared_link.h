// SPDX-License-Identifier: Apache-2.0
//
// A link that the primary account has made for a file or a folder.

#ifndef DBXES_TESTS_DROPBOX_SIM_SHARED_LINK_H_
#define DBXES_TESTS_DROPBOX_SIM_SHARED_LINK_H_

#include <cstdint>
#include <string>

namespace dbxes::sim {

struct SharedLink {
  std::string url;
  std::string item_id;
  std::string audience = "public";  // public, team, no_one, password, members, or anything new
  bool require_password = false;
  bool of_other_team = false;  // the content belongs to a team that is not the link owner's
  int64_t expires_s = 0;       // 0: never
};

}  // namespace dbxes::sim

#endif  // DBXES_TESTS_DROPBOX_SIM_SHARED_LINK_H_
