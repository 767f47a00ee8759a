// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/control_tree.h"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "dropbox_sim/arguments.h"
#include "dropbox_sim/demo.h"
#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

using rapidjson::Value;

std::string Text(const Value& args, const char* name) {
  return std::string(StringField(args, name));
}

std::string Needed(const Value& args, const char* name) {
  if (!args.IsObject() || !args.HasMember(name) || !args[name].IsString()) {
    throw TreeError(fmt::format("the field '{}' is missing", name));
  }
  return Text(args, name);
}

std::string BytesOf(const Value& args) {
  const std::string encoded = Text(args, "base64");
  if (encoded.empty()) return Text(args, "text");
  std::optional<std::string> bytes = DecodeBase64(encoded);
  if (!bytes) throw TreeError("base64 is malformed");
  return std::move(*bytes);
}

Extras ExtrasOf(const Value& args) {
  Extras extras;
  extras.symlink_target = Text(args, "symlink_target");
  extras.lock_holder = Text(args, "lock_holder");
  extras.modified_by = Text(args, "modified_by");
  extras.lookup_error = Text(args, "lookup_error");
  extras.hide_content_hash = BoolField(args, "hide_content_hash", false);
  extras.traverse_only = BoolField(args, "traverse_only", false);
  extras.no_access = BoolField(args, "no_access", false);
  if (args.HasMember("reported_size")) extras.reported_size = UintField(args, "reported_size", 0);
  if (const Value* spec = ObjectField(args, "export")) {
    extras.export_spec.emplace();
    extras.export_spec->export_as = Text(*spec, "export_as");
    extras.export_spec->export_options = StringsField(*spec, "export_options");
    if (const Value* bytes = ObjectField(*spec, "bytes")) {
      for (const auto& member : bytes->GetObject()) {
        if (member.value.IsString())
          extras.export_spec->bytes[member.name.GetString()] = member.value.GetString();
      }
    }
  }
  return extras;
}

FileOptions OptionsOf(const Value& args) {
  FileOptions options;
  if (args.HasMember("id")) options.id = Text(args, "id");
  if (args.HasMember("client_modified"))
    options.client_modified_s = static_cast<std::int64_t>(UintField(args, "client_modified", 0));
  if (args.HasMember("server_modified"))
    options.server_modified_s = static_cast<std::int64_t>(UintField(args, "server_modified", 0));
  options.extras = ExtrasOf(args);
  return options;
}

std::vector<Member> MembersOf(const Value& args) {
  std::vector<Member> members;
  const auto list = args.FindMember("members");
  if (list == args.MemberEnd() || !list->value.IsArray())
    throw TreeError("the list 'members' is missing");
  for (const Value& element : list->value.GetArray()) {
    if (!element.IsObject()) throw TreeError("a member is an object");
    Member member;
    const std::string kind = std::string(StringField(element, "kind", "user"));
    member.kind = kind == "group"     ? MemberKind::kGroup
                  : kind == "invitee" ? MemberKind::kInvitee
                                      : MemberKind::kUser;
    member.id = Needed(element, "id");
    member.access = StringField(element, "access", "editor");
    member.inherited = BoolField(element, "inherited", false);
    members.push_back(std::move(member));
  }
  return members;
}

// Fields that are absent keep the value that the account has.
void FillAccount(Account* account, const Value& args) {
  account->given_name = StringField(args, "given_name", account->given_name);
  account->surname = StringField(args, "surname", account->surname);
  account->email = StringField(args, "email", account->email);
  account->status = StringField(args, "status", account->status);
  account->account_type = StringField(args, "account_type", account->account_type);
  account->admin = BoolField(args, "admin", account->admin);
  account->same_team = BoolField(args, "same_team", account->same_team);
  account->disabled = BoolField(args, "disabled", account->disabled);
  if (args.HasMember("secondary_emails"))
    account->secondary_emails = StringsField(args, "secondary_emails");
}

std::string AddFile(Tree& tree, const Value& args) {
  const std::string path = Needed(args, "path");
  if (!args.HasMember("size")) return tree.AddFile(path, BytesOf(args), OptionsOf(args));
  return tree.AddSyntheticFile(path, UintField(args, "size", 0), UintField(args, "seed", 1),
                               OptionsOf(args));
}

