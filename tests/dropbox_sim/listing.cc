// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <random>
#include <unordered_map>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

constexpr std::uint64_t kMaxEmptyPages = 2;  // in a row
constexpr std::size_t kMaxWalkItems = 20'000'000;

bool IsUnder(std::string_view path, std::string_view top) {
  return path.size() > top.size() && path.substr(0, top.size()) == top && path[top.size()] == '/';
}

std::string Sign(const std::string& key, std::string_view text) {
  const auto mac = HmacSha256(key, text);
  return Hex(mac.data(), 8);
}

}  // namespace

std::string View::Key() const {
  return fmt::format("{}|{}|{}|{}{}{}{}{}|{}", binding, root, path_lower, recursive,
                     include_deleted, include_explicit, include_mounted, include_non_downloadable,
                     limit);
}

Listings::Listings(const Tree& tree, const Style& style, std::uint64_t seed,
                   std::size_t cache_bytes, std::size_t page_size)
    : tree_(tree),
      style_(style),
      seed_(seed),
      key_(fmt::format("cursor key {}", Mix(seed))),
      page_size_(page_size),
      pages_(cache_bytes) {
  walks_.push_back(nullptr);
}

std::uint64_t Views::Intern(const View& view) {
  const auto [at, is_new] = ids_.try_emplace(view.Key(), views_.size());
  if (is_new) views_.push_back(view);
  return at->second;
}

void PageCache::Clear() {
  pages_.clear();
  bytes_ = 0;
}

std::shared_ptr<const std::string> PageCache::Get(std::uint64_t version, const std::string& key,
                                                  const std::function<std::string()>& render) {
  if (version_ != version) Clear();
  version_ = version;
  if (const auto found = pages_.find(key); found != pages_.end()) return found->second;
  std::string text = render();
  text.shrink_to_fit();
  auto page = std::make_shared<const std::string>(std::move(text));
  if (bytes_ + page->size() > most_bytes_) return page;
  bytes_ += page->size();
  pages_.emplace(key, page);
  return page;
}

CursorState Listings::Begin(std::uint64_t view_id) {
  std::uint64_t& newest = newest_walk_[view_id];
  const bool fresh = newest != 0 && walks_[newest] != nullptr &&
                     walks_[newest]->version == tree_.items().version();
  if (!fresh) newest = MakeWalk(views_.at(view_id));
  CursorState state;
  state.generation = generation_;
  state.view = view_id;
  state.listing = newest;
  state.journal = walks_[newest]->watermark;
  return state;
}

CursorState Listings::Latest(std::uint64_t view) const {
  CursorState state;
  state.generation = generation_;
  state.view = view;
  state.journal = tree_.items().journal().size();
  return state;
}

std::string Listings::Encode(const CursorState& s) const {
  std::string text =
      fmt::format("{}.{}.{}.{}.{}.{}", s.generation, s.view, s.listing, s.offset, s.journal, s.hop);
  text = Sign(key_, text) + "." + text;
  if (style_.long_cursors) text += "." + std::string(2500 + Mix(s.offset + s.journal) % 1500, 'x');
  return "AAF" + Base64Url(text);
}

