// SPDX-License-Identifier: Apache-2.0
#include "dropbox/api_error.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dropbox/consequences.h"

namespace dbxes::dropbox {
namespace {

constexpr char kRequestId[] = "0f3c52d2a1b04c6f9a8e7d6c5b4a3f21";

HttpResponse Answer(int status, std::string body, std::string content_type = "application/json") {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = {{"content-type", std::move(content_type)},
                      {"x-dropbox-request-id", kRequestId}};
  return response;
}

Verdict Judge(int status, std::string body, std::string content_type = "application/json") {
  return JudgeApiAnswer(Answer(status, std::move(body), std::move(content_type)));
}

// The body of an error with nested tags: the error of {"path", "not_found"} is
// {".tag":"path","path":{".tag":"not_found"}}.
std::string ErrorBody(const std::vector<std::string>& tags, const std::string& dots = "..") {
  std::string summary;
  std::string error;
  for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) {
    summary = *tag + "/" + summary;
    const std::string nested = error.empty() ? "" : ",\"" + *tag + "\":" + error;
    error = "{\".tag\":\"" + *tag + "\"" + nested + "}";
  }
  return "{\"error_summary\":\"" + summary + dots + "\",\"error\":" + error + "}";
}

constexpr char kHtml[] =
    "<!DOCTYPE html>\n<html><head><style>body{margin:0}</style><title>Dropbox - 502</title>"
    "</head><body><h1>Error (502)</h1>\n<p>Something went wrong.</p></body></html>";

}  // namespace

TEST_CASE("the bodies of these tests are what Dropbox sends") {
  CHECK(
      ErrorBody({"path", "not_found"}) ==
      R"({"error_summary":"path/not_found/..","error":{".tag":"path","path":{".tag":"not_found"}}})");
}

TEST_CASE("a good answer is done") {
  for (const int status : {200, 206}) CHECK(Judge(status, "{}").kind == Verdict::kDone);
}

TEST_CASE("a missing answer is retried, unless the user must fix the cause") {
  const Verdict broken = JudgeApiAnswer(Fail(ErrorKind::kTemporary, "connection reset"));
  CHECK(broken.kind == Verdict::kRetry);
  CHECK(broken.error.message == "Dropbox: connection reset");
  CHECK_FALSE(broken.wait);
  for (const ErrorKind kind : {ErrorKind::kConfig, ErrorKind::kInternal}) {
    const Verdict verdict = JudgeApiAnswer(Fail(kind, "no"));
    CHECK(verdict.kind == Verdict::kFail);
    CHECK(verdict.error.kind == kind);
  }
}

