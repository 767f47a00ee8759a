// SPDX-License-Identifier: Apache-2.0
#include "dropbox/search.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

using Headers = Client::Headers;

constexpr int kChildrenLimit = 2000;

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  WriteKey(writer, key);
  WriteString(writer, text);
}

void WriteTag(JsonWriter& writer, std::string_view tag) {
  writer.StartObject();
  WriteText(writer, ".tag", tag);
  writer.EndObject();
}

void WriteOptions(JsonWriter& writer, const SearchRequest& request) {
  writer.StartObject();
  WriteText(writer, "path", request.path);
  if (request.max_results > 0) {
    writer.Key("max_results");
    writer.Int(request.max_results);
  }
  if (!request.order_by.empty()) {
    writer.Key("order_by");
    WriteTag(writer, request.order_by);
  }
  if (request.filename_only) {
    writer.Key("filename_only");
    writer.Bool(true);
  }
  if (!request.file_extensions.empty()) {
    writer.Key("file_extensions");
    writer.StartArray();
    for (const std::string& extension : request.file_extensions) WriteString(writer, extension);
    writer.EndArray();
  }
  if (!request.file_categories.empty()) {
    writer.Key("file_categories");
    writer.StartArray();
    for (const std::string& category : request.file_categories) WriteTag(writer, category);
    writer.EndArray();
  }
  WriteText(writer, "account_id", request.account_id);
  writer.EndObject();
}

// A match wraps its metadata twice; what is new to us, deleted or without an id is left out.
void AppendMatch(const rapidjson::Value& match, std::vector<SearchMatch>& out) {
  const rapidjson::Value* outer = FindMember(match, "metadata");
  if (outer == nullptr) return;
  const rapidjson::Value* inner = FindMember(*outer, "metadata");
  if (inner == nullptr) return;
  const std::string_view tag = StringMember(*inner, ".tag");
  const std::string_view id = StringMember(*inner, "id");
  if ((tag != "file" && tag != "folder") || id.empty()) return;
  out.push_back({std::string(id), std::string(StringMember(*inner, "rev")),
                 std::string(StringMember(*inner, "path_lower"))});
}

Result<SearchPage> ParsePageOfMatches(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's search result"));
  const rapidjson::Value* matches = FindMember(body, "matches");
  const rapidjson::Value* has_more = FindMember(body, "has_more");
  if (matches == nullptr || !matches->IsArray() || has_more == nullptr || !has_more->IsBool()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's search result is not whole");
  }
  SearchPage page;
  page.shown = matches->Size();
  page.has_more = has_more->GetBool();
  page.cursor = StringMember(body, "cursor");
  if (page.has_more && page.cursor.empty()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's search result has more, but no cursor");
  }
  for (const rapidjson::Value& match : matches->GetArray()) AppendMatch(match, page.matches);
  return page;
}

Result<ChildPage> ParseChildren(const HttpResponse& response) {
  TRY_ASSIGN(auto body, ParseJson(response.body, "Dropbox's list of a folder"));
  const rapidjson::Value* entries = FindMember(body, "entries");
  const rapidjson::Value* has_more = FindMember(body, "has_more");
  if (entries == nullptr || !entries->IsArray() || has_more == nullptr || !has_more->IsBool()) {
    return Fail(ErrorKind::kTemporary, "Dropbox's list of a folder is not whole");
  }
  ChildPage page;
  page.has_more = has_more->GetBool();
  page.cursor = StringMember(body, "cursor");
  for (const rapidjson::Value& entry : entries->GetArray()) {
    const std::string_view tag = StringMember(entry, ".tag");
    if (tag != "file" && tag != "folder") continue;
    page.children.push_back({std::string(StringMember(entry, "id")),
                             std::string(StringMember(entry, "name")),
                             std::string(StringMember(entry, "path_lower")), tag == "folder"});
  }
  return page;
}

// What a final error of a search means (Dropbox HTTP API: SearchError).
Error SearchFailure(Error error, const SearchRequest& request) {
  const std::string shown = request.path.empty() ? "/" : request.path;
  if (error.http_status == 422) {
    error.kind = ErrorKind::kRootChanged;
  } else if (error.tag == "path/not_found") {
    error.kind = ErrorKind::kNotFound;
    error.message = fmt::format("Dropbox has no folder {}", shown);
  } else if (error.tag == "path/not_folder") {
    error.kind = ErrorKind::kConfig;
    error.message = fmt::format("{} is a file in Dropbox, not a folder", shown);
  } else if (error.http_status == 409 || error.http_status == 400) {
    error.kind = ErrorKind::kConfig;
  }
  return WithContext(std::move(error), fmt::format("searching for \"{}\"", request.query));
}

}  // namespace

std::string SearchArgument(const SearchRequest& request) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteKey(writer, "query");
  WriteString(writer, request.query);
  writer.Key("options");
  WriteOptions(writer, request);
  writer.EndObject();
  return std::string(View(buffer));
}

Pending<SearchPage> SearchClient::Search(const SearchRequest& request) {
  const auto pending = client_.Rpc("files/search_v2", SearchArgument(request), Headers::kUser,
                                   AcceptIf(ParsePageOfMatches));
  return Map<SearchPage>(pending, [request](Result<HttpResponse> answer) -> Result<SearchPage> {
    if (answer) return ParsePageOfMatches(*answer);
    return Fail(SearchFailure(answer.error(), request));
  });
}

Pending<SearchPage> SearchClient::Continue(const std::string& cursor) {
  const auto pending = client_.Rpc("files/search/continue_v2", JsonArgument("cursor", cursor),
                                   Headers::kUser, AcceptIf(ParsePageOfMatches));
  return Map<SearchPage>(pending, [](Result<HttpResponse> answer) -> Result<SearchPage> {
    if (answer) return ParsePageOfMatches(*answer);
    Error error = answer.error();
    if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
    if (error.http_status == 409) error.kind = ErrorKind::kTemporary;
    return Fail(WithContext(std::move(error), "searching"));
  });
}

Pending<ChildPage> SearchClient::ListChildren(const std::string& path, const std::string& cursor) {
  std::string argument = JsonArgument("path", path);
  argument.pop_back();
  const auto pending =
      cursor.empty() ? client_.Rpc("files/list_folder",
                                   fmt::format(R"({},"limit":{}}})", argument, kChildrenLimit),
                                   Headers::kUser, AcceptIf(ParseChildren))
                     : client_.Rpc("files/list_folder/continue", JsonArgument("cursor", cursor),
                                   Headers::kUser, AcceptIf(ParseChildren));
  return Map<ChildPage>(pending, [path](Result<HttpResponse> answer) -> Result<ChildPage> {
    if (answer) return ParseChildren(*answer);
    Error error = answer.error();
    if (error.http_status == 422) error.kind = ErrorKind::kRootChanged;
    if (error.tag == "path/not_found") error.kind = ErrorKind::kNotFound;
    // A cursor of a folder that changed under us.
    if (error.http_status == 409 && error.kind == ErrorKind::kInternal) {
      error.kind = ErrorKind::kTemporary;
    }
    return Fail(WithContext(std::move(error), "listing " + (path.empty() ? "/" : path)));
  });
}

}  // namespace dbxes::dropbox
