// SPDX-License-Identifier: Apache-2.0
#include "dropbox/consequences.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

namespace dbxes::dropbox {
namespace {

// What the judge of answers and then the route make of a status and a tag.
Error Classify(std::string_view route, int status, std::string_view tag) {
  Error error{RowOf(status, tag).kind, "why"};
  error.http_status = status;
  error.tag = tag;
  error = ClassifyRouteError(route, std::move(error));
  CHECK(error.message == "why");
  CHECK(error.tag == tag);
  CHECK(error.http_status == status);
  return error;
}

}  // namespace

TEST_CASE("every answer has one meaning and one number of tries") {
  struct Row {
    int status;
    std::string_view tag;
    ErrorKind kind;
    Again again;
  };
  using K = ErrorKind;
  const Row rows[] = {
      {0, "", K::kTemporary, Again::kUntilGivingUp},
      {302, kForeignTag, K::kTemporary, Again::kFewTimes},
      {400, kMalformedCursor, K::kInternal, Again::kNever},
      {400, kAppFolder, K::kConfig, Again::kNever},
      {400, kForeignTag, K::kTemporary, Again::kFewTimes},
      {400, "", K::kInternal, Again::kNever},
      {401, "expired_access_token", K::kAuth, Again::kWithNewToken},
      {401, "invalid_access_token", K::kAuth, Again::kWithNewToken},
      {401, "missing_scope/files.content.read", K::kPermission, Again::kNever},
      {401, "user_suspended", K::kAuth, Again::kNever},
      {401, kForeignTag, K::kTemporary, Again::kFewTimes},
      {403, "paper_access_denied/not_paper_user", K::kPermission, Again::kNever},
      {403, kForeignTag, K::kTemporary, Again::kFewTimes},
      {404, "", K::kInternal, Again::kNever},
      {404, kForeignTag, K::kTemporary, Again::kFewTimes},
      {408, "", K::kTemporary, Again::kUntilGivingUp},
      {409, "path/not_found", K::kInternal, Again::kNever},
      {409, "internal_error", K::kTemporary, Again::kUntilGivingUp},
      {409, "retry_error", K::kTemporary, Again::kUntilGivingUp},
      {409, "too_many_write_operations", K::kTemporary, Again::kUntilGivingUp},
      {409, "too_many_requests", K::kTemporary, Again::kUntilGivingUp},
      {409, kForeignTag, K::kTemporary, Again::kFewTimes},
      {421, "", K::kTemporary, Again::kUntilGivingUp},
      {422, "invalid_root/team", K::kRootChanged, Again::kNever},
      {422, "internal_error", K::kTemporary, Again::kUntilGivingUp},
      {425, "", K::kTemporary, Again::kUntilGivingUp},
      {429, "", K::kRateLimited, Again::kAfterNamedWait},
      {500, "", K::kTemporary, Again::kUntilGivingUp},
      {503, "", K::kTemporary, Again::kUntilGivingUp},
      {599, "", K::kTemporary, Again::kUntilGivingUp},
      {418, "", K::kInternal, Again::kNever},
  };
  std::set<const AnswerRow*> tested;
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(std::string(row.tag));
    const AnswerRow& found = RowOf(row.status, row.tag);
    tested.insert(&found);
    CHECK(found.kind == row.kind);
    CHECK(found.again == row.again);
  }
  CHECK(tested.size() == AnswerRows().size());  // no row is left out
}

