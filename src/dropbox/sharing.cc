// SPDX-License-Identifier: Apache-2.0
#include "dropbox/sharing.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json_write.h"
#include "dropbox/api_error.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

constexpr int kFolderLimit = 1000;
constexpr int kOldBatchLimit = 20;
constexpr int kReceivedLimit = 300;

std::string TagOf(const rapidjson::Value& object, std::string_view key) {
  const rapidjson::Value* tagged = FindMember(object, key);
  if (tagged == nullptr) return {};
  return std::string(tagged->IsString() ? View(*tagged) : StringMember(*tagged, ".tag"));
}

Member ReadMembership(const rapidjson::Value& row, Member::Kind kind) {
  Member member;
  member.kind = kind;
  member.access_type = TagOf(row, "access_type");
  member.is_inherited = BoolMember(row, "is_inherited", false);
  return member;
}

Member ReadUser(const rapidjson::Value& row) {
  Member member = ReadMembership(row, Member::Kind::kUser);
  if (const auto* user = FindMember(row, "user")) {
    member.id = StringMember(*user, "account_id");
    member.email = StringMember(*user, "email");
    member.name = StringMember(*user, "display_name");
    member.same_team = BoolMember(*user, "same_team", false);
  }
  return member;
}

Member ReadGroup(const rapidjson::Value& row) {
  Member member = ReadMembership(row, Member::Kind::kGroup);
  if (const auto* group = FindMember(row, "group")) {
    member.id = StringMember(*group, "group_id");
    member.name = StringMember(*group, "group_name");
  }
  return member;
}

// Invitees are known by their e-mail address; one without has no id, and is left out.
Member ReadInvitee(const rapidjson::Value& row) {
  Member member = ReadMembership(row, Member::Kind::kInvitee);
  if (const auto* invitee = FindMember(row, "invitee")) {
    member.id = StringMember(*invitee, "email");
  }
  return member;
}

Result<void> AppendMembers(const rapidjson::Value& body, std::string_view key,
                           Member (*read)(const rapidjson::Value&), std::vector<Member>& out) {
  const rapidjson::Value* rows = FindMember(body, key);
  if (rows == nullptr) return {};  // a page may have one kind alone, or only a cursor
  if (!rows->IsArray()) {
    return Fail(ErrorKind::kTemporary, fmt::format("Dropbox's {} of members are not a list", key));
  }
  for (const rapidjson::Value& row : rows->GetArray()) {
    Member member = read(row);
    if (!member.id.empty()) out.push_back(std::move(member));
  }
  return {};
}

Result<MemberPage> ReadMembers(const rapidjson::Value& body) {
  MemberPage page;
  page.cursor = StringMember(body, "cursor");
  const bool empty = !body.IsObject() || body.ObjectEmpty();
  if (empty) return Fail(ErrorKind::kTemporary, "Dropbox's list of members is empty");
  TRY(AppendMembers(body, "users", ReadUser, page.members));
  TRY(AppendMembers(body, "groups", ReadGroup, page.members));
  TRY(AppendMembers(body, "invitees", ReadInvitee, page.members));
  return page;
}

Result<MemberPage> ParseMembers(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of members"));
  return ReadMembers(body);
}

Result<std::vector<BatchedFileMembers>> ParseBatch(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's lists of file members"));
  if (!body.IsArray()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's lists of file members are not a list");
  }
  std::vector<BatchedFileMembers> files;
  for (const rapidjson::Value& row : body.GetArray()) {
    BatchedFileMembers file;
    file.file = StringMember(row, "file");
    const rapidjson::Value* result = FindMember(row, "result");
    const rapidjson::Value* members = result ? FindMember(*result, "members") : nullptr;
    if (members != nullptr && members->IsObject()) {
      TRY_ASSIGN(file.page, ReadMembers(*members));
    } else {
      file.error = result != nullptr ? JoinedTags(*result) : "";
      if (file.error.empty()) file.error = "no result";
    }
    files.push_back(std::move(file));
  }
  return files;
}

SharedFolder ReadFolder(const rapidjson::Value& body) {
  SharedFolder folder;
  folder.id = StringMember(body, "shared_folder_id");
  folder.parent_id = StringMember(body, "parent_shared_folder_id");
  // Absent means "inherit"; a tag that is not known here must not open anything.
  const std::string inheritance = TagOf(body, "access_inheritance");
  folder.inherits = inheritance.empty() || inheritance == "inherit";
  return folder;
}

Result<SharedFolder> ParseFolder(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's shared folder"));
  SharedFolder folder = ReadFolder(body);
  if (folder.id.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's shared folder holds no shared_folder_id");
  }
  return folder;
}