std::string SetEventStyle(Tree& tree, const Value& args) {
  EventStyle style;
  style.deleted_last = BoolField(args, "deleted_last", false);
  style.new_rev_on_move = BoolField(args, "new_rev_on_move", true);
  const std::string_view children = StringField(args, "children", "none");
  style.children = children == "all"    ? EventStyle::Children::kAll
                   : children == "some" ? EventStyle::Children::kSome
                                        : EventStyle::Children::kNone;
  tree.set_event_style(style);
  return "";
}

std::string AddSharedLink(Tree& tree, const Value& args) {
  SharedLink link;
  link.audience = StringField(args, "audience", link.audience);
  link.require_password = BoolField(args, "require_password", false);
  link.of_other_team = BoolField(args, "of_other_team", false);
  link.expires_s = static_cast<std::int64_t>(UintField(args, "expires", 0));
  return tree.shares().AddSharedLink(Needed(args, "path"), std::move(link));
}

std::string SetReceivedFile(Tree& tree, const Value& args) {
  ReceivedFile& file = tree.shares().received_file(Needed(args, "id"));
  file.link_error = StringField(args, "link_error", file.link_error);
  file.allow_download = BoolField(args, "allow_download", file.allow_download);
  file.is_folder_link = BoolField(args, "is_folder_link", file.is_folder_link);
  return "";
}

std::string ChangeRoot(Tree& tree, const Value& args) {
  static const std::map<std::string_view, RootLayout> kLayouts = {
      {"home", RootLayout::kHome},
      {"shared_root", RootLayout::kSharedRoot},
      {"own_root", RootLayout::kOwnRoot}};
  const auto layout = kLayouts.find(Needed(args, "layout"));
  if (layout == kLayouts.end()) throw TreeError("the layout is home, shared_root or own_root");
  tree.folders().ChangeRoot(Needed(args, "account_id"), layout->second,
                            StringField(args, "root_info_tag", "team"));
  return "";
}

// `details`: the fields of the event's details struct, as JSON text without the braces.
std::string LogEvent(Tree& tree, const Value& args) {
  tree.events().Log(Needed(args, "category"), Needed(args, "type"), Text(args, "details"),
                    Text(args, "namespace_id"));
  return "";
}

std::string AddAccount(Tree& tree, const Value& args) {
  Account account;
  FillAccount(&account, args);
  tree.people().AddAccount(std::move(account));
  const Account& added = tree.people().accounts().back();
  return added.account_id.empty() ? added.team_member_id : added.account_id;
}

// For calls that make no id.
template <typename Function>
auto Quiet(Function function) {
  return [function](Tree& tree, const Value& args) {
    function(tree, args);
    return std::string();
  };
}

using Change = std::function<std::string(Tree&, const Value&)>;

const std::map<std::string_view, Change>& FileChanges() {
  static const std::map<std::string_view, Change> kChanges = {
      {"add_file", AddFile},
      {"overwrite",
       Quiet([](Tree& t, const Value& a) { t.Overwrite(Needed(a, "path"), BytesOf(a)); })},
      {"touch", Quiet([](Tree& t, const Value& a) { t.Touch(Needed(a, "path")); })},
      {"corrupt",
       Quiet([](Tree& t, const Value& a) { t.CorruptContent(Needed(a, "path"), BytesOf(a)); })},
      {"set_extras",
       Quiet([](Tree& t, const Value& a) { t.SetExtras(Needed(a, "path"), ExtrasOf(a)); })},
      {"add_folder", [](Tree& t, const Value& a) { return t.AddFolder(Needed(a, "path")); }},
      {"add_paper",
       [](Tree& t, const Value& a) {
         return t.AddPaper(Needed(a, "path"), Needed(a, "markdown"), Text(a, "html"));
       }},
      {"move", Quiet([](Tree& t, const Value& a) { t.Move(Needed(a, "from"), Needed(a, "to")); })},
      {"copy", [](Tree& t, const Value& a) { return t.Copy(Needed(a, "from"), Needed(a, "to")); }},
      {"delete", Quiet([](Tree& t, const Value& a) { t.Delete(Needed(a, "path")); })},
      {"restore",
       [](Tree& t, const Value& a) {
         return t.Restore(Needed(a, "path"), BoolField(a, "new_id", false));
       }},
      {"replace_folder_by_file",
       [](Tree& t, const Value& a) {
         return t.ReplaceFolderByFile(Needed(a, "path"), BytesOf(a));
       }},
      {"case_rename",
       Quiet([](Tree& t, const Value& a) { t.CaseRename(Needed(a, "path"), Needed(a, "name")); })},
      {"delete_unseen", Quiet([](Tree& t, const Value& a) { t.DeleteUnseen(Needed(a, "path")); })},
      {"add_synthetic_tree", Quiet([](Tree& t, const Value& a) {
         t.AddSyntheticTree(UintField(a, "files", 0), UintField(a, "seed", 1), Text(a, "path"));
       })},
      {"event_style", SetEventStyle},
      {"demo", Quiet([](Tree& t, const Value&) { AddDemo(&t); })},
  };
  return kChanges;
}