TEST_CASE("every error of a route has one kind and concerns one thing") {
  struct Row {
    std::string_view route;
    int status;
    std::string_view tag;
    ErrorKind kind;
    Concern concern;
  };
  using K = ErrorKind;
  const Row rows[] = {
      {"files/list_folder", 409, "path/not_found", K::kNotFound, Concern::kRun},
      {"files/list_folder", 409, "path/not_folder", K::kConfig, Concern::kRun},
      {"files/list_folder", 409, "path/new_to_us", K::kConfig, Concern::kRun},
      {"files/list_folder", 409, "other", K::kInternal, Concern::kRun},
      {"files/list_folder", 400, "", K::kInternal, Concern::kRun},
      {"files/list_folder", 403, kForeignTag, K::kTemporary, Concern::kRun},
      {"files/list_folder", 400, kAppFolder, K::kConfig, Concern::kRun},
      {"files/list_folder/continue", 409, "reset", K::kCursorReset, Concern::kRun},
      {"files/list_folder/continue", 409, "path/not_found", K::kCursorReset, Concern::kRun},
      {"files/list_folder/continue", 409, "other", K::kCursorReset, Concern::kRun},
      {"files/list_folder/continue", 409, kForeignTag, K::kTemporary, Concern::kRun},
      {"files/list_folder/continue", 400, kMalformedCursor, K::kCursorReset, Concern::kRun},
      {"files/list_folder/continue", 403, "access_error", K::kPermission, Concern::kRun},
      {"files/list_folder/continue", 410, kForeignTag, K::kTemporary, Concern::kRun},
      {"files/get_metadata", 409, "path/not_found", K::kNotFound, Concern::kDocument},
      {"files/get_metadata", 409, "path/restricted_content", K::kInternal, Concern::kDocument},
      {"files/get_metadata", 409, "path/malformed_path", K::kInternal, Concern::kDocument},
      {"files/get_metadata", 403, "access_error", K::kInternal, Concern::kDocument},
      {"files/get_metadata", 400, "", K::kInternal, Concern::kDocument},
      {"files/get_metadata", 500, "", K::kTemporary, Concern::kDocument},
      {"files/get_metadata", 0, "", K::kTemporary, Concern::kDocument},
      {"files/get_metadata", 401, "user_suspended", K::kAuth, Concern::kRun},
      {"files/get_metadata", 422, "invalid_root", K::kRootChanged, Concern::kRun},
      {"files/get_metadata", 429, "", K::kRateLimited, Concern::kRun},
      {"files/search_v2", 409, "path/not_found", K::kNotFound, Concern::kRun},
      {"files/search_v2", 409, "invalid_argument", K::kConfig, Concern::kRun},
      {"files/search_v2", 400, "", K::kConfig, Concern::kRun},
      {"files/search_v2", 400, kForeignTag, K::kTemporary, Concern::kRun},
      {"files/search/continue_v2", 409, "reset", K::kTemporary, Concern::kRun},
      {"sharing/get_shared_link_metadata", 409, "other", K::kRejectedDocument, Concern::kDocument},
      {"sharing/get_shared_link_metadata", 400, "", K::kInternal, Concern::kDocument},
      {"sharing/get_shared_link_metadata", 404, kForeignTag, K::kInternal, Concern::kDocument},
      {"files/download", 409, "path/not_found", K::kNotFound, Concern::kDocument},
      {"files/export", 409, "path/not_found", K::kNotFound, Concern::kDocument},
      {"sharing/get_shared_link_file", 409, "shared_link_not_found", K::kNotFound,
       Concern::kDocument},
      {"files/download", 409, "path/restricted_content", K::kRejectedDocument, Concern::kDocument},
      {"files/download", 409, "path/unsupported_content_type", K::kRejectedDocument,
       Concern::kDocument},
      {"files/export", 409, "path/locked", K::kRejectedDocument, Concern::kDocument},
      {"files/download", 409, "path/not_file", K::kRejectedDocument, Concern::kDocument},
      {"files/download", 409, "unsupported_file", K::kRejectedDocument, Concern::kDocument},
      {"files/export", 409, "non_exportable", K::kRejectedDocument, Concern::kDocument},
      {"files/export", 409, "invalid_export_format", K::kRejectedDocument, Concern::kDocument},
      {"sharing/get_shared_link_file", 409, "shared_link_access_denied", K::kRejectedDocument,
       Concern::kDocument},
      {"sharing/get_shared_link_file", 409, "unsupported_link_type", K::kRejectedDocument,
       Concern::kDocument},
      {"sharing/get_shared_link_file", 409, "shared_link_is_directory", K::kRejectedDocument,
       Concern::kDocument},
      {"files/export", 403, "paper_access_denied/not_paper_user", K::kRejectedDocument,
       Concern::kDocument},
      {"files/download", 403, kForeignTag, K::kInternal, Concern::kDocument},
      {"files/download", 409, "other", K::kInternal, Concern::kDocument},
      {"files/download", 422, "invalid_root", K::kInternal, Concern::kDocument},
      {"files/download", 429, "", K::kRateLimited, Concern::kDocument},
      {"files/download", 401, "user_suspended", K::kAuth, Concern::kDocument},
      {"files/download", 401, "missing_scope/files.content.read", K::kPermission, Concern::kRun},
      {"files/download", 0, "", K::kTemporary, Concern::kDocument},
      {"files/download", 503, "", K::kTemporary, Concern::kDocument},
      {"sharing/list_folder_members", 409, "access_error/not_a_member", K::kInternal,
       Concern::kList},
      {"sharing/list_folder_members", 403, "access_error", K::kPermission, Concern::kList},
      {"sharing/list_folder_members", 500, "", K::kTemporary, Concern::kList},
      {"sharing/list_folder_members", 401, "user_suspended", K::kAuth, Concern::kRun},
      {"sharing/list_folder_members", 422, "invalid_root", K::kRootChanged, Concern::kRun},
      {"sharing/list_folder_members", 429, "", K::kRateLimited, Concern::kRun},
      {"sharing/list_received_files", 409, "user_error/email_unverified", K::kConfig,
       Concern::kList},
      {"sharing/list_received_files", 400, "", K::kConfig, Concern::kList},
      {"sharing/list_received_files", 403, "access_error", K::kPermission, Concern::kList},
      {"sharing/list_received_files/continue", 503, "", K::kTemporary, Concern::kList},
      {"sharing/list_received_files", 409, kForeignTag, K::kTemporary, Concern::kList},
      {"sharing/list_folder_members", 401, kForeignTag, K::kTemporary, Concern::kList},
      {"files/get_metadata", 401, kForeignTag, K::kTemporary, Concern::kDocument},
      {"sharing/list_received_files", 401, "user_suspended", K::kAuth, Concern::kRun},
      {"sharing/list_received_files", 422, "invalid_root", K::kRootChanged, Concern::kRun},
      {"sharing/list_received_files", 429, "", K::kRateLimited, Concern::kRun},
      {"users/get_current_account", 403, "access_error", K::kPermission, Concern::kRun},
      {"users/get_current_account", 400, kForeignTag, K::kTemporary, Concern::kRun},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.route));
    CAPTURE(row.status);
    CAPTURE(std::string(row.tag));
    const Error error = Classify(row.route, row.status, row.tag);
    CHECK(error.kind == row.kind);
    CHECK(error.concern == row.concern);
  }
}