Result<SharedFolderPage> ParseFolders(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of shared folders"));
  const rapidjson::Value* entries = FindMember(body, "entries");
  if (entries == nullptr || !entries->IsArray()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of shared folders holds no entries");
  }
  SharedFolderPage page;
  page.cursor = StringMember(body, "cursor");
  for (const rapidjson::Value& entry : entries->GetArray()) {
    page.folders.push_back(ReadFolder(entry));
  }
  return page;
}

Result<ReceivedPage> ParseReceivedPage(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of received files"));
  const rapidjson::Value* entries = FindMember(body, "entries");
  if (entries == nullptr || !entries->IsArray()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of received files holds no entries");
  }
  ReceivedPage page;
  page.cursor = StringMember(body, "cursor");
  for (const rapidjson::Value& entry : entries->GetArray()) {
    page.files.push_back({std::string(StringMember(entry, "id")),
                          std::string(StringMember(entry, "name")),
                          std::string(StringMember(entry, "preview_url")),
                          std::string(StringMember(entry, "path_lower"))});
  }
  return page;
}

std::string BatchArgument(std::span<const std::string> ids, int limit) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("files");
  writer.StartArray();
  for (const std::string& id : ids) WriteString(writer, id);
  writer.EndArray();
  WriteNumber(writer, "limit", limit);
  writer.EndObject();
  return std::string(View(buffer));
}

std::string LimitArgument(int limit) { return fmt::format(R"({{"limit":{}}})", limit); }

}  // namespace

Pending<MemberPage> ListFolderMembers(Client& client, const std::string& folder_id,
                                      const std::string& cursor) {
  CallOptions options{.max_retries = client.few_retries(),
                      .doing = "listing the members of shared folder " + folder_id};
  if (cursor.empty()) {
    return Call(client, "sharing/list_folder_members",
                JsonArgument("shared_folder_id", folder_id, kFolderLimit), ParseMembers,
                std::move(options));
  }
  return Call(client, "sharing/list_folder_members/continue", JsonArgument("cursor", cursor),
              ParseMembers, std::move(options));
}

Pending<SharedFolder> GetFolderMetadata(Client& client, const std::string& folder_id) {
  return Call(client, "sharing/get_folder_metadata", JsonArgument("shared_folder_id", folder_id),
              ParseFolder,
              {.max_retries = client.few_retries(), .doing = "reading shared folder " + folder_id});
}

Pending<SharedFolderPage> ListFolders(Client& client, const std::string& cursor) {
  CallOptions options{.max_retries = client.few_retries(), .doing = "listing the shared folders"};
  if (cursor.empty()) {
    return Call(client, "sharing/list_folders", LimitArgument(kFolderLimit), ParseFolders,
                std::move(options));
  }
  return Call(client, "sharing/list_folders/continue", JsonArgument("cursor", cursor), ParseFolders,
              std::move(options));
}

Pending<ReceivedPage> ListReceivedFiles(Client& client, const std::string& cursor, Timing timing) {
  CallOptions options{.max_retries = client.few_retries(),
                      .doing = "listing received files",
                      .own_connection = timing == Timing::kBeside};
  if (cursor.empty()) {
    return Call(client, "sharing/list_received_files", LimitArgument(kReceivedLimit),
                ParseReceivedPage, std::move(options));
  }
  return Call(client, "sharing/list_received_files/continue", JsonArgument("cursor", cursor),
              ParseReceivedPage, std::move(options));
}

Pending<std::vector<BatchedFileMembers>> FileMemberBatches::Send(std::string argument) {
  return Call(client_, "sharing/list_file_members/batch", std::move(argument), ParseBatch,
              {.max_retries = client_.few_retries(), .doing = "listing the members of files"});
}

Pending<std::vector<BatchedFileMembers>> FileMemberBatches::List(std::span<const std::string> ids) {
  using Files = std::vector<BatchedFileMembers>;
  const Pending<Files> files;
  const int limit = limit_;
  const auto again = [this, files, argument = BatchArgument(ids, kOldBatchLimit),
                      limit](Result<Files> answer) {
    const bool too_many = !answer && answer.error().http_status == 400 && limit > kOldBatchLimit;
    if (!too_many) return files.Fulfil(std::move(answer));
    limit_ = kOldBatchLimit;
    Send(argument).Then([files](Result<Files> second) { files.Fulfil(std::move(second)); });
  };
  Send(BatchArgument(ids, limit)).Then(again);
  return files;
}

Pending<MemberPage> FileMemberBatches::Continue(const std::string& cursor) {
  return Call(client_, "sharing/list_file_members/continue", JsonArgument("cursor", cursor),
              ParseMembers,
              {.max_retries = client_.few_retries(), .doing = "listing the members of a file"});
}

}  // namespace dbxes::dropbox
