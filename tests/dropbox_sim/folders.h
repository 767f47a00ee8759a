// SPDX-License-Identifier: Apache-2.0
// Shared folders and team folders, where they are mounted, and the roots of each team layout. A
// shared folder is a namespace; its id is also the id of the namespace.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dropbox_sim/account.h"
#include "dropbox_sim/event_log.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/items.h"
#include "dropbox_sim/people.h"

namespace dbxes::sim {

// Where an account's root is; teams are migrated from one to the next ("Dropbox HTTP API: team
// files").
enum class RootLayout : std::uint8_t {
  kHome,        // the home is the root, and team folders are mounted in it
  kSharedRoot,  // one root for all members, in which each sees no home but the own
  kOwnRoot,     // a root for each member
};

class Folders {
 public:
  // All are the caller's, and live longer.
  Folders(Ids& ids, Items& items, People& people, EventLog& events)
      : ids_(ids), items_(items), people_(people), events_(events) {}

  std::string ShareFolder(std::string_view path);
  void Unmount(std::string_view path);
  void Mount(std::string_view shared_folder_id, std::string_view path);
  // Adds a team folder and mounts it for the primary account.
  std::string AddTeamFolder(std::string_view name);
  void SetMembers(std::string_view shared_folder_id, std::vector<Member> members);
  void SetInheritance(std::string_view shared_folder_id, bool inherits);
  // Members of a namespace as list_folder_members shows them, those inherited from above included.
  std::vector<Member> EffectiveMembers(std::uint32_t ns) const;
  // Gives an account a root of its own above its home (team space); the home is mounted there at
  // /Display Name. The tag may be "user" too: it does not say whether there is a team space.
  void GiveTeamSpace(std::string_view account_id, std::string_view root_info_tag = "team");
  // Moves an account to another layout. A Path-Root header with the old root gets invalid_root from
  // now on.
  void ChangeRoot(std::string_view account_id, RootLayout layout,
                  std::string_view root_info_tag = "team");
  std::uint32_t team_root() const { return team_root_; }  // 0: the team has no root that all share

  // Refuses to mount a namespace inside itself, and twice in anybody's tree. `from`: where it is
  // mounted now and will not be any more, 0 for nowhere.
  void CheckMountable(std::uint32_t ns, std::uint32_t around, std::uint32_t from) const;
  // A shared folder goes from one namespace to another, and out of what it was nested in.
  void MoveMount(std::uint32_t mounted, std::uint32_t from, std::uint32_t to);

 private:
  // TreeError if there is no such shared folder.
  std::uint32_t RequireFolder(std::string_view shared_folder_id) const;
  // True if namespace `inner` is `outer` or mounted somewhere in it, where `viewer` can see it.
  bool Holds(std::uint32_t outer, std::uint32_t inner, const Account* viewer = nullptr) const;
  // A folder that is shared in `ns` is nested in it: inherits its members.
  bool Nests(std::uint32_t ns) const;
  void LogMembers(std::uint32_t ns, const std::vector<Member>& before);
  void LeaveRoot(Account* person);
  void JoinRoot(Account* person, std::uint32_t root, std::string_view root_info_tag);

  Ids& ids_;
  Items& items_;
  People& people_;
  EventLog& events_;
  std::uint32_t team_root_ = 0;
};

}  // namespace dbxes::sim
