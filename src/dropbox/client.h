// SPDX-License-Identifier: Apache-2.0
// The Dropbox HTTP API: one method per route used. Retries, rate limits and token refreshes happen
// beneath; what comes back is an answer or a final error.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http/backoff.h"
#include "base/http/event_loop.h"
#include "config/config.h"
#include "dropbox/access_token.h"

namespace dbxes::dropbox {

// Who the token belongs to, and which roots it sees.
struct Account {
  std::string account_id;
  std::string email;
  std::string team_member_id;  // set for team tokens: calls run as this member
  std::string root_namespace_id;
  std::string home_namespace_id;
  std::string home_path;  // of the home in the root of a team space, "" where there is none
  std::string display_name = {};
  std::string team_name = {};  // "" for an account in no team
  bool HasTeamSpace() const { return root_namespace_id != home_namespace_id; }
};

// A file shared with the account alone, not mounted in its tree.
struct ReceivedFile {
  std::string id;
  std::string name;
  std::string preview_url;
  std::string path_lower;  // set when it is mounted after all
};

struct ReceivedPage {
  std::vector<ReceivedFile> files;
  std::string cursor;  // "" on the last page: these routes have no has_more
};

// What a shared link tells of its file (sharing/get_shared_link_metadata).
struct LinkedFile {
  std::string id;
  std::string name;
  std::string url;
  std::string rev;
  std::string client_modified;
  std::string server_modified;
  std::uint64_t size = 0;
  bool allows_download = true;  // false: the bytes cannot be had (link_permissions.allow_download)
};

// How the bytes of a file are received. An answer of success may still be cut short, so whoever
// takes the bytes has to compare them with what the headers promise.
struct Receive {
  std::shared_ptr<BodySink> sink;
  std::function<void(HttpRequest&)> prepare;  // before each try: a Range to go on from
  // After each answer of success: kTemporary asks for another try, other errors are final.
  std::function<Result<void>(HttpResponse&)> accept;
};

class Client {
 public:
  using Accept = std::function<Result<void>(HttpResponse&)>;

  Client(EventLoop& loop, const config::Config& config,
         std::function<void(const Error&, Milliseconds)> on_retry, std::uint64_t seed);

  // Goes on with an access token that auth has got already, instead of refreshing.
  void Adopt(const TokenGrant& grant) { token_.Adopt(grant); }
  // Scopes of the access token, space-separated; "" when Dropbox did not say.
  const std::string& scopes() const { return token_.scopes(); }
  // auth/token/revoke: the access token, and the refresh token with all that came of it.
  Result<void> RevokeToken();

  // users/get_current_account, and for team tokens team/token/get_authenticated_admin first.
  Result<Account> DiscoverAccount();
  // Sets the select-user and path-root headers that every later user call carries. The root is
  // named by its number, so that a migrated team is noticed (422) instead of half listed.
  void ActAs(const Account& account);

  // files/list_folder, recursive. `buffer` is reused for the answer; `accept` sees it first. `path`
  // that is not there is kNotFound; that is a file kConfig.
  Pending<HttpResponse> ListFolder(const std::string& path, std::string buffer, Accept accept);
  // files/list_folder/continue. A cursor that Dropbox will not go on from is kCursorReset.
  Pending<HttpResponse> ListFolderContinue(const std::string& cursor, std::string buffer,
                                           Accept accept);
  // files/get_metadata of a path or an id: a page of one entry, as `accept` gets to see it. What is
  // not there is kNotFound.
  Pending<HttpResponse> GetMetadata(const std::string& path_or_id, Accept accept);
  // sharing/list_received_files and /continue (`cursor` not empty).
  Pending<ReceivedPage> ListReceivedFiles(const std::string& cursor);
  // sharing/get_shared_link_metadata. A link that is gone or closed is kRejectedDocument.
  Pending<LinkedFile> GetSharedLinkMetadata(const std::string& url);

  // files/download, files/export (a `format` of "" is the file's own default) and
  // sharing/get_shared_link_file (downloads.cc). Tried again as often as dropbox.retry_count says.
  // A file that is gone is kNotFound, one that Dropbox will not hand out kRejectedDocument; what
  // concerns every file (credentials, rates, the root) keeps its kind.
  Pending<HttpResponse> Download(const std::string& id, Receive receive);
  Pending<HttpResponse> Export(const std::string& id, const std::string& format, Receive receive);
  Pending<HttpResponse> DownloadLink(const std::string& url, Receive receive);

  // The way of every route; those of sharing and teams stand in files of their own. Calls of a user
  // carry the headers of ActAs, those of a team must not (Dropbox HTTP API: headers).
  enum class Headers { kUser, kTeam };
  Pending<HttpResponse> Rpc(std::string_view route, std::string argument, Headers headers,
                            SendOptions options = {});
  // For requests whose failure concerns one document or folder and must not hold up the run.
  int few_retries() const { return config_.dropbox.retry_count; }

  // Requests of the API and of the token route together.
  SenderCounters counters() const;

 private:
  HttpRequest RpcRequest(std::string_view route, std::string argument, Headers headers) const;
  Pending<HttpResponse> Content(std::string_view route, std::string_view argument, Receive receive);
  Result<Account> ReadCurrentAccount(const std::string& team_member_id);

  EventLoop& loop_;
  const config::Config& config_;
  HttpTimeouts timeouts_;
  std::vector<std::string> acting_headers_;
  RequestSender token_sender_;
  AccessToken token_;
  RequestSender sender_;
};

}  // namespace dbxes::dropbox
