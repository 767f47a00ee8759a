// SPDX-License-Identifier: Apache-2.0
#include "dropbox/search.h"

#include <fmt/format.h>

#include <utility>

#include "base/json/json_write.h"
#include "dropbox/route_error.h"
#include "dropbox/rpc.h"

namespace dbxes::dropbox {
namespace {

void WriteUnlessEmpty(JsonWriter& writer, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  WriteExactly(writer, key, text);
}

void WriteTag(JsonWriter& writer, std::string_view tag) {
  writer.StartObject();
  WriteUnlessEmpty(writer, ".tag", tag);
  writer.EndObject();
}

void WriteOptions(JsonWriter& writer, const SearchRequest& request) {
  writer.StartObject();
  WriteUnlessEmpty(writer, "path", request.path);
  if (request.max_results > 0) WriteNumber(writer, "max_results", request.max_results);
  if (!request.order_by.empty()) {
    writer.Key("order_by");
    WriteTag(writer, request.order_by);
  }
  if (request.filename_only) WriteFlag(writer, "filename_only", true);
  if (!request.file_extensions.empty()) {
    WriteTexts(writer, "file_extensions", request.file_extensions);
  }
  if (!request.file_categories.empty()) {
    writer.Key("file_categories");
    writer.StartArray();
    for (const std::string& category : request.file_categories) WriteTag(writer, category);
    writer.EndArray();
  }
  WriteUnlessEmpty(writer, "account_id", request.account_id);
  writer.EndObject();
}

// A match wraps its metadata twice. Unknown kinds, deleted items and those without an id are left
// out.
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
    return Fail(ErrorKind::kTemporary, "Dropbox's search result is incomplete");
  }
  SearchPage page;
  page.shown = matches->Size();
  if (has_more->GetBool()) {
    page.cursor = StringMember(body, "cursor");
    if (page.cursor.empty()) {
      return Fail(ErrorKind::kTemporary, "Dropbox's search result has more, but no cursor");
    }
  }
  for (const rapidjson::Value& match : matches->GetArray()) AppendMatch(match, page.matches);
  return page;
}

// The message for a search that fails (SearchError).
Error SearchFailure(Error error, const SearchRequest& request) {
  const std::string shown = request.path.empty() ? "/" : request.path;
  if (IsPathNotFound(error)) {
    error.message = fmt::format("Dropbox has no folder {}", shown);
  } else if (IsPathNotFolder(error)) {
    error.message = fmt::format("{} is a file in Dropbox, not a folder", shown);
  }
  return WithContext(std::move(error), fmt::format("searching for \"{}\"", request.query));
}

}  // namespace

std::string SearchArgument(const SearchRequest& request) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteExactly(writer, "query", request.query);
  writer.Key("options");
  WriteOptions(writer, request);
  writer.EndObject();
  return std::string(View(buffer));
}

Pending<SearchPage> Search(Client& client, const SearchRequest& request,
                           const std::string& cursor) {
  if (!cursor.empty()) {
    return Call(client, "files/search/continue_v2", JsonArgument("cursor", cursor),
                ParsePageOfMatches, {.doing = "searching"});
  }
  return Explained<SearchPage>(
      Call(client, "files/search_v2", SearchArgument(request), ParsePageOfMatches),
      [request](Error error) { return SearchFailure(std::move(error), request); });
}

}  // namespace dbxes::dropbox
