// SPDX-License-Identifier: Apache-2.0
#include "dropbox/consequences.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace dbxes::dropbox {
namespace {

using K = ErrorKind;

constexpr int kNoAnswer = 0;
constexpr int kMostStatus = 999;
constexpr Answers kEvery{kNoAnswer, kMostStatus};

constexpr Answers At(int status, std::string_view tag = {}) { return {status, status, tag}; }

constexpr std::pair<std::string_view, Subject> kSubjects[] = {
    {"files/list_folder", Subject::kFeed},
    {"files/list_folder/continue", Subject::kFeed},
    {"files/download", Subject::kFile},
    {"files/export", Subject::kFile},
    {"sharing/get_shared_link_file", Subject::kFile},
    {"sharing/get_shared_link_metadata", Subject::kFile},
    {"files/get_metadata", Subject::kEntry},
    {"sharing/list_folder_members", Subject::kMembers},
    {"sharing/list_folder_members/continue", Subject::kMembers},
    {"sharing/get_folder_metadata", Subject::kMembers},
    {"sharing/list_folders", Subject::kMembers},
    {"sharing/list_folders/continue", Subject::kMembers},
    {"sharing/list_file_members/batch", Subject::kMembers},
    {"sharing/list_file_members/continue", Subject::kMembers},
    {"sharing/list_shared_links", Subject::kMembers},
    {"team/members/list_v2", Subject::kMembers},
    {"team/members/list/continue_v2", Subject::kMembers},
    {"sharing/list_received_files", Subject::kReceived},
    {"sharing/list_received_files/continue", Subject::kReceived},
    {"files/search_v2", Subject::kSearch},
    {"files/search/continue_v2", Subject::kSearch},
    {"oauth2/token", Subject::kToken},
};

constexpr AnswerRow kAnswerRows[] = {
    {At(kNoAnswer), K::kTemporary, Again::kUntilGivingUp,
     "no answer: the connection broke or stalled, or the body is not what the route promises"},
    {At(400, kMalformedCursor), K::kInternal, Again::kNever, "Dropbox does not know the cursor"},
    {At(400, kAppFolder), K::kConfig, Again::kNever,
     "the app has access to its app folder only, but the account has a team space"},
    {At(401, "expired_access_token"), K::kAuth, Again::kWithNewToken, "the access token has ended"},
    {At(401, "invalid_access_token"), K::kAuth, Again::kWithNewToken, "the access token has ended"},
    {At(401, kMissingScope), K::kPermission, Again::kNever, "the token lacks a scope"},
    {{408, 408}, K::kTemporary, Again::kUntilGivingUp, "the request took too long to arrive"},
    // Errors that pass, although some routes report them as their own.
    {{409, 422, "internal_error"}, K::kTemporary, Again::kUntilGivingUp, "Dropbox is busy"},
    {{409, 422, "too_many_write_operations"},
     K::kTemporary,
     Again::kUntilGivingUp,
     "Dropbox is busy"},
    {{409, 422, "retry_error"}, K::kTemporary, Again::kUntilGivingUp, "Dropbox is busy"},
    {{409, 422, "too_many_requests"}, K::kTemporary, Again::kUntilGivingUp, "Dropbox is busy"},
    {{421, 421}, K::kTemporary, Again::kUntilGivingUp, "the connection led to another server"},
    {{425, 425}, K::kTemporary, Again::kUntilGivingUp, "the request came too early"},
    {{429, 429}, K::kRateLimited, Again::kAfterNamedWait, "Dropbox limits the rate of requests"},
    {{500, kMostStatus}, K::kTemporary, Again::kUntilGivingUp, "a server has a problem"},
    {{100, 499, kForeignTag},
     K::kTemporary,
     Again::kFewTimes,
     "an answer that is not from Dropbox, as a proxy, a virus scanner or an edge server sends it"},
    {At(400), K::kInternal, Again::kNever, "Dropbox finds the request wrong"},
    {At(401), K::kAuth, Again::kNever, "Dropbox refuses the account"},
    {At(403), K::kPermission, Again::kNever, "Dropbox refuses access"},
    {At(409), K::kInternal, Again::kNever, "an error of the route, named by its tag"},
    {At(422), K::kRootChanged, Again::kNever, "the account has another root namespace now"},
    {kEvery, K::kInternal, Again::kNever, "any other answer"},
};

constexpr RouteRow kRouteRows[] = {
    // A scope is lacking for every file or list alike.
    {Subject::kAny, "", At(401, kMissingScope), std::nullopt, Concern::kRun},
    {Subject::kAny, "", At(400, kAppFolder), std::nullopt, Concern::kRun},
    // A proxy that blocks one file may let it pass tomorrow: a failure, no refusal of Dropbox's.
    // And
    // none of its answers says anything of a cursor or a list.
    {Subject::kFile, "", {100, 499, kForeignTag}, K::kInternal, Concern::kDocument},
    {Subject::kEntry, "", {100, 499, kForeignTag}, std::nullopt, Concern::kDocument},
    {Subject::kMembers, "", {100, 499, kForeignTag}, std::nullopt, Concern::kList},
    {Subject::kReceived, "", {100, 499, kForeignTag}, std::nullopt, Concern::kList},
    {Subject::kAny, "", {100, 499, kForeignTag}, std::nullopt, Concern::kRun},
    // LookupError, ListFolderError: the folder is one of dropbox.path, which a person wrote.
    {Subject::kFeed, "files/list_folder", At(409, "path/not_found"), K::kNotFound, Concern::kRun},
    {Subject::kFeed, "files/list_folder", At(409, "path/"), K::kConfig, Concern::kRun},
    // ListFolderContinueError: reset, the folder is gone, or "other", which has been seen to hide a
    // reset. In each case only a fresh listing shows what is there.
    {Subject::kFeed, "files/list_folder/continue", At(409), K::kCursorReset, Concern::kRun},
    {Subject::kFeed, "files/list_folder/continue", At(400, kMalformedCursor), K::kCursorReset,
     Concern::kRun},
    // DownloadError, ExportError and GetSharedLinkFileError that hold for one file and stay.
    {Subject::kFile, "files/download", At(409, "path/not_found"), K::kNotFound, Concern::kDocument},
    {Subject::kFile, "files/export", At(409, "path/not_found"), K::kNotFound, Concern::kDocument},
    {Subject::kFile, "sharing/get_shared_link_file", At(409, "shared_link_not_found"), K::kNotFound,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "path/restricted_content"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "path/unsupported_content_type"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "path/locked"), K::kRejectedDocument, Concern::kDocument},
    {Subject::kFile, "", At(409, "path/not_file"), K::kRejectedDocument, Concern::kDocument},
    {Subject::kFile, "", At(409, "unsupported_file"), K::kRejectedDocument, Concern::kDocument},
    {Subject::kFile, "", At(409, "non_exportable"), K::kRejectedDocument, Concern::kDocument},
    {Subject::kFile, "", At(409, "invalid_export_format"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "shared_link_access_denied"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "unsupported_link_type"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "", At(409, "shared_link_is_directory"), K::kRejectedDocument,
     Concern::kDocument},
    {Subject::kFile, "sharing/get_shared_link_metadata", At(409), K::kRejectedDocument,
     Concern::kDocument},
    // PaperAccessError, AccessError: Dropbox itself does not give this file to this account.
    {Subject::kFile, "", At(403), K::kRejectedDocument, Concern::kDocument},
    // Other files, and the change feed, show whether it is the account's trouble after all.
    {Subject::kFile, "", At(422), K::kInternal, Concern::kDocument},
    {Subject::kFile, "", kEvery, std::nullopt, Concern::kDocument},
    {Subject::kEntry, "", At(409, "path/not_found"), K::kNotFound, Concern::kDocument},
    {Subject::kEntry, "", At(401), std::nullopt, Concern::kRun},
    {Subject::kEntry, "", At(422), std::nullopt, Concern::kRun},
    {Subject::kEntry, "", At(429), std::nullopt, Concern::kRun},
    {Subject::kEntry, "", At(403), K::kInternal, Concern::kDocument},
    {Subject::kEntry, "", kEvery, std::nullopt, Concern::kDocument},
    {Subject::kMembers, "", At(401), std::nullopt, Concern::kRun},
    {Subject::kMembers, "", At(422), std::nullopt, Concern::kRun},
    {Subject::kMembers, "", At(429), std::nullopt, Concern::kRun},
    {Subject::kMembers, "", kEvery, std::nullopt, Concern::kList},
    // SharingUserError: the account may not list them, as long as its address is not verified.
    {Subject::kReceived, "", At(409), K::kConfig, Concern::kList},
    {Subject::kReceived, "", At(401), std::nullopt, Concern::kRun},
    {Subject::kReceived, "", At(422), std::nullopt, Concern::kRun},
    {Subject::kReceived, "", At(429), std::nullopt, Concern::kRun},
    // App-folder apps may not call the route at all.
    {Subject::kReceived, "", At(400), K::kConfig, Concern::kList},
    {Subject::kReceived, "", kEvery, std::nullopt, Concern::kList},
    // SearchError: the query and the path come from the rules file.
    {Subject::kSearch, "files/search_v2", At(409, "path/not_found"), K::kNotFound, Concern::kRun},
    {Subject::kSearch, "files/search_v2", At(409), K::kConfig, Concern::kRun},
    {Subject::kSearch, "files/search_v2", At(400), K::kConfig, Concern::kRun},
    // A cursor of a search lives for a while only.
    {Subject::kSearch, "files/search/continue_v2", At(409), K::kTemporary, Concern::kRun},
};

bool Fit(const Answers& answers, int status, std::string_view tag) {
  if (status < answers.first || status > answers.last) return false;
  const bool prefix = answers.tag.empty() || answers.tag.back() == '/';
  return prefix ? tag.starts_with(answers.tag) : tag == answers.tag;
}

// What the route itself says of its own errors holds; broken connections keep their kind, and what
// is the configuration's (certificates, proxies) is never one file's trouble.
bool IsAnswer(const Error& error) {
  return error.http_status != 0 || error.kind == K::kTemporary || error.kind == K::kInternal;
}

std::string_view KindOutcome(ErrorKind kind) {
  switch (kind) {
    case K::kNotFound:
      return "nothing is deleted; the cursor stays; exit code 2";
    case K::kConfig:
      return "the cursor stays; exit code 2";
    case K::kCursorReset:
    case K::kRootChanged:
      return "a full sync runs by itself";
    case K::kAuth:
    case K::kPermission:
      return "the cursor stays at the last page that was written; exit code 4";
    case K::kTemporary:
    case K::kRateLimited:
      return "the cursor stays at the last page that was written; exit code 5";
    default:
      return "the cursor stays at the last page that was written; exit code 1";
  }
}

}  // namespace

