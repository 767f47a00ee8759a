// SPDX-License-Identifier: Apache-2.0
// Listings and cursors. A cursor is a position: in the walk of an initial listing, then in the
// journal from the watermark that was taken when the walk began, so that no change in
// between is lost. It is signed and remembers the options and headers of the first call. Pages of
// an unchanged tree are rendered once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dropbox_sim/render.h"
#include "dropbox_sim/style.h"
#include "dropbox_sim/tree.h"

namespace dbxes::sim {

// What a listing shows: fixed by the first call.
struct View {
  std::string binding;  // token, select headers, root
  const Account* account = nullptr;
  std::uint32_t root = 0;  // namespace that "" means
  std::string path_lower;  // "" is the root
  bool recursive = false;
  bool include_deleted = false;
  bool include_explicit = false;
  bool include_mounted = true;
  bool include_non_downloadable = true;
  std::size_t limit = 0;

  std::string Key() const;
};

struct CursorState {
  std::uint64_t generation = 0;
  std::uint64_t view = 0;
  std::uint64_t listing = 0;  // 0: the walk is over
  std::uint64_t offset = 0;   // in the walk
  std::uint64_t journal = 0;  // position
  std::uint64_t hop = 0;      // empty pages in a row
};

// The views that were asked for, each once.
class Views {
 public:
  std::uint64_t Intern(const View& view);
  const View& at(std::uint64_t id) const { return views_.at(id); }
  std::size_t size() const { return views_.size(); }

 private:
  std::vector<View> views_;
  std::map<std::string, std::uint64_t> ids_;
};

// Pages of one version of the tree, up to a number of bytes.
class PageCache {
 public:
  explicit PageCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  void Clear();
  // The page of this key at this version of the tree; rendered unless it is known.
  std::shared_ptr<const std::string> Get(std::uint64_t version, const std::string& key,
                                         const std::function<std::string()>& render);

 private:
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t version_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const std::string>> pages_;
};

class Listings {
 public:
  Listings(const Tree& tree, const Style& style, std::uint64_t seed, std::size_t cache_bytes,
           std::size_t page_size);

  std::uint64_t Intern(const View& view) { return views_.Intern(view); }
  const View& view(std::uint64_t id) const { return views_.at(id); }
  // A cursor before the first page.
  CursorState Begin(std::uint64_t view);
  // A cursor at "now".
  CursorState Latest(std::uint64_t view) const;
  std::string Encode(const CursorState& state) const;
  // Nothing if the text is not a cursor of this simulator.
  std::optional<CursorState> Decode(std::string_view text) const;
  // True if its listing was dropped or all cursors were reset.
  bool IsReset(const CursorState& state) const;
  void ResetAll();
  // False if the folder it lists is gone.
  bool FolderExists(const View& view) const;
  // True if there is something after this cursor.
  bool HasNews(const CursorState& state);
  // The page after a cursor, as JSON.
  std::shared_ptr<const std::string> Page(const CursorState& state);
  // No entries, has_more, and another cursor for `state`.
  std::string EmptyPage(CursorState state) const;

 private:
  struct Ref {
    ItemPtr item;
    std::uint32_t space = 0;
  };
  struct Walk {
    std::vector<Ref> refs;
    std::vector<Space> spaces;
    std::uint64_t watermark = 0;
    std::uint64_t version = 0;
  };
  struct Scope {  // a view against the tree of this moment
    std::vector<Space> spaces;
    std::unordered_map<std::uint32_t, std::size_t> by_ns;
  };
  struct Base {
    std::uint32_t root = 0;
    std::string path;
  };

  std::uint64_t MakeWalk(const View& view);
  void WalkSpace(const View& view, const Walk& walk, std::uint32_t space,
                 std::vector<Ref>* refs) const;
  bool InView(const View& view, const Item& item, const Space& space) const;
  const Scope& ScopeOf(std::uint64_t view_id);
  std::size_t PageSize(const View& view, std::uint64_t random) const;
  CursorState WriteWalkPage(JsonOut* json, CursorState state, std::size_t count);
  CursorState WriteDeltaPage(JsonOut* json, CursorState state, std::size_t count);
  std::string Render(const CursorState& state);

  const Tree& tree_;
  const Style& style_;
  std::uint64_t seed_;
  std::string key_;
  std::size_t page_size_;
  std::uint64_t generation_ = 1;
  Views views_;
  std::vector<std::shared_ptr<Walk>> walks_;            // index 0 is unused
  std::map<std::uint64_t, std::uint64_t> newest_walk_;  // by view
  std::map<std::uint64_t, Scope> scopes_;
  std::uint64_t scopes_version_ = 0;
  PageCache pages_;
};

}  // namespace dbxes::sim
