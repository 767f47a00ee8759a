// SPDX-License-Identifier: Apache-2.0
// The table of routes: host, style, authorization, scope, argument, as the published specification
// has them.

#include <algorithm>
#include <array>
#include <cstddef>

#include "dropbox_sim/service.h"

namespace dbxes::sim {
namespace {

const FieldRules kSharedLinkArg = {{"url", Type::kString, true}, {"password", Type::kString}};
const FieldRules kListFolderArg = {
    {"path", Type::kString, true},
    {"recursive", Type::kBool},
    {"include_deleted", Type::kBool},
    {"include_has_explicit_shared_members", Type::kBool},
    {"include_mounted_folders", Type::kBool},
    {"include_media_info", Type::kBool},
    {"include_non_downloadable_files", Type::kBool},
    {"include_restorable_info", Type::kBool},
    {"limit", Type::kUint, false, 1, 2000},
    {"shared_link", Type::kObject, false, 0, UINT64_MAX, &kSharedLinkArg},
    {"include_property_groups", Type::kUnion}};
const FieldRules kCursorArg = {{"cursor", Type::kString, true, 1}};
const FieldRules kLongpollArg = {{"cursor", Type::kString, true, 1},
                                 {"timeout", Type::kUint, false, 30, 480}};
const FieldRules kGetMetadataArg = {{"path", Type::kString, true},
                                    {"include_media_info", Type::kBool},
                                    {"include_deleted", Type::kBool},
                                    {"include_has_explicit_shared_members", Type::kBool},
                                    {"include_property_groups", Type::kUnion}};
const FieldRules kDownloadArg = {{"path", Type::kString, true}, {"rev", Type::kString}};
const FieldRules kExportArg = {{"path", Type::kString, true}, {"export_format", Type::kString}};
const FieldRules kSearchOptions = {{"path", Type::kString},
                                   {"max_results", Type::kUint, false, 1, 1000},
                                   {"order_by", Type::kUnion},
                                   {"file_status", Type::kUnion},
                                   {"filename_only", Type::kBool},
                                   {"file_extensions", Type::kStrings},
                                   {"file_categories", Type::kUnions},
                                   {"account_id", Type::kString, false, 40, 40}};
const FieldRules kMatchOptions = {{"include_highlights", Type::kBool}};
const FieldRules kSearchArg = {
    {"query", Type::kString, true, 0, 1000},
    {"options", Type::kObject, false, 0, UINT64_MAX, &kSearchOptions},
    {"match_field_options", Type::kObject, false, 0, UINT64_MAX, &kMatchOptions},
    {"include_highlights", Type::kBool}};
const FieldRules kGetAccountArg = {{"account_id", Type::kString, true, 40, 40}};
const FieldRules kAccountBatchArg = {{"account_ids", Type::kStrings, true, 1, 300}};
const FieldRules kFeaturesArg = {{"features", Type::kUnions, true}};
const FieldRules kCheckArg = {{"query", Type::kString, false, 0, 500}};
const FieldRules kReceivedArg = {{"limit", Type::kUint, false, 1, 300}, {"actions", Type::kUnions}};
const FieldRules kLinkArg = {
    {"url", Type::kString, true}, {"path", Type::kString}, {"link_password", Type::kString}};
const FieldRules kListLinksArg = {
    {"path", Type::kString}, {"cursor", Type::kString, false, 1}, {"direct_only", Type::kBool}};
const FieldRules kFolderMembersArg = {{"shared_folder_id", Type::kString, true},
                                      {"path", Type::kString},
                                      {"actions", Type::kUnions},
                                      {"limit", Type::kUint, false, 1, 1000}};
const FieldRules kFileMembersArg = {{"file", Type::kString, true, 1},
                                    {"actions", Type::kUnions},
                                    {"include_inherited", Type::kBool},
                                    {"limit", Type::kUint, false, 1, 300}};
const FieldRules kFileMembersBatchArg = {{"files", Type::kStrings, true, 0, 100},
                                         {"limit", Type::kUint, false, 1, 3000}};
const FieldRules kFileMetadataArg = {{"file", Type::kString, true, 1}, {"actions", Type::kUnions}};
const FieldRules kFileMetadataBatchArg = {{"files", Type::kStrings, true, 0, 100},
                                          {"actions", Type::kUnions}};
const FieldRules kFoldersArg = {{"limit", Type::kUint, false, 1, 1000}, {"actions", Type::kUnions}};
const FieldRules kFolderMetadataArg = {{"shared_folder_id", Type::kString, true},
                                       {"actions", Type::kUnions}};
const FieldRules kMembersArg = {{"limit", Type::kUint, false, 1, 1000},
                                {"include_removed", Type::kBool}};
const FieldRules kLimitArg = {{"limit", Type::kUint, false, 1, 1000}};
const FieldRules kTimeRange = {{"start_time", Type::kTime}, {"end_time", Type::kTime}};
const FieldRules kEventsArg = {{"limit", Type::kUint, false, 1, 1000},
                               {"account_id", Type::kString, false, 40, 40},
                               {"time", Type::kObject, false, 0, UINT64_MAX, &kTimeRange},
                               {"category", Type::kUnion},
                               {"event_type", Type::kUnion}};
const FieldRules kGroupMembersArg = {{"group", Type::kUnion, true},
                                     {"limit", Type::kUint, false, 1, 1000}};

constexpr auto kRpc = RouteStyle::kRpc;
constexpr auto kDown = RouteStyle::kDownload;
constexpr auto kUser = RouteAuth::kUser;
constexpr auto kTeam = RouteAuth::kTeam;
constexpr std::string_view kWhole = "whole_team";
constexpr std::string_view kAdmin = "team_admin";
constexpr std::string_view kMeta = "files.metadata.read";
constexpr std::string_view kBytes = "files.content.read";
constexpr std::string_view kSharing = "sharing.read";
constexpr std::string_view kAccount = "account_info.read";

const std::array kRoutes = {
    Route{"auth/token/revoke", Role::kApi, kRpc, kUser, "", kWhole, nullptr, RevokeToken},
    Route{"check/user", Role::kApi, kRpc, kUser, kAccount, "", &kCheckArg, CheckUser},
    Route{"check/app", Role::kApi, kRpc, RouteAuth::kApp, "", "", &kCheckArg, CheckUser},
    Route{"users/get_current_account", Role::kApi, kRpc, kUser, kAccount, kWhole, nullptr,
          GetCurrentAccount},
    Route{"users/get_account", Role::kApi, kRpc, kUser, kSharing, "", &kGetAccountArg, GetAccount},
    Route{"users/get_account_batch", Role::kApi, kRpc, kUser, kSharing, "", &kAccountBatchArg,
          GetAccountBatch},
    Route{"users/features/get_values", Role::kApi, kRpc, kUser, kAccount, "", &kFeaturesArg,
          UserFeatures},
    Route{"files/list_folder", Role::kApi, kRpc, kUser, kMeta, kWhole, &kListFolderArg, ListFolder},
    Route{"files/list_folder/continue", Role::kApi, kRpc, kUser, kMeta, kWhole, &kCursorArg,
          ListFolderContinue},
    Route{"files/list_folder/get_latest_cursor", Role::kApi, kRpc, kUser, kMeta, kWhole,
          &kListFolderArg, GetLatestCursor},
    Route{"files/list_folder/longpoll", Role::kNotify, kRpc, RouteAuth::kNone, kMeta, kWhole,
          &kLongpollArg, Longpoll},
    Route{"files/get_metadata", Role::kApi, kRpc, kUser, kMeta, kWhole, &kGetMetadataArg,
          GetMetadata},
    Route{"files/download", Role::kContent, kDown, kUser, kBytes, kWhole, &kDownloadArg, Download},
    Route{"files/export", Role::kContent, kDown, kUser, kBytes, kWhole, &kExportArg, Export},
    Route{"files/search_v2", Role::kApi, kRpc, kUser, kMeta, "", &kSearchArg, Search},
    Route{"files/search/continue_v2", Role::kApi, kRpc, kUser, kMeta, "", &kCursorArg,
          SearchContinue},
    Route{"sharing/list_received_files", Role::kApi, kRpc, kUser, kSharing, kAdmin, &kReceivedArg,
          ListReceivedFiles},
    Route{"sharing/list_received_files/continue", Role::kApi, kRpc, kUser, kSharing, kAdmin,
          &kCursorArg, ListReceivedFilesContinue},
    Route{"sharing/get_shared_link_metadata", Role::kApi, kRpc, kUser, kSharing, "", &kLinkArg,
          GetSharedLinkMetadata},
    Route{"sharing/get_shared_link_file", Role::kContent, kDown, kUser, kSharing, "", &kLinkArg,
          GetSharedLinkFile},
    Route{"sharing/list_shared_links", Role::kApi, kRpc, kUser, kSharing, kWhole, &kListLinksArg,
          ListSharedLinks},
    Route{"sharing/list_folder_members", Role::kApi, kRpc, kUser, kSharing, kWhole,
          &kFolderMembersArg, ListFolderMembers},
    Route{"sharing/list_folder_members/continue", Role::kApi, kRpc, kUser, kSharing, kWhole,
          &kCursorArg, ListFolderMembersContinue},
    Route{"sharing/list_file_members", Role::kApi, kRpc, kUser, kSharing, kWhole, &kFileMembersArg,
          ListFileMembers},
    Route{"sharing/list_file_members/continue", Role::kApi, kRpc, kUser, kSharing, kWhole,
          &kCursorArg, ListFileMembersContinue},
    Route{"sharing/list_file_members/batch", Role::kApi, kRpc, kUser, kSharing, kWhole,
          &kFileMembersBatchArg, ListFileMembersBatch},
    Route{"sharing/get_file_metadata", Role::kApi, kRpc, kUser, kSharing, kAdmin, &kFileMetadataArg,
          GetFileMetadata},
    Route{"sharing/get_file_metadata/batch", Role::kApi, kRpc, kUser, kSharing, kAdmin,
          &kFileMetadataBatchArg, GetFileMetadataBatch},
    Route{"sharing/list_folders", Role::kApi, kRpc, kUser, kSharing, "", &kFoldersArg, ListFolders},
    Route{"sharing/list_folders/continue", Role::kApi, kRpc, kUser, kSharing, "", &kCursorArg,
          ListFoldersContinue},
    Route{"sharing/list_mountable_folders", Role::kApi, kRpc, kUser, kSharing, "", &kFoldersArg,
          ListMountableFolders},
    Route{"sharing/list_mountable_folders/continue", Role::kApi, kRpc, kUser, kSharing, "",
          &kCursorArg, ListMountableFoldersContinue},
    Route{"sharing/get_folder_metadata", Role::kApi, kRpc, kUser, kSharing, kWhole,
          &kFolderMetadataArg, GetFolderMetadata},
    Route{"team/get_info", Role::kApi, kRpc, kTeam, "team_info.read", "", nullptr, TeamInfo},
    Route{"team/token/get_authenticated_admin", Role::kApi, kRpc, kTeam, "team_info.read", "",
          nullptr, AuthenticatedAdmin},
    Route{"team/members/list_v2", Role::kApi, kRpc, kTeam, "members.read", "", &kMembersArg,
          TeamMembers},
    Route{"team/members/list/continue_v2", Role::kApi, kRpc, kTeam, "members.read", "", &kCursorArg,
          TeamMembersContinue},
    Route{"team/groups/list", Role::kApi, kRpc, kTeam, "groups.read", "", &kLimitArg, TeamGroups},
    Route{"team/groups/list/continue", Role::kApi, kRpc, kTeam, "groups.read", "", &kCursorArg,
          TeamGroupsContinue},
    Route{"team/groups/members/list", Role::kApi, kRpc, kTeam, "groups.read", "", &kGroupMembersArg,
          TeamGroupMembers},
    Route{"team/groups/members/list/continue", Role::kApi, kRpc, kTeam, "groups.read", "",
          &kCursorArg, TeamGroupMembersContinue},
    Route{"team/team_folder/list", Role::kApi, kRpc, kTeam, "team_data.content.read", "",
          &kLimitArg, TeamFolders},
    Route{"team/team_folder/list/continue", Role::kApi, kRpc, kTeam, "team_data.content.read", "",
          &kCursorArg, TeamFoldersContinue},
    Route{"team/namespaces/list", Role::kApi, kRpc, kTeam, "team_data.member", "", &kLimitArg,
          TeamNamespaces},
    Route{"team/namespaces/list/continue", Role::kApi, kRpc, kTeam, "team_data.member", "",
          &kCursorArg, TeamNamespacesContinue},
    Route{"team_log/get_events", Role::kApi, kRpc, kTeam, "events.read", "", &kEventsArg,
          TeamEvents},
    Route{"team_log/get_events/continue", Role::kApi, kRpc, kTeam, "events.read", "", &kCursorArg,
          TeamEventsContinue},
};

constexpr std::string_view kWriting[] = {"upload",       "delete",     "permanently_delete",
                                         "move",         "copy",       "create",
                                         "restore",      "save_url",   "lock_file",
                                         "unlock_file",  "paper",      "add_",
                                         "remove_",      "modify_",    "mount_",
                                         "unmount_",     "relinquish", "revoke_shared",
                                         "transfer",     "unshare",    "update_",
                                         "share_folder", "set_"};

}  // namespace

const Route* FindRoute(std::string_view name) {
  const auto* found = std::find_if(kRoutes.begin(), kRoutes.end(),
                                   [&](const Route& route) { return route.name == name; });
  return found == kRoutes.end() ? nullptr : found;
}

bool IsWriteRoute(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || FindRoute(name) != nullptr) return false;
  const std::string_view verb = name.substr(slash + 1);
  return std::any_of(std::begin(kWriting), std::end(kWriting),
                     [&](std::string_view word) { return verb.substr(0, word.size()) == word; });
}

}  // namespace dbxes::sim