std::optional<CursorState> Listings::Decode(std::string_view cursor) const {
  if (cursor.substr(0, 3) != "AAF") return std::nullopt;
  const std::optional<std::string> decoded = DecodeBase64(cursor.substr(3));
  if (!decoded || decoded->size() < 17) return std::nullopt;
  const std::string_view text = std::string_view(*decoded).substr(17, decoded->find(".x") - 17);
  if (Sign(key_, text) != decoded->substr(0, 16)) return std::nullopt;
  std::array<std::uint64_t, 6> numbers{};
  const char* at = text.data();
  for (std::uint64_t& number : numbers) {
    at = std::from_chars(at, text.data() + text.size(), number).ptr + 1;
  }
  return CursorState{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
}

bool Listings::IsReset(const CursorState& state) const {
  const bool known = state.generation == generation_ && state.view < views_.size() &&
                     state.listing < walks_.size();
  return !known || state.journal > tree_.items().journal().size() ||
         (state.listing != 0 && walks_[state.listing] == nullptr);
}

void Listings::ResetAll() {
  ++generation_;
  pages_.Clear();
  newest_walk_.clear();
}

bool Listings::FolderExists(const View& view) const {
  if (view.path_lower.empty()) return true;
  const Place place = tree_.items().Resolve(view.root, view.path_lower, view.account);
  const ItemPtr item = tree_.items().Find(place.ns, place.path);
  return item != nullptr && item->kind == Kind::kFolder;
}

// Whether an entry belongs to the view, judged by its path in the caller's tree. Mounts that the
// view leaves out were already skipped when the spaces were chosen.
bool Listings::InView(const View& view, const Item& item, const Space& space) const {
  if (item.kind == Kind::kFile && !view.include_non_downloadable && item.extras &&
      item.extras->export_spec)
    return false;
  if (tree_.items().IsForeignHome(item.mount, *view.account)) return false;
  if (view.recursive && view.path_lower.empty()) return true;
  const std::string path = space.lower + item.path_lower;
  if (view.recursive && path == view.path_lower) return true;
  if (!IsUnder(path, view.path_lower)) return false;
  return view.recursive || path.find('/', view.path_lower.size() + 1) == std::string::npos;
}

namespace {

// The spaces that a view can show: with mounts those at, under and around its path; without mounts
// only the space of the path.
std::vector<Space> SpacesOfView(const Tree& tree, const View& view) {
  std::vector<Space> spaces = VisibleSpaces(tree, *view.account, view.root, true);
  if (view.include_mounted) return spaces;
  const std::string below = view.path_lower + "/x";
  const std::uint32_t own = tree.items().Resolve(view.root, below, view.account).ns;
  // The folder itself is an entry of the space around it when it is a mount.
  const std::uint32_t around =
      view.path_lower.empty() ? own
                              : tree.items().Resolve(view.root, view.path_lower, view.account).ns;
  std::vector<Space> kept;
  for (Space& space : spaces) {
    if (space.ns == own || space.ns == around) kept.push_back(std::move(space));
  }
  return kept;
}

}  // namespace

void Listings::WalkSpace(const View& view, const Walk& walk, std::uint32_t index,
                         std::vector<Ref>* refs) const {
  const Space& space = walk.spaces[index];
  const Namespace& ns = tree_.items().ns(space.ns);
  const bool all_wanted =
      view.recursive && view.path_lower.empty() && view.include_non_downloadable &&
      ns.type != NamespaceType::kTeamRoot;  // where homes of others are to be left out
  if (all_wanted) refs->reserve(refs->size() + ns.items.size());
  for (const ItemPtr& item : ns.items) {
    if (all_wanted || InView(view, *item, space)) refs->push_back({item, index});
  }
  if (!view.include_deleted) return;
  for (const auto& [path, item] : ns.tombstones) {
    if (InView(view, *item, space)) refs->push_back({item, index});
  }
}

std::uint64_t Listings::MakeWalk(const View& view) {
  auto walk = std::make_shared<Walk>();
  walk->watermark = tree_.items().journal().size();
  walk->version = tree_.items().version();
  walk->spaces = SpacesOfView(tree_, view);
  std::vector<Ref> refs;
  for (std::uint32_t i = 0; i < walk->spaces.size(); ++i) WalkSpace(view, *walk, i, &refs);
  if (style_.shuffle_listing) {
    std::mt19937_64 random(Mix(seed_ + walk->version));
    std::shuffle(refs.begin(), refs.end(), random);
  }
  walk->refs = std::move(refs);
  std::size_t total = walk->refs.size();
  for (std::size_t i = walks_.size(); i-- > 1;) {
    if (walks_[i] == nullptr) continue;
    total += walks_[i]->refs.size();
    if (total > kMaxWalkItems)
      walks_[i] = nullptr;  // its cursors are reset, as old ones are at Dropbox
  }
  walks_.push_back(std::move(walk));
  return walks_.size() - 1;
}

const Listings::Scope& Listings::ScopeOf(std::uint64_t view_id) {
  if (scopes_version_ != tree_.items().version()) scopes_.clear();
  scopes_version_ = tree_.items().version();
  const auto [at, is_new] = scopes_.try_emplace(view_id);
  if (!is_new) return at->second;
  Scope& scope = at->second;
  scope.spaces = SpacesOfView(tree_, views_.at(view_id));
  for (std::size_t i = 0; i < scope.spaces.size(); ++i) scope.by_ns[scope.spaces[i].ns] = i;
  return scope;
}

std::size_t Listings::PageSize(const View& view, std::uint64_t random) const {
  const std::size_t limit = view.limit != 0 ? std::min(view.limit, page_size_) : page_size_;
  if (!style_.page_size_jitter) return limit;
  switch (random % 8) {
    case 0:
      return 1;
    case 1:
      return std::max<std::size_t>(1, limit / 3);
    case 2:
      return limit + 1 + limit / 50;  // "approximate" goes both ways
    case 3:
      return std::max<std::size_t>(1, limit - limit / 4);
    default:
      return limit;
  }
}

bool Listings::HasNews(const CursorState& state) {
  if (state.listing != 0) return true;
  const Scope& scope = ScopeOf(state.view);
  for (std::uint64_t i = state.journal; i < tree_.items().journal().size(); ++i) {
    const ItemPtr& item = tree_.items().journal()[i];
    const auto space = scope.by_ns.find(item->ns);
    if (space != scope.by_ns.end() &&
        InView(views_.at(state.view), *item, scope.spaces[space->second]))
      return true;
  }
  return false;
}

CursorState Listings::WriteWalkPage(JsonOut* json, CursorState state, std::size_t count) {
  const Walk& walk = *walks_[state.listing];
  const EntryOptions options{views_.at(state.view).include_explicit};
  const bool moved_on = walk.version != tree_.items().version();
  const std::uint64_t end = std::min<std::uint64_t>(state.offset + count, walk.refs.size());
  const std::uint64_t start =
      style_.repeat_entries && state.offset > 0 ? state.offset - 1 : state.offset;
  for (std::uint64_t i = start; i < end; ++i) {
    const Ref& ref = walk.refs[i];
    ItemPtr item = ref.item;
    // A walk shows the tree as it is at that moment; later changes are in the journal.
    if (moved_on && item->kind != Kind::kDeleted)
      item = tree_.items().Find(item->ns, item->path_lower);
    if (item == nullptr) continue;
    WriteEntry(json, tree_, *item, walk.spaces[ref.space], options);
    if (style_.repeat_entries && Mix(i) % 50 == 0)
      WriteEntry(json, tree_, *item, walk.spaces[ref.space], options);
  }
  state.offset = end;
  if (end == walk.refs.size()) {
    state.listing = 0;
    state.offset = 0;
  }
  return state;
}

CursorState Listings::WriteDeltaPage(JsonOut* json, CursorState state, std::size_t count) {
  const View& view = views_.at(state.view);
  const Scope& scope = ScopeOf(state.view);
  const EntryOptions options{view.include_explicit};
  std::vector<std::pair<const Item*, const Space*>> chosen;
  const auto consider = [&](std::uint64_t i) {
    const Item& item = *tree_.items().journal()[i];
    const auto space = scope.by_ns.find(item.ns);
    if (space == scope.by_ns.end() || !InView(view, item, scope.spaces[space->second])) return;
    chosen.emplace_back(&item, &scope.spaces[space->second]);
  };
  if (style_.repeat_entries && state.journal > 0) consider(state.journal - 1);
  const std::size_t full =
      chosen.size() + count;  // repeated entries are extra, so every page makes progress
  while (state.journal < tree_.items().journal().size() && chosen.size() < full)
    consider(state.journal++);
  // An entry may be left out when a later file or deleted entry at the same path replaces it.
  std::unordered_map<std::string, bool> wiped;
  std::vector<bool> said(chosen.size(), true);
  for (std::size_t i = chosen.size(); style_.compact_delta && i-- > 0;) {
    bool& wipe = wiped[chosen[i].second->lower + chosen[i].first->path_lower];
    said[i] = !wipe;
    if (said[i]) wipe = chosen[i].first->kind != Kind::kFolder;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!said[i]) continue;
    WriteEntry(json, tree_, *chosen[i].first, *chosen[i].second, options);
    if (style_.repeat_entries && Mix(i + state.journal) % 7 == 0) {
      WriteEntry(json, tree_, *chosen[i].first, *chosen[i].second, options);
    }
  }
  return state;
}