TEST_CASE("every status that is not an endpoint error") {
  struct Row {
    int status;
    std::string body;
    Verdict::Kind kind;
    ErrorKind error;
    std::string message;
  };
  const std::string bad_request =
      "Error in call to API function \"files/list_folder\": request body: path: expected string";
  const Row rows[] = {
      {400, bad_request, Verdict::kFail, ErrorKind::kInternal,
       "Dropbox answered 400: " + bad_request},
      {400, kHtml, Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 400 body{margin:0} Dropbox - 502 Error (502) Something "
       "went wrong."},
      {400, "", Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 400 (no text)"},
      {404, "", Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 404 (no text)"},
      {410, kHtml, Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 410 body{margin:0} Dropbox - 502 Error (502) Something "
       "went wrong."},
      {302, "", Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 302 (no text)"},
      {204, "", Verdict::kRetry, ErrorKind::kTemporary,
       "an answer that is not from Dropbox: 204 (no text)"},
      {404, ErrorBody({"not_found"}), Verdict::kFail, ErrorKind::kInternal,
       "Dropbox answered 404: " + ErrorBody({"not_found"})},
      {408, kHtml, Verdict::kRetry, ErrorKind::kTemporary,
       "Dropbox answered 408 body{margin:0} Dropbox - 502 Error (502) Something went wrong."},
      {421, "", Verdict::kRetry, ErrorKind::kTemporary, "Dropbox answered 421 (no text)"},
      {425, "", Verdict::kRetry, ErrorKind::kTemporary, "Dropbox answered 425 (no text)"},
      {500, "", Verdict::kRetry, ErrorKind::kTemporary, "Dropbox answered 500 (no text)"},
      {500, "Internal Server Error", Verdict::kRetry, ErrorKind::kTemporary,
       "Dropbox answered 500 Internal Server Error"},
      {502, kHtml, Verdict::kRetry, ErrorKind::kTemporary,
       "Dropbox answered 502 body{margin:0} Dropbox - 502 Error (502) Something went wrong."},
      {503, ErrorBody({"reset"}), Verdict::kRetry, ErrorKind::kTemporary,
       "Dropbox answered 503 " + ErrorBody({"reset"})},
      {504, "", Verdict::kRetry, ErrorKind::kTemporary, "Dropbox answered 504 (no text)"},
      {599, "", Verdict::kRetry, ErrorKind::kTemporary, "Dropbox answered 599 (no text)"},
  };
  for (const Row& row : rows) {
    // The type in the header must not matter.
    for (const char* type : {"text/plain; charset=utf-8", "text/html", "application/json", ""}) {
      CAPTURE(row.status);
      CAPTURE(std::string(type));
      const Verdict verdict = Judge(row.status, row.body, type);
      CHECK(verdict.kind == row.kind);
      CHECK(verdict.error.kind == row.error);
      CHECK(verdict.error.message == row.message);
      CHECK(verdict.error.http_status == row.status);
      CHECK(verdict.error.request_id == kRequestId);
      CHECK_FALSE(verdict.gate);
      CHECK_FALSE(verdict.reauthorize);
      CHECK_FALSE(verdict.wait);
    }
  }
}

TEST_CASE("a malformed cursor gets a tag, as HTTP 400 has none") {
  const std::string begin = "Error in call to API function \"files/list_folder/continue\": ";
  CHECK(Judge(400, begin + "Invalid \"cursor\" parameter: no").error.tag == "malformed_cursor");
  CHECK(Judge(400, begin + "request body: expected object").error.tag == "");
}

TEST_CASE("a refused token is replaced, every other refusal is final") {
  struct Row {
    std::string tag;
    bool reauthorize;
  };
  const Row rows[] = {{"expired_access_token", true}, {"invalid_access_token", true},
                      {"invalid_select_user", false}, {"invalid_select_admin", false},
                      {"user_suspended", false},      {"route_access_denied", false},
                      {"something_new", false}};
  for (const Row& row : rows) {
    for (const char* dots : {"", ".", "..", "..."}) {
      CAPTURE(row.tag);
      const Verdict verdict = Judge(401, ErrorBody({row.tag}, dots));
      CHECK(verdict.kind == (row.reauthorize ? Verdict::kRetry : Verdict::kFail));
      CHECK(verdict.reauthorize == row.reauthorize);
      CHECK(verdict.error.kind == ErrorKind::kAuth);
      CHECK(verdict.error.tag == row.tag);
      CHECK(verdict.error.message.find(row.tag) != std::string::npos);
    }
  }
  // Only a refused refresh token is a reason to authorize the app again.
  CHECK(Judge(401, ErrorBody({"expired_access_token"})).error.message.find("dbx-es auth") ==
        std::string::npos);
  const Verdict text = Judge(401, "Unauthorized", "text/plain");
  CHECK(text.kind == Verdict::kRetry);
  CHECK(text.error.tag == kForeignTag);
}

TEST_CASE("a missing scope is named") {
  const Verdict verdict = Judge(
      401,
      R"({"error_summary":"missing_scope/.","error":{".tag":"missing_scope","required_scope":"sharing.read"}})");
  CHECK(verdict.kind == Verdict::kFail);
  CHECK(verdict.error.kind == ErrorKind::kPermission);
  CHECK(verdict.error.tag == "missing_scope/sharing.read");
  CHECK(verdict.error.message.find("sharing.read") != std::string::npos);
}

TEST_CASE("refused access is final, whatever the reason") {
  for (const std::string& body :
       {ErrorBody({"invalid_account_type", "endpoint"}),
        ErrorBody({"invalid_account_type", "feature"}),
        ErrorBody({"paper_access_denied", "paper_disabled"}), ErrorBody({"team_access_denied"}),
        std::string(R"({"error_summary":"no_permission/","error":{".tag":"no_permission",)"
                    R"("unauthorized_account_id_usage":{"unauthorized_account_ids":["dbid:1"]}}})"),
        std::string(R"({"error_summary":"x/","error":"flat"})")}) {
    const Verdict verdict = Judge(403, body);
    CHECK(verdict.kind == Verdict::kFail);
    CHECK(verdict.error.kind == ErrorKind::kPermission);
    CHECK(verdict.error.message == "Dropbox refuses access: " + Excerpt(body));
  }
}

TEST_CASE("what Dropbox did not write is tried again a few times, and named as that") {
  for (const std::string& body :
       {std::string("Forbidden"), std::string(kHtml), std::string(), std::string("{}"),
        std::string(R"({"message":"blocked"})"), std::string(R"({"error":null})")}) {
    for (const int status : {301, 400, 402, 403, 404, 405, 406, 410, 411, 413, 415, 418, 451}) {
      if (status == 400 && body == "Forbidden") continue;  // a text, as Dropbox sends it with 400
      CAPTURE(body);
      CAPTURE(status);
      const Verdict verdict = Judge(status, body);
      CHECK(verdict.kind == Verdict::kRetry);
      CHECK(verdict.max_retries == kFewRetries);
      CHECK(verdict.error.kind == ErrorKind::kTemporary);
      CHECK(verdict.error.tag == kForeignTag);
    }
  }
  HttpResponse redirect = Answer(302, kHtml);
  redirect.headers.emplace_back("location", "https://portal.example/login");
  CHECK(JudgeApiAnswer(redirect).error.message.find(
            "(a redirect to https://portal.example/login)") != std::string::npos);
}

TEST_CASE("an app folder without a team space is named as the reason") {
  const Verdict verdict =
      Judge(400,
            "Error in call to API function \"files/list_folder\": Path root is not supported for "
            "sandbox app");
  CHECK(verdict.kind == Verdict::kFail);
  CHECK(verdict.error.kind == ErrorKind::kConfig);
  CHECK(verdict.error.message.find("Full Dropbox") != std::string::npos);
}

TEST_CASE("the tags of an endpoint's error decide whether it is final") {
  struct Row {
    std::vector<std::string> tags;
    bool retry;
  };
  const Row rows[] = {
      {{"path", "not_found"}, false},
      {{"path", "not_folder"}, false},
      {{"path", "malformed_path"}, false},
      {{"path", "restricted_content"}, false},
      {{"template_error", "template_not_found"}, false},
      {{"reset"}, false},
      {{"other"}, false},
      {{"email_unverified"}, false},
      {{"user_error", "email_unverified"}, false},
      {{"invalid_cursor"}, false},
      {{"access_error", "not_a_member"}, false},
      {{"shared_link_not_found"}, false},
      {{"shared_link_access_denied"}, false},
      {{"unsupported_link_type"}, false},
      {{"something_new", "and", "deep"}, false},
      {{"internal_error"}, true},
      {{"retry_error"}, true},
      {{"too_many_write_operations"}, true},
      {{"too_many_requests"}, true},
  };
  for (const int status : {409, 422}) {
    for (const Row& row : rows) {
      std::string joined;
      for (const std::string& tag : row.tags) joined += (joined.empty() ? "" : "/") + tag;
      CAPTURE(joined);
      for (const char* dots : {"", ".", "..", "..."}) {
        const Verdict verdict = Judge(status, ErrorBody(row.tags, dots));
        CHECK(verdict.kind == (row.retry ? Verdict::kRetry : Verdict::kFail));
        const ErrorKind final = status == 422 ? ErrorKind::kRootChanged : ErrorKind::kInternal;
        CHECK(verdict.error.kind == (row.retry ? ErrorKind::kTemporary : final));
        CHECK(verdict.error.tag == joined);
        CHECK(verdict.error.message == "Dropbox answered " + std::to_string(status) + " " + joined);
        CHECK(verdict.error.http_status == status);
      }
    }
  }
}

TEST_CASE("a changed root is an error of its own") {
  const Verdict verdict = Judge(
      422, R"({"error_summary":"invalid_root/..","error":{".tag":"invalid_root","invalid_root":
      {".tag":"team","root_namespace_id":"789","home_namespace_id":"456","home_path":"/Ana Diaz"}}})");
  CHECK(verdict.kind == Verdict::kFail);
  CHECK(verdict.error.kind == ErrorKind::kRootChanged);
  CHECK(verdict.error.tag == "invalid_root/team");
  CHECK(verdict.error.http_status == 422);
}

TEST_CASE("Dropbox's own words for the user are passed on") {
  const Verdict verdict = Judge(
      409,
      R"({"error_summary":"other/","error":{".tag":"other"},"user_message":{"locale":"en","text":"Try later."}})");
  CHECK(verdict.error.message == "Dropbox answered 409 other (Try later.)");
}

// The lines of a message are printed as lines of ours.
TEST_CASE("no text of an answer begins a line") {
  for (const std::string& body :
       {std::string(
            R"({"error":{".tag":"a\ndbx-es: done"},"user_message":{"text":"b\r\ndbx-es: done"}})"),
        std::string(R"({"error":{".tag":"missing_scope","required_scope":"a\ndbx-es: done"}})"),
        std::string(R"({"error":{".tag":"a\ndbx-es: done"}})"),
        std::string(R"({"error":"a\ndbx-es: done","error_description":"b\ndbx-es: done"})")}) {
    for (const int status : {400, 401, 403, 404, 409, 422, 503}) {
      for (const auto judge : {JudgeApiAnswer, JudgeTokenAnswer}) {
        HttpResponse answer;
        answer.status = status;
        answer.body = body;
        answer.headers = {{"content-type", "application/json"}, {"x-dropbox-request-id", "1"}};
        const Verdict verdict = judge(Result<HttpResponse>(answer));
        CAPTURE(verdict.error.message);
        CHECK(verdict.error.message.find_first_of("\r\n") == std::string::npos);
      }
    }
  }
}

TEST_CASE("an endpoint error without a readable body is retried a few times") {
  for (const std::string& body :
       {std::string(), std::string("Conflict"), std::string(kHtml), std::string("{}"),
        std::string("[]"), std::string("null"), std::string(R"({"error":null})"),
        ErrorBody({"reset"}).substr(0, 40)}) {
    for (const int status : {409, 422}) {
      CAPTURE(body);
      const Verdict verdict = Judge(status, body);
      CHECK(verdict.kind == Verdict::kRetry);
      CHECK(verdict.error.kind == ErrorKind::kTemporary);
      CHECK(verdict.error.tag == kForeignTag);
      CHECK(verdict.max_retries == kFewRetries);
      CHECK(verdict.error.http_status == status);
    }
  }
}

TEST_CASE("a rate limit delays all requests for the longer of the two waits") {
  struct Row {
    std::optional<std::string> header;
    std::string body;
    std::optional<std::int64_t> seconds;
  };
  const auto body = [](const std::string& wait) {
    return R"({"error_summary":"too_many_requests/.","error":{"reason":{".tag":"too_many_requests"})" +
           wait + "}}";
  };
  const std::string without = body("");
  const Row rows[] = {
      {"15", without, 15},
      {std::nullopt, body(R"(,"retry_after":15)"), 15},
      {"10", body(R"(,"retry_after":20)"), 20},
      {"20", body(R"(,"retry_after":10)"), 20},
      {"300", "Your app is making too many requests.", 300},
      {"7", kHtml, 7},
      {"0", without, 0},
      {std::nullopt, body(R"(,"retry_after":0)"), 0},
      {std::nullopt, without, std::nullopt},
      {std::nullopt, "", std::nullopt},
      {std::nullopt, "slow down", std::nullopt},
      {std::nullopt, "[]", std::nullopt},
      {std::nullopt, R"({"error":"too_many_requests"})", std::nullopt},
      {std::nullopt, body(R"(,"retry_after":null)"), std::nullopt},
      {std::nullopt, body(R"(,"retry_after":"15")"), std::nullopt},
      {"Wed, 21 Oct 2026 07:28:00 GMT", without, std::nullopt},
      {"Wed, 21 Oct 2026 07:28:00 GMT", body(R"(,"retry_after":3)"), 3},
      {"-5", without, std::nullopt},
      {"soon", without, std::nullopt},
      {"", without, std::nullopt},
      {"1.5", without, 2},
      {std::nullopt, body(R"(,"retry_after":1.5)"), 2},
      {std::nullopt, body(R"(,"retry_after":-3)"), std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.header.value_or("no header"));
    CAPTURE(row.body);
    HttpResponse response = Answer(429, row.body);
    if (row.header) response.headers.emplace_back("retry-after", *row.header);
    for (const Verdict& verdict : {JudgeApiAnswer(response), JudgeTokenAnswer(response)}) {
      CHECK(verdict.kind == Verdict::kRetry);
      CHECK(verdict.error.kind == ErrorKind::kRateLimited);
      CHECK(verdict.gate);
      REQUIRE(verdict.wait.has_value() == row.seconds.has_value());
      if (!row.seconds) {
        CHECK(verdict.error.message == "Dropbox limits the rate of requests");
        continue;
      }
      CHECK(std::chrono::ceil<std::chrono::seconds>(*verdict.wait).count() == *row.seconds);
      CHECK(verdict.error.message ==
            "Dropbox limits the rate of requests (wait " + std::to_string(*row.seconds) + " s)");
    }
  }
}

TEST_CASE("a huge wait is a very long wait, not a negative one") {
  constexpr Milliseconds kYear{365ll * 24 * 3600 * 1000};
  for (const std::string wait : {"9223372036854775807", "18446744073709551615"}) {
    HttpResponse response = Answer(429, R"({"error":{"retry_after":)" + wait + "}}");
    const Verdict by_body = JudgeApiAnswer(response);
    REQUIRE(by_body.wait);
    CHECK(*by_body.wait >= kYear);
  }
  HttpResponse response = Answer(429, "");
  response.headers.emplace_back("retry-after", "9223372036854775807");
  const Verdict by_header = JudgeApiAnswer(response);
  REQUIRE(by_header.wait);
  CHECK(*by_header.wait >= kYear);
  // There is room for the delay that the sender adds.
  CHECK(*by_header.wait + kYear > *by_header.wait);
}

TEST_CASE("errors of the token route that are final") {
  struct Row {
    int status;
    std::string body;
    std::string message;  // or its beginning
    std::string tag;
  };
  const Row rows[] = {
      {400,
       R"({"error":"invalid_grant","error_description":"refresh token is invalid or revoked"})",
       "Dropbox refuses dropbox.refresh_token (invalid or revoked): ", "invalid_grant"},
      {400, R"({"error":"invalid_grant","error_description":"refresh token is malformed"})",
       "Dropbox refuses dropbox.refresh_token (invalid or revoked): ", "invalid_grant"},
      {400, R"({"error":"invalid_client: Invalid client_id or client_secret"})",
       "Dropbox refuses dropbox.app_key or dropbox.app_secret: ",
       "invalid_client: Invalid client_id or client_secret"},
      {401, R"({"error":"invalid_client"})",
       "Dropbox refuses dropbox.app_key or dropbox.app_secret: ", "invalid_client"},
      {400, R"({"error":"invalid_request","error_description":"missing required field"})",
       "Dropbox refuses the token request: invalid_request: missing required field",
       "invalid_request"},
      {400, R"({"error":"unsupported_grant_type"})",
       "Dropbox refuses the token request: unsupported_grant_type", "unsupported_grant_type"},
      {400, R"({"error":"invalid_scope","error_description":null})",
       "Dropbox refuses the token request: invalid_scope", "invalid_scope"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const Verdict verdict = JudgeTokenAnswer(Answer(row.status, row.body));
    CHECK(verdict.kind == Verdict::kFail);
    CHECK(verdict.error.kind == ErrorKind::kAuth);
    CHECK(verdict.error.message.substr(0, row.message.size()) == row.message);
    CHECK(verdict.error.tag == row.tag);
    CHECK(verdict.error.http_status == row.status);
    CHECK(verdict.error.request_id == kRequestId);
    CHECK_FALSE(verdict.reauthorize);
  }
}

TEST_CASE("errors of the token route that are retried") {
  CHECK(JudgeTokenAnswer(Answer(200, "")).kind == Verdict::kDone);
  for (const int status : {500, 502, 503}) {
    const Verdict verdict = JudgeTokenAnswer(Answer(status, kHtml, "text/html"));
    CHECK(verdict.kind == Verdict::kRetry);
    CHECK(verdict.error.kind == ErrorKind::kTemporary);
  }
  for (const int status : {408, 421, 425}) {
    CHECK(JudgeTokenAnswer(Answer(status, kHtml, "text/html")).kind == Verdict::kRetry);
  }
  // Nobody but Dropbox can say that the refresh token is refused.
  for (const std::string& body : {std::string("{}"), std::string("Bad Request"), std::string(kHtml),
                                  std::string(), std::string(R"({"error":""})")}) {
    const Verdict verdict = JudgeTokenAnswer(Answer(400, body));
    CHECK(verdict.kind == Verdict::kRetry);
    CHECK(verdict.max_retries == kFewRetries);
    CHECK(verdict.error.kind == ErrorKind::kTemporary);
  }
  CHECK(JudgeTokenAnswer(Fail(ErrorKind::kTemporary, "reset")).kind == Verdict::kRetry);
  CHECK(JudgeTokenAnswer(Fail(ErrorKind::kConfig, "untrusted")).kind == Verdict::kFail);
}

TEST_CASE("tags are joined from the error itself") {
  const std::pair<const char*, const char*> errors[] = {
      {R"({".tag":"reset"})", "reset"},
      {R"({".tag":"path","path":{".tag":"not_found"}})", "path/not_found"},
      {R"({".tag":"a","a":{".tag":"b","b":{".tag":"c"}}})", "a/b/c"},
      {R"("reset")", "reset"},
      {R"({".tag":"path","path":{".tag":"malformed_path","malformed_path":"some/text"}})",
       "path/malformed_path"},
      {R"({".tag":"path","path":null})", "path"},
      {R"({".tag":"path","path":[]})", "path"},
      {R"({".tag":"path","other":{".tag":"not_found"}})", "path"},
      {R"({".tag":7})", ""},
      {R"({})", ""},
      {R"([])", ""},
      {R"(null)", ""},
      {R"({"reason":{".tag":"too_many_requests"}})", ""},
  };
  for (const auto& [text, joined] : errors) {
    const std::string shown(text);
    CAPTURE(shown);
    const auto json = ParseJson(text, "an error");
    REQUIRE(json);
    CHECK(JoinedTags(*json) == joined);
  }
}

TEST_CASE("a deeply nested error is read to a bounded depth") {
  std::string error = "{}";
  for (int i = 0; i < 100; ++i) error = R"({".tag":"a","a":)" + error + "}";
  CHECK(JoinedTags(*ParseJson(error, "an error")) == "a/a/a/a");
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += R"({"error":)";
  CHECK(Judge(409, bomb).kind == Verdict::kRetry);
}

TEST_CASE("an excerpt is a short line of text") {
  const std::pair<std::string, std::string> bodies[] = {
      {"", "(no text)"},
      {" \n\t ", "(no text)"},
      {"<html></html>", "(no text)"},
      {"plain", "plain"},
      {"  two\r\n\r\n  lines\n", "two lines"},
      {"<p>a</p><p>b</p>", "a b"},
      {"1 <unclosed", "1"},
      {std::string("nul\0byte", 8), "nul byte"},
  };
  for (const auto& [body, excerpt] : bodies) {
    const std::string shown(body);
    CAPTURE(shown);
    CHECK(Excerpt(body) == excerpt);
  }
  CHECK(Excerpt(std::string(160, 'x')) == std::string(160, 'x'));
  CHECK(Excerpt(std::string(5000, 'x')) == std::string(160, 'x') + "...");
  // A page of 25 KB is not read to its end.
  CHECK(Excerpt(std::string(30'000, ' ') + "late") == "(no text)");
}

TEST_CASE("an excerpt does not end within a character") {
  const std::string character = "\xf0\x9f\x98\x80";
  std::string body;
  for (int i = 0; i < 100; ++i) body += character;
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string excerpt = Excerpt(std::string(shift, 'x') + body);
    REQUIRE(excerpt.substr(excerpt.size() - 3) == "...");
    excerpt.resize(excerpt.size() - 3);
    CHECK(excerpt.size() <= 160);
    CHECK((excerpt.size() - shift) % 4 == 0);
    CHECK(excerpt.substr(excerpt.size() - 4) == character);
  }
}

}  // namespace dbxes::dropbox