const std::map<std::string_view, Change>& SharingChanges() {
  static const std::map<std::string_view, Change> kChanges = {
      {"share_folder",
       [](Tree& t, const Value& a) { return t.folders().ShareFolder(Needed(a, "path")); }},
      {"unmount", Quiet([](Tree& t, const Value& a) { t.folders().Unmount(Needed(a, "path")); })},
      {"mount", Quiet([](Tree& t, const Value& a) {
         t.folders().Mount(Needed(a, "shared_folder_id"), Needed(a, "path"));
       })},
      {"add_team_folder",
       [](Tree& t, const Value& a) { return t.folders().AddTeamFolder(Needed(a, "name")); }},
      {"set_members", Quiet([](Tree& t, const Value& a) {
         t.folders().SetMembers(Needed(a, "shared_folder_id"), MembersOf(a));
       })},
      {"set_inheritance", Quiet([](Tree& t, const Value& a) {
         t.folders().SetInheritance(Needed(a, "shared_folder_id"), BoolField(a, "inherits", true));
       })},
      {"set_explicit_members", Quiet([](Tree& t, const Value& a) {
         t.shares().SetExplicitMembers(Needed(a, "file"), MembersOf(a));
       })},
      {"add_received_file",
       [](Tree& t, const Value& a) {
         return t.shares().AddReceivedFile(Needed(a, "name"), BytesOf(a), OptionsOf(a));
       }},
      {"revoke_received_file",
       Quiet([](Tree& t, const Value& a) { t.shares().RevokeReceivedFile(Needed(a, "id")); })},
      {"set_received_file", SetReceivedFile},
      {"set_received_file_members", Quiet([](Tree& t, const Value& a) {
         t.shares().SetReceivedFileMembers(Needed(a, "id"), MembersOf(a));
       })},
      {"mount_received_file", Quiet([](Tree& t, const Value& a) {
         t.shares().MountReceivedFile(Needed(a, "id"), Needed(a, "path"));
       })},
      {"add_shared_link", AddSharedLink},
      {"revoke_shared_link",
       Quiet([](Tree& t, const Value& a) { t.shares().RevokeSharedLink(Needed(a, "url")); })},
      {"add_account", AddAccount},
      {"set_account", Quiet([](Tree& t, const Value& a) {
         FillAccount(&t.people().account(Needed(a, "account_id")), a);
       })},
      {"add_group",
       [](Tree& t, const Value& a) {
         return t.people().AddGroup(Needed(a, "name"), StringsField(a, "account_ids"));
       }},
      {"remove_group",
       Quiet([](Tree& t, const Value& a) { t.people().RemoveGroup(Needed(a, "group_id")); })},
      {"make_team", Quiet([](Tree& t, const Value& a) { t.people().MakeTeam(Needed(a, "name")); })},
      {"give_team_space", Quiet([](Tree& t, const Value& a) {
         t.folders().GiveTeamSpace(Needed(a, "account_id"),
                                   StringField(a, "root_info_tag", "team"));
       })},
      {"change_root", ChangeRoot},
      {"log_event", LogEvent},
  };
  return kChanges;
}

}  // namespace

std::optional<std::string> ChangeTree(Tree* tree, std::string_view name,
                                      const rapidjson::Value& args) {
  for (const auto* changes : {&FileChanges(), &SharingChanges()}) {
    const auto found = changes->find(name);
    if (found != changes->end()) return found->second(*tree, args);
  }
  return std::nullopt;
}

}  // namespace dbxes::sim