Subject SubjectOf(std::string_view route) {
  const auto* found = std::find_if(std::begin(kSubjects), std::end(kSubjects),
                                   [&](const auto& row) { return row.first == route; });
  return found == std::end(kSubjects) ? Subject::kAccount : found->second;
}

std::span<const AnswerRow> AnswerRows() { return kAnswerRows; }
std::span<const RouteRow> RouteRows() { return kRouteRows; }

const AnswerRow& RowOf(int status, std::string_view tag) {
  return *std::find_if(std::begin(kAnswerRows), std::end(kAnswerRows) - 1,
                       [&](const AnswerRow& row) { return Fit(row.answers, status, tag); });
}

Error ClassifyRouteError(std::string_view route, Error error) {
  if (!IsAnswer(error)) return error;
  const Subject subject = SubjectOf(route);
  const auto* row =
      std::find_if(std::begin(kRouteRows), std::end(kRouteRows), [&](const RouteRow& candidate) {
        const bool mine = candidate.subject == Subject::kAny || candidate.subject == subject;
        return mine && (candidate.route.empty() || candidate.route == route) &&
               Fit(candidate.answers, error.http_status, error.tag);
      });
  if (row == std::end(kRouteRows)) return error;
  if (row->kind) error.kind = *row->kind;
  error.concern = row->concern;
  return error;
}