TEST_CASE("no answer about one file ends a run, except for a missing scope") {
  for (const char* route : {"files/download", "files/export", "sharing/get_shared_link_file",
                            "sharing/get_shared_link_metadata"}) {
    for (int status = 0; status < 1000; ++status) {
      for (const std::string_view tag :
           {std::string_view(""), kForeignTag, std::string_view("never/seen"),
            std::string_view("path/")}) {
        REQUIRE(Classify(route, status, tag).concern == Concern::kDocument);
      }
    }
  }
}

TEST_CASE("a wrong configuration is never one file's trouble") {
  const Error certificate{ErrorKind::kConfig, "the certificate is not trusted"};
  const Error error = ClassifyRouteError("files/download", certificate);
  CHECK(error.kind == ErrorKind::kConfig);
  CHECK(error.concern == Concern::kRun);
}

TEST_CASE("the manual has words for each row") {
  for (const AnswerRow& row : AnswerRows()) {
    CHECK_FALSE(NameOf(row.answers).empty());
    CHECK_FALSE(NameOf(row.again).empty());
    CHECK_FALSE(row.help.empty());
  }
  for (const RouteRow& row : RouteRows()) {
    CHECK_FALSE(NameOf(row.subject).empty());
    const std::string outcome = OutcomeOf(row);
    CHECK(outcome.find(": ") != std::string::npos);
    const bool asked_again = outcome.find("asked for once more") != std::string::npos;
    CHECK(asked_again == (row.answers.tag == "path/not_found" && row.subject == Subject::kFile));
  }
  CHECK(NameOf(Answers{409, 409, "path/not_found"}) == "HTTP 409 path/not_found");
  CHECK(NameOf(Answers{500, 999}) == "HTTP 500 and up");
  CHECK(NameOf(Answers{100, 499, kForeignTag}) == "HTTP below 500, not from Dropbox");
}

}  // namespace dbxes::dropbox
