// SPDX-License-Identifier: Apache-2.0
// Who may read what: the truth that access lists are compared with.
#pragma once

#include <cstdint>

#include "dropbox_sim/account.h"
#include "dropbox_sim/folders.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/items.h"
#include "dropbox_sim/live_item.h"
#include "dropbox_sim/people.h"
#include "dropbox_sim/shares.h"

namespace dbxes::sim {

class Rights {
 public:
  // All are the caller's, and live longer.
  Rights(const Ids& ids, const Items& items, const People& people, const Folders& folders,
         const Shares& shares)
      : ids_(ids), items_(items), people_(people), folders_(folders), shares_(shares) {}

  bool CanRead(const Account& account, std::uint32_t ns) const;
  // The truth about one document: by its namespace (that of the mount for a shared folder itself)
  // or as a member of this very file. Only active people read anything.
  bool CanRead(const Account& account, const LiveItem& item) const;
  // Whether a shared link opens the document; only active people count.
  bool CanReadByLink(const Account& account, const LiveItem& item) const;
  bool IsReadOnly(const Account& account, std::uint32_t ns) const;

 private:
  bool LetsIn(const SharedLink& link, const Account& account) const;

  const Ids& ids_;
  const Items& items_;
  const People& people_;
  const Folders& folders_;
  const Shares& shares_;
};

}  // namespace dbxes::sim