std::string NameOf(Subject subject) {
  switch (subject) {
    case Subject::kFeed:
      return "the listing and the change feed";
    case Subject::kFile:
      return "content and links of a file";
    case Subject::kEntry:
      return "metadata of a file or folder";
    case Subject::kMembers:
      return "members, links, shared folders";
    case Subject::kReceived:
      return "the list of received files";
    case Subject::kSearch:
      return "searches";
    case Subject::kAccount:
      return "the account";
    case Subject::kToken:
      return "the access token";
    case Subject::kAny:
      break;
  }
  return "every route";
}

std::string NameOf(const Answers& answers) {
  std::string status = answers.last == kNoAnswer       ? "no answer"
                       : answers.first == kNoAnswer    ? "any other answer"
                       : answers.first == answers.last ? fmt::format("HTTP {}", answers.first)
                       : answers.last == kMostStatus ? fmt::format("HTTP {} and up", answers.first)
                       : answers.tag == kForeignTag
                           ? "HTTP below 500"
                           : fmt::format("HTTP {} or {}", answers.first, answers.last);
  if (answers.tag == kForeignTag) return status + ", not from Dropbox";
  return answers.tag.empty() ? status : fmt::format("{} {}", status, answers.tag);
}

std::string NameOf(Again again) {
  switch (again) {
    case Again::kNever:
      return "not sent again";
    case Again::kFewTimes:
      return fmt::format("sent again {} times", kFewRetries);
    case Again::kUntilGivingUp:
      return "sent again for sync.give_up_after";
    case Again::kAfterNamedWait:
      return "sent again after the wait that Dropbox names, for sync.give_up_after";
    case Again::kWithNewToken:
      return "sent again with a new access token, for sync.give_up_after";
  }
  return "";
}

std::string OutcomeOf(const RouteRow& row) {
  switch (row.concern) {
    case Concern::kDocument:
      if (row.kind == K::kRejectedDocument && row.route != "sharing/get_shared_link_metadata") {
        return "this file: indexed without text and counted; later runs ask again; the cursor "
               "passes; exit code 0";
      }
      if (row.kind == K::kNotFound && row.subject == Subject::kEntry) {
        return "this file: its document is deleted if it is not at its path either; the cursor "
               "passes";
      }
      // Of a received file, the next run reads the link again.
      if (row.kind == K::kNotFound && row.route != "sharing/get_shared_link_file") {
        return "this file: asked for once more at the end of the run; recorded as failed if it is "
               "still there; the cursor passes";
      }
      return "this file: its stored text stays; recorded as failed and tried again by later runs; "
             "the cursor passes; exit code 3";
    case Concern::kList:
      return row.subject == Subject::kReceived
                 ? "this list: received files stay as they are; all else is done; exit code 2, 4 "
                   "or 5"
                 : "this list: documents keep their readers where that is safe, or are closed, and "
                   "are recorded as failed; the cursor passes; exit code 3";
    case Concern::kRun:
      break;
  }
  return "the run: " + std::string(KindOutcome(
                           row.kind.value_or(RowOf(row.answers.first, row.answers.tag).kind)));
}

}  // namespace dbxes::dropbox
