// SPDX-License-Identifier: Apache-2.0
#include "dropbox/client.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json.h"
#include "base/random.h"
#include "config/transport.h"
#include "dropbox/api_error.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

constexpr int kListLimit = 2000;  // approximate for Dropbox: pages may be longer or shorter
constexpr int kReceivedLimit = 300;

HttpTimeouts TimeoutsOf(const config::Config& config) {
  HttpTimeouts timeouts;
  timeouts.connect = config.sync.connect_timeout;
  timeouts.stall = config.sync.stall_timeout;
  timeouts.total = Milliseconds(0);  // a page of a huge tree may take its time; stalls are bounded
  return timeouts;
}

SenderPolicy MakePolicy(const config::Config& config,
                        std::function<Verdict(const Result<HttpResponse>&)> judge,
                        std::function<void(const Error&, Milliseconds)> on_retry) {
  SenderPolicy policy;
  policy.service = "Dropbox";
  policy.judge = std::move(judge);
  policy.on_retry = std::move(on_retry);
  policy.give_up_after = config.sync.give_up_after;
  return policy;
}

std::string ListFolderArgument(const std::string& path) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("path");
  WriteString(writer, path);
  writer.Key("recursive");
  writer.Bool(true);
  writer.Key("include_has_explicit_shared_members");
  writer.Bool(true);
  writer.Key("limit");
  writer.Int(kListLimit);
  writer.EndObject();
  return std::string(View(buffer));
}

// What a final error of files/list_folder means (Dropbox HTTP API: LookupError).
Error ListFolderError(Error error, const std::string& path) {
  const std::string shown = path.empty() ? "/" : path;
  if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
  if (error.tag == "path/not_found") {
    error.kind = ErrorKind::kNotFound;
    error.message = fmt::format(
        "Dropbox has no folder {} (dropbox.path); nothing was deleted. Correct the path", shown);
  } else if (error.tag == "path/not_folder") {
    error.kind = ErrorKind::kConfig;
    error.message = fmt::format(
        "{} (dropbox.path) is a file in Dropbox, not a folder; nothing was deleted", shown);
  } else if (error.tag.compare(0, 5, "path/") == 0) {
    error.kind = ErrorKind::kConfig;
    error.message = fmt::format("Dropbox cannot list {} (dropbox.path): {}", shown, error.tag);
  }
  return error;
}

// A cursor may be refused as reset, because its folder is gone, or as malformed; "other" has been
// seen to hide a reset. In each case only a fresh listing tells what is there.
Error ContinueError(Error error) {
  const bool malformed =
      error.http_status == 400 && error.message.find("cursor") != std::string::npos;
  if (error.http_status == 422) {
    error.kind = ErrorKind::kRootChanged;
  } else if (error.http_status == 409 || malformed) {
    error.kind = ErrorKind::kCursorReset;
  }
  return error;
}

Result<Account> ParseAccount(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's account"));
  Account account;
  account.account_id = StringMember(body, "account_id");
  account.email = StringMember(body, "email");
  if (const auto* name = FindMember(body, "name")) {
    account.display_name = StringMember(*name, "display_name");
  }
  if (const auto* team = FindMember(body, "team")) account.team_name = StringMember(*team, "name");
  if (const auto* root = FindMember(body, "root_info")) {
    account.root_namespace_id = StringMember(*root, "root_namespace_id");
    account.home_namespace_id = StringMember(*root, "home_namespace_id");
    account.home_path = StringMember(*root, "home_path");
  }
  if (account.account_id.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's account answer holds no account_id");
  }
  return account;
}

