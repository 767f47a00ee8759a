// SPDX-License-Identifier: Apache-2.0
// Files and folders of the namespaces of the simulated Dropbox, and the one journal of all changes.
// Every row of the delta table ("Dropbox HTTP API: delta semantics") follows from the journal and
// is never written by hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dropbox_sim/account.h"
#include "dropbox_sim/ids.h"
#include "dropbox_sim/item.h"

namespace dbxes::sim {

// How a change appears in the journal, where Dropbox promises no order.
struct EventStyle {
  enum class Children : std::uint8_t { kNone, kSome, kAll };
  bool deleted_last = false;            // moves: new place first
  bool new_rev_on_move = true;          // only content_hash shows that the content is the same
  Children children = Children::kNone;  // do children of a deleted folder get their own entry?
};

struct Place {
  std::uint32_t ns = 0;
  std::string path;  // path_lower within ns
};

class Items {
 public:
  explicit Items(Ids& ids);

  // Namespaces. The first one is the home of the primary account.

  std::uint32_t NewNamespace(NamespaceType type, std::string_view name);
  std::uint32_t FindNamespace(std::string_view id) const;  // 0: none
  const Namespace& ns(std::uint32_t index) const { return *namespaces_.at(index); }
  Namespace& ns(std::uint32_t index) { return *namespaces_.at(index); }
  std::size_t namespace_count() const { return namespaces_.size(); }
  // True for a namespace that only somebody else sees in a root they share.
  bool IsForeignHome(std::uint32_t ns, const Account& viewer) const;

  // Places. A text is "/a/b" in the home of the primary account, or "ns:123/a/b" in any namespace.

  // Follows mounts, except those that `viewer` cannot see; `path_lower` is relative to `ns`. A
  // mount point itself belongs to the namespace around it.
  Place Resolve(std::uint32_t ns, std::string_view path_lower,
                const Account* viewer = nullptr) const;
  // `display`: the path within the place's namespace, in the case of the text; may be null.
  Place ResolveText(std::string_view path, std::string* display) const;
  ItemPtr Find(std::uint32_t ns,
               std::string_view path_lower) const;  // at exactly this place, null if none
  ItemPtr Require(std::string_view path) const;     // TreeError if there is none
  ItemPtr FindById(std::string_view id) const;
  ItemPtr FindByRev(std::uint64_t rev) const;
  std::vector<ItemPtr> Under(std::uint32_t ns, std::string_view path_lower) const;
  std::vector<ItemPtr> WithDescendants(const ItemPtr& top) const;

  // Changes.

  void EnsureParents(std::uint32_t ns, std::string_view display);
  // Adds a file, or overwrites the one that is there. Returns its id.
  std::string PutFile(std::string_view path, std::shared_ptr<const Content> content,
                      const FileOptions& options);
  void Put(Item item, bool journal = true);
  void Erase(const ItemPtr& item);
  // Of items that are erased.
  void JournalDeleted(const std::vector<ItemPtr>& items, EventStyle::Children children);
  // A deleted entry for something that never was.
  void JournalUnseen(const Place& place, std::string display);
  // Entries for everything in a namespace that has been mounted.
  void Announce(std::uint32_t ns);
  // What is served for this rev instead of its content, null if that is right.
  const std::string* corrupt_bytes(std::uint64_t rev) const;
  void Corrupt(std::uint64_t rev, std::string_view bytes) { corrupt_[rev] = bytes; }

  const std::vector<ItemPtr>& journal() const { return journal_; }
  // Grows with every change, also with those that make no journal entry.
  std::uint64_t version() const { return version_; }
  void Changed() { ++version_; }

 private:
  void ExtendIndexes() const;

  Ids& ids_;
  std::uint64_t version_ = 1;
  std::vector<std::unique_ptr<Namespace>> namespaces_;  // index 0 is unused
  std::vector<ItemPtr> journal_;
  std::map<std::uint64_t, std::string> corrupt_;  // by rev
  // Built from the journal when first asked for: most runs never look up an id.
  mutable std::unordered_map<std::string_view, ItemPtr> by_id_;
  mutable std::unordered_map<std::uint64_t, ItemPtr> by_rev_;
  mutable std::size_t indexed_ = 0;
};

// The last `count` components of a path, with the slash in front.
std::string_view LastComponents(std::string_view path, std::size_t count);
bool IsAtOrUnder(std::string_view path, std::string_view top);

}  // namespace dbxes::sim