std::string Listings::EmptyPage(CursorState state) const {
  ++state.hop;
  std::string out;
  JsonOut json(&out, style_, Mix(state.journal));
  json.BeginObject()
      .Key("entries")
      .BeginArray()
      .EndArray()
      .Field("cursor", Encode(state))
      .FieldBool("has_more", true);
  json.EndObject();
  return out;
}

std::string Listings::Render(const CursorState& state) {
  const std::uint64_t random =
      Mix(seed_ ^ Mix(state.view * 131 + state.listing * 31 + state.offset) ^
          Mix(state.journal + 7) ^ Mix(state.hop + 3));
  const View& view = views_.at(state.view);
  const bool first = state.listing != 0 && state.offset == 0;
  if (style_.empty_pages && !first && state.hop < kMaxEmptyPages && random % 4 == 0 &&
      HasNews(state))
    return EmptyPage(state);
  const std::size_t count = PageSize(view, random >> 8);
  std::string out;
  out.reserve(std::min<std::size_t>(count, 4000) * 480 + 400);
  JsonOut json(&out, style_, random);
  json.BeginObject().Key("entries").BeginArray();
  const bool walking = state.listing != 0;
  CursorState next =
      walking ? WriteWalkPage(&json, state, count) : WriteDeltaPage(&json, state, count);
  json.EndArray();
  const bool ends = !HasNews(next);
  // Sometimes an additional empty page marks the end.
  const bool hide_end = style_.empty_pages && ends && state.hop == 0 && (random >> 16) % 3 == 0;
  next.hop = hide_end ? kMaxEmptyPages : 0;
  json.Field("cursor", Encode(next)).FieldBool("has_more", !ends || hide_end).EndObject();
  return out;
}

std::shared_ptr<const std::string> Listings::Page(const CursorState& state) {
  const std::string key = fmt::format("{}.{}.{}.{}.{}", state.view, state.listing, state.offset,
                                      state.journal, state.hop);
  return pages_.Get(tree_.items().version(), key, [&] { return Render(state); });
}

}  // namespace dbxes::sim