// team/token/get_authenticated_admin: who a team token acts as.
Result<std::string> ParseAdminMemberId(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's admin profile"));
  const auto* member = FindPath(body, {"admin_profile", "team_member_id"});
  if (member == nullptr || !member->IsString()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's admin profile holds no team_member_id");
  }
  return std::string(View(*member));
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

Result<LinkedFile> ParseLinkedFile(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's shared link metadata"));
  LinkedFile file;
  file.id = StringMember(body, "id");
  file.name = StringMember(body, "name");
  file.url = StringMember(body, "url");
  file.rev = StringMember(body, "rev");
  file.client_modified = StringMember(body, "client_modified");
  file.server_modified = StringMember(body, "server_modified");
  file.size = UintMember(body, "size").value_or(0);
  if (const auto* permissions = FindMember(body, "link_permissions")) {
    file.allows_download = BoolMember(*permissions, "allow_download", true);
  }
  if (file.name.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's shared link metadata holds no name");
  }
  return file;
}

}  // namespace

Client::Client(EventLoop& loop, const config::Config& config,
               std::function<void(const Error&, Milliseconds)> on_retry, std::uint64_t seed)
    : loop_(loop),
      config_(config),
      timeouts_(TimeoutsOf(config)),
      token_sender_(loop, MakePolicy(config, JudgeTokenAnswer, on_retry), SeedOf(seed, "token")),
      token_(loop, token_sender_, config.dropbox, timeouts_),
      sender_(
          loop,
          [&] {
            SenderPolicy policy = MakePolicy(config, JudgeApiAnswer, std::move(on_retry));
            policy.authorize = [this](const std::string& rejected, auto done) {
              token_.Provide(rejected, std::move(done));
            };
            return policy;
          }(),
          SeedOf(seed, "api")) {}

HttpRequest Client::RpcRequest(std::string_view route, std::string argument,
                               Headers headers) const {
  HttpRequest request;
  request.url = fmt::format("{}/2/{}", config_.dropbox.api_url, route);
  request.headers.emplace_back("Content-Type: application/json");
  if (headers == Headers::kUser) {
    request.headers.insert(request.headers.end(), acting_headers_.begin(), acting_headers_.end());
  }
  request.body = std::make_shared<const std::string>(std::move(argument));
  request.timeouts = timeouts_;
  request.transport = config::TransportOf(config_.dropbox);
  return request;
}

Pending<HttpResponse> Client::Rpc(std::string_view route, std::string argument, Headers headers,
                                  SendOptions options) {
  return sender_.Send(RpcRequest(route, std::move(argument), headers), std::move(options));
}

Result<Account> Client::ReadCurrentAccount(const std::string& team_member_id) {
  auto answer =
      loop_.Await(Rpc("users/get_current_account", "null", Headers::kUser, AcceptIf(ParseAccount)));
  if (!answer) return Fail(answer.error());
  auto account = ParseAccount(*answer);
  if (account) account->team_member_id = team_member_id;
  return account;
}

Result<void> Client::RevokeToken() {
  TRY(loop_.Await(Rpc("auth/token/revoke", "null", Headers::kTeam)));
  return {};
}

Result<Account> Client::DiscoverAccount() {
  acting_headers_.clear();
  auto account = ReadCurrentAccount("");
  // A team token is refused on user routes with 400 until a member is named; that of a token which
  // is no good comes from elsewhere.
  if (account || account.error().http_status != 400 || account.error().kind == ErrorKind::kAuth) {
    return account;
  }
  TRY_ASSIGN(auto answer,
             WithContext(loop_.Await(Rpc("team/token/get_authenticated_admin", "null",
                                         Headers::kTeam, AcceptIf(ParseAdminMemberId))),
                         "asking who authorized the team token"));
  TRY_ASSIGN(const auto team_member_id, ParseAdminMemberId(answer));
  acting_headers_ = {"Dropbox-API-Select-User: " + team_member_id};
  return ReadCurrentAccount(team_member_id);
}

void Client::ActAs(const Account& account) {
  acting_headers_.clear();
  if (!account.team_member_id.empty()) {
    acting_headers_.push_back("Dropbox-API-Select-User: " + account.team_member_id);
  }
  // Without a team space the default view is already everything, and app-folder apps may not send
  // the header at all.
  if (account.HasTeamSpace()) {
    acting_headers_.push_back(fmt::format(R"(Dropbox-API-Path-Root: {{".tag":"root","root":"{}"}})",
                                          account.root_namespace_id));
  }
}

