// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/render.h"

#include <cctype>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

bool IsShared(NamespaceType type) {
  return type == NamespaceType::kSharedFolder || type == NamespaceType::kTeamFolder;
}

void CollectSpaces(const Tree& tree, const Account& account, Space space, bool mounts,
                   std::vector<Space>* out) {
  const std::uint32_t own_ns = space.ns;
  const std::string lower = space.lower;
  const std::string display = space.display;
  const Namespace& around = tree.items().ns(own_ns);
  out->push_back(std::move(space));
  if (!mounts) return;
  for (const auto& [path, ns] : around.mounts) {
    if (tree.items().IsForeignHome(ns, account)) continue;
    const ItemPtr mount = tree.items().Find(own_ns, path);
    CollectSpaces(tree, account,
                  MakeSpace(tree, account, ns, lower + path, display + mount->path_display), true,
                  out);
  }
}

// Only the case of the last component is reliable: changes the case of ASCII letters before it at
// random.
std::string ScrambleParents(std::string path, std::uint64_t random) {
  const std::size_t last = path.rfind('/');
  for (std::size_t i = 0; i < last && last != std::string::npos; ++i) {
    const auto c = static_cast<unsigned char>(path[i]);
    if (std::isalpha(c) != 0 && c < 0x80 && ((random >> (i % 61)) & 1) != 0)
      path[i] = static_cast<char>(c ^ 0x20);
  }
  return path;
}

void WritePaths(JsonOut* json, const Item& item, const Space& space) {
  if (!space.has_path) return;
  if (space.lower.empty() && !json->style().display_case) {
    json->Field("path_lower", item.path_lower).Field("path_display", item.path_display);
    return;
  }
  json->Field("path_lower", space.lower + item.path_lower);
  std::string display = space.display + item.path_display;
  if (json->style().display_case) display = ScrambleParents(std::move(display), json->Random());
  json->Field("path_display", display);
}

void WriteFileExtras(JsonOut* json, const Extras& extras) {
  if (extras.export_spec) {
    json->FieldBool("is_downloadable", false).Key("export_info").BeginObject();
    json->FieldOptional("export_as", extras.export_spec->export_as);
    if (!extras.export_spec->export_options.empty()) {
      json->Key("export_options").BeginArray();
      for (const std::string& format : extras.export_spec->export_options) json->String(format);
      json->EndArray();
    }
    json->EndObject();
  }
  if (!extras.symlink_target.empty()) {
    json->Key("symlink_info").BeginObject().Field("target", extras.symlink_target).EndObject();
  }
  if (!extras.lock_holder.empty()) {
    json->Key("file_lock_info").BeginObject().FieldBool("is_lockholder", false);
    json->Field("lockholder_name", extras.lock_holder).EndObject();
  }
}

void WriteFile(JsonOut* json, const Tree& tree, const Item& item, const Space& space,
               const EntryOptions& options) {
  json->Field("id", item.id).FieldTime("client_modified", item.client_modified_s);
  json->FieldTime("server_modified", item.server_modified_s);
  json->Key("rev").String(RevText(item.rev)).FieldUint("size", item.size());
  const bool has_extras = item.extras != nullptr;
  if (!has_extras || !item.extras->export_spec) json->FieldDefault("is_downloadable", true, true);
  if (has_extras) WriteFileExtras(json, *item.extras);
  const bool hidden = item.content == nullptr || (has_extras && item.extras->hide_content_hash);
  json->FieldOptional("content_hash",
                      hidden ? std::string_view() : std::string_view(item.content->hash()));
  if (!space.shared_id.empty()) {
    json->Key("sharing_info").BeginObject().FieldBool("read_only", space.read_only);
    json->Field("parent_shared_folder_id", space.shared_id);
    json->FieldOptional("modified_by", has_extras ? std::string_view(item.extras->modified_by)
                                                  : std::string_view());
    json->EndObject();
  }
  if (options.explicit_members) {
    json->FieldBool("has_explicit_shared_members",
                    tree.shares().explicit_members(item.id) != nullptr);
  }
}

void WriteFolder(JsonOut* json, const Tree& tree, const Item& item, const Space& space) {
  json->Field("id", item.id);
  const bool mount = item.mount != 0 && IsShared(tree.items().ns(item.mount).type);
  const bool traverse_only = item.extras && item.extras->traverse_only;
  const bool no_access = item.extras && item.extras->no_access;
  if (!mount && space.shared_id.empty() && !traverse_only && !no_access) return;
  json->Key("sharing_info")
      .BeginObject()
      .FieldBool("read_only",
                 mount ? tree.rights().IsReadOnly(*space.account, item.mount) : space.read_only);
  json->FieldOptional("parent_shared_folder_id", space.shared_id);
  json->FieldOptional("shared_folder_id", mount ? std::string_view(tree.items().ns(item.mount).id)
                                                : std::string_view());
  json->FieldDefault("traverse_only", traverse_only, false)
      .FieldDefault("no_access", no_access, false);
  json->EndObject();
}

}  // namespace

Space MakeSpace(const Tree& tree, const Account& account, std::uint32_t ns, std::string lower,
                std::string display) {
  Space space;
  space.ns = ns;
  space.account = &account;
  space.lower = std::move(lower);
  space.display = std::move(display);
  if (IsShared(tree.items().ns(ns).type)) {
    space.shared_id = tree.items().ns(ns).id;
    space.read_only = tree.rights().IsReadOnly(account, ns);
  }
  return space;
}

std::vector<Space> VisibleSpaces(const Tree& tree, const Account& account, std::uint32_t root,
                                 bool mounts) {
  std::vector<Space> spaces;
  CollectSpaces(tree, account, MakeSpace(tree, account, root, "", ""), mounts, &spaces);
  return spaces;
}

void WriteEntry(JsonOut* json, const Tree& tree, const Item& item, const Space& space,
                const EntryOptions& options) {
  static constexpr std::string_view kTags[] = {"file", "folder", "deleted"};
  json->BeginObject()
      .Field(".tag", kTags[static_cast<std::size_t>(item.kind)])
      .Field("name", item.name());
  WritePaths(json, item, space);
  if (item.kind == Kind::kFile) WriteFile(json, tree, item, space, options);
  if (item.kind == Kind::kFolder) WriteFolder(json, tree, item, space);
  json->EndObject();
}

}  // namespace dbxes::sim
