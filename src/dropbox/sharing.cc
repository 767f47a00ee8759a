// SPDX-License-Identifier: Apache-2.0
#include "dropbox/sharing.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json.h"
#include "dropbox/api_error.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

constexpr int kFolderLimit = 1000;
constexpr int kOldBatchLimit = 20;

using Headers = Client::Headers;

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

// Of invitees only those by e-mail are known; what has no id names nobody.
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
  if (rows == nullptr) return {};  // a page may hold one kind alone, or nothing but a cursor
  if (!rows->IsArray()) {
    return Fail(ErrorKind::kTemporary, fmt::format("Dropbox's {} of members are no list", key));
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
  Result<void> read = AppendMembers(body, "users", ReadUser, page.members);
  if (read) read = AppendMembers(body, "groups", ReadGroup, page.members);
  if (read) read = AppendMembers(body, "invitees", ReadInvitee, page.members);
  if (!read) return Fail(read.error());
  return page;
}

Result<MemberPage> ParseMembers(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of members"));
  return ReadMembers(body);
}

Result<std::vector<BatchedFileMembers>> ParseBatch(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's lists of file members"));
  if (!body.IsArray()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's lists of file members are no list");
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
  // Absent is "inherit"; a tag that is new to us must not open anything.
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

Result<Place> ParsePlace(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's metadata"));
  Place place;
  place.path_lower = StringMember(body, "path_lower");
  if (const auto* sharing = FindMember(body, "sharing_info")) {
    place.shared_folder_id = StringMember(*sharing, "shared_folder_id");
    if (place.shared_folder_id.empty()) {
      place.shared_folder_id = StringMember(*sharing, "parent_shared_folder_id");
    }
  }
  return place;
}

// A root that is no longer the account's is about the run and not about one list.
Error SharingError(Error error, std::string_view doing) {
  if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
  if (error.tag == "path/not_found") error.kind = ErrorKind::kNotFound;
  return WithContext(std::move(error), doing);
}

template <class T>
Pending<T> Parsed(const Pending<HttpResponse>& pending, Result<T> (*parse)(const HttpResponse&),
                  std::string doing) {
  return Map<T>(pending, [parse, doing = std::move(doing)](Result<HttpResponse> answer) {
    return answer ? parse(*answer) : Result<T>(Fail(SharingError(answer.error(), doing)));
  });
}

std::string LimitArgument(std::string_view key, std::string_view value, int limit) {
  std::string argument = JsonArgument(key, value);
  argument.pop_back();
  return fmt::format(R"({},"limit":{}}})", argument, limit);
}

}  // namespace

Pending<MemberPage> SharingClient::ListFolderMembers(const std::string& folder_id,
                                                     const std::string& cursor) {
  SendOptions options = AcceptIf(ParseMembers, client_.few_retries());
  const auto pending =
      cursor.empty()
          ? client_.Rpc("sharing/list_folder_members",
                        LimitArgument("shared_folder_id", folder_id, kFolderLimit), Headers::kUser,
                        std::move(options))
          : client_.Rpc("sharing/list_folder_members/continue", JsonArgument("cursor", cursor),
                        Headers::kUser, std::move(options));
  return Parsed(pending, ParseMembers, "listing the members of shared folder " + folder_id);
}

Pending<HttpResponse> SharingClient::SendBatch(const std::vector<std::string>& ids, int limit) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("files");
  writer.StartArray();
  for (const std::string& id : ids) WriteString(writer, id);
  writer.EndArray();
  writer.Key("limit");
  writer.Int(limit);
  writer.EndObject();
  return client_.Rpc("sharing/list_file_members/batch", std::string(View(buffer)), Headers::kUser,
                     AcceptIf(ParseBatch, client_.few_retries()));
}

Pending<std::vector<BatchedFileMembers>> SharingClient::ListFileMembers(
    const std::vector<std::string>& ids) {
  using Files = std::vector<BatchedFileMembers>;
  static constexpr std::string_view kDoing = "listing the members of files";
  Pending<Files> files;
  const int limit = batch_limit_;
  const auto finish = [files](Result<HttpResponse> answer) {
    files.Fulfil(answer ? ParseBatch(*answer)
                        : Result<Files>(Fail(SharingError(answer.error(), kDoing))));
  };
  SendBatch(ids, limit).Then([this, ids, limit, finish](Result<HttpResponse> answer) {
    const bool too_many = !answer && answer.error().http_status == 400 && limit > kOldBatchLimit;
    if (!too_many) return finish(std::move(answer));
    batch_limit_ = kOldBatchLimit;
    SendBatch(ids, kOldBatchLimit).Then(finish);
  });
  return files;
}

Pending<MemberPage> SharingClient::ListFileMembersContinue(const std::string& cursor) {
  const auto pending =
      client_.Rpc("sharing/list_file_members/continue", JsonArgument("cursor", cursor),
                  Headers::kUser, AcceptIf(ParseMembers, client_.few_retries()));
  return Parsed(pending, ParseMembers, "listing the members of a file");
}

Pending<SharedFolder> SharingClient::GetFolderMetadata(const std::string& folder_id) {
  const auto pending =
      client_.Rpc("sharing/get_folder_metadata", JsonArgument("shared_folder_id", folder_id),
                  Headers::kUser, AcceptIf(ParseFolder, client_.few_retries()));
  return Parsed(pending, ParseFolder, "reading shared folder " + folder_id);
}

Pending<SharedFolderPage> SharingClient::ListFolders(const std::string& cursor) {
  SendOptions options = AcceptIf(ParseFolders, client_.few_retries());
  const auto pending =
      cursor.empty()
          ? client_.Rpc("sharing/list_folders", fmt::format(R"({{"limit":{}}})", kFolderLimit),
                        Headers::kUser, std::move(options))
          : client_.Rpc("sharing/list_folders/continue", JsonArgument("cursor", cursor),
                        Headers::kUser, std::move(options));
  return Parsed(pending, ParseFolders, "listing the shared folders");
}

Pending<Place> SharingClient::GetPlace(const std::string& path_or_id) {
  const auto pending = client_.Rpc("files/get_metadata", JsonArgument("path", path_or_id),
                                   Headers::kUser, AcceptIf(ParsePlace));
  return Parsed(pending, ParsePlace, "reading the metadata of " + path_or_id);
}

}  // namespace dbxes::dropbox