Pending<HttpResponse> Client::ListFolder(const std::string& path, std::string buffer,
                                         Accept accept) {
  HttpRequest request = RpcRequest("files/list_folder", ListFolderArgument(path), Headers::kUser);
  request.response_buffer = std::move(buffer);
  SendOptions options;
  options.accept = std::move(accept);
  return Map<HttpResponse>(sender_.Send(std::move(request), std::move(options)),
                           [path](Result<HttpResponse> answer) -> Result<HttpResponse> {
                             if (!answer) return Fail(ListFolderError(answer.error(), path));
                             return answer;
                           });
}

Pending<HttpResponse> Client::ListFolderContinue(const std::string& cursor, std::string buffer,
                                                 Accept accept) {
  HttpRequest request =
      RpcRequest("files/list_folder/continue", JsonArgument("cursor", cursor), Headers::kUser);
  request.response_buffer = std::move(buffer);
  SendOptions options;
  options.accept = std::move(accept);
  return Map<HttpResponse>(sender_.Send(std::move(request), std::move(options)),
                           [](Result<HttpResponse> answer) -> Result<HttpResponse> {
                             if (!answer) return Fail(ContinueError(answer.error()));
                             return answer;
                           });
}

Pending<HttpResponse> Client::GetMetadata(const std::string& path_or_id, Accept accept) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("path");
  WriteString(writer, path_or_id);
  writer.Key("include_has_explicit_shared_members");
  writer.Bool(true);
  writer.EndObject();
  SendOptions options;
  options.accept = [accept = std::move(accept)](HttpResponse& response) -> Result<void> {
    response.body =
        fmt::format(R"({{"entries":[{}],"cursor":"-","has_more":false}})", response.body);
    return accept(response);
  };
  return Map<HttpResponse>(
      Rpc("files/get_metadata", std::string(View(buffer)), Headers::kUser, std::move(options)),
      [](Result<HttpResponse> answer) -> Result<HttpResponse> {
        if (answer) return answer;
        Error error = answer.error();
        if (error.tag == "path/not_found") error.kind = ErrorKind::kNotFound;
        if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
        return Fail(std::move(error));
      });
}

Pending<ReceivedPage> Client::ListReceivedFiles(const std::string& cursor) {
  auto pending =
      cursor.empty()
          ? Rpc("sharing/list_received_files", fmt::format("{{\"limit\":{}}}", kReceivedLimit),
                Headers::kUser, AcceptIf(ParseReceivedPage))
          : Rpc("sharing/list_received_files/continue", JsonArgument("cursor", cursor),
                Headers::kUser, AcceptIf(ParseReceivedPage));
  return Map<ReceivedPage>(pending, [](Result<HttpResponse> answer) -> Result<ReceivedPage> {
    if (!answer) return Fail(WithContext(answer.error(), "listing received files"));
    return ParseReceivedPage(*answer);
  });
}

Pending<LinkedFile> Client::GetSharedLinkMetadata(const std::string& url) {
  // One file's failure must not hold up the run: few retries, then it is reported.
  auto pending = Rpc("sharing/get_shared_link_metadata", JsonArgument("url", url), Headers::kUser,
                     AcceptIf(ParseLinkedFile, config_.dropbox.retry_count));
  return Map<LinkedFile>(pending, [](Result<HttpResponse> answer) -> Result<LinkedFile> {
    if (answer) return ParseLinkedFile(*answer);
    Error error = answer.error();
    if (error.http_status == 409) error.kind = ErrorKind::kRejectedDocument;
    return Fail(WithContext(std::move(error), "reading a received file's link"));
  });
}

SenderCounters Client::counters() const {
  SenderCounters sum = sender_.counters();
  const SenderCounters& token = token_sender_.counters();
  sum.requests += token.requests;
  sum.retries += token.retries;
  sum.bytes_sent += token.bytes_sent;
  sum.bytes_received += token.bytes_received;
  sum.in_flight += token.in_flight;
  return sum;
}

}  // namespace dbxes::dropbox
