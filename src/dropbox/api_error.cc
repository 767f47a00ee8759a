// SPDX-License-Identifier: Apache-2.0
#include "dropbox/api_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/ascii.h"
#include "base/http/retry_after.h"
#include "base/safe_text.h"
#include "base/utf8.h"
#include "dropbox/consequences.h"
#include "dropbox/route_error.h"

namespace dbxes::dropbox {
namespace {

constexpr int kMaxTagDepth = 4;

// Parsed body of an error, or null: errors come as JSON, plain text and HTML, whatever the header
// says.
rapidjson::Document ParseBody(const HttpResponse& response) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(response.body.data(), response.body.size());
  if (document.HasParseError() || !document.IsObject()) document.SetNull();
  return document;
}

// Its kind is the table's.
Error MakeError(const HttpResponse& response, std::string message) {
  Error error{ErrorKind::kInternal, std::move(message)};
  error.http_status = response.status;
  error.request_id = std::string(response.Header("x-dropbox-request-id"));
  return error;
}

// The verdict that the table has for the error's status and tag.
Verdict VerdictOf(Error error) {
  const AnswerRow& row = RowOf(error.http_status, error.tag);
  Verdict verdict;
  verdict.kind = row.again == Again::kNever ? Verdict::kFail : Verdict::kRetry;
  if (row.again == Again::kFewTimes) verdict.max_retries = kFewRetries;
  verdict.gate = row.again == Again::kAfterNamedWait;
  verdict.reauthorize = row.again == Again::kWithNewToken;
  error.kind = row.kind;
  verdict.error = std::move(error);
  return verdict;
}

std::optional<Milliseconds> BodyWait(const rapidjson::Document& body) {
  const rapidjson::Value* wait = FindPath(body, {"error", "retry_after"});
  if (wait == nullptr || !wait->IsNumber()) return std::nullopt;
  const double milliseconds = std::ceil(wait->GetDouble() * 1000);
  if (milliseconds < 0) return std::nullopt;
  const double longest = static_cast<double>(kLongestWait.count());
  return Milliseconds(static_cast<std::int64_t>(std::min(milliseconds, longest)));
}

// Header and body may differ or be absent: the longer wait counts.
Verdict RateLimited(const HttpResponse& response, const rapidjson::Document& body) {
  Error error = MakeError(response, "Dropbox limits the rate of requests");
  // A date is compared with that of the answer; one without is for the sender, who has a clock.
  const bool dated = !response.Header("date").empty();
  const std::string_view header = response.Header("retry-after");
  std::optional<Milliseconds> wait = dated ? RetryAfter(response, 0) : WaitOfSeconds(header);
  if (const auto in_body = BodyWait(body)) wait = std::max(wait.value_or(*in_body), *in_body);
  if (wait) {
    error.message +=
        fmt::format(" (wait {} s)", std::chrono::ceil<std::chrono::seconds>(*wait).count());
  }
  Verdict verdict = VerdictOf(std::move(error));
  verdict.wait = wait;
  return verdict;
}

// Whether Dropbox itself wrote the answer: JSON with an error, or for HTTP 400 a text.
bool IsFromDropbox(const HttpResponse& response, const rapidjson::Document& body) {
  if (FindMember(body, "error") != nullptr || FindMember(body, "error_summary") != nullptr) {
    return !FindMember(body, "error") || !FindMember(body, "error")->IsNull();
  }
  if (response.status != 400 || body.IsObject()) return false;
  const std::size_t first = response.body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && response.body[first] != '<';
}

// An answer of a proxy or an edge server, or a body that was cut short.
Verdict Foreign(const HttpResponse& response) {
  std::string message = fmt::format("an answer that is not from Dropbox: {} {}", response.status,
                                    Excerpt(response.body));
  if (const auto target = response.Header("location"); !target.empty()) {
    message += fmt::format(" (a redirect to {})", Excerpt(target));
  }
  Error error = MakeError(response, std::move(message));
  error.tag = kForeignTag;
  return VerdictOf(std::move(error));
}

Verdict Unauthorized(const HttpResponse& response, const rapidjson::Document& body) {
  const rapidjson::Value* error = FindMember(body, "error");
  const std::string tag = error != nullptr ? JoinedTags(*error) : "";
  Error failure = MakeError(response, "");
  failure.tag = tag;
  if (tag == "missing_scope") {
    const std::string_view scope = StringMember(*error, "required_scope");
    failure.tag = fmt::format("{}{}", kMissingScope, scope);
    failure.message = fmt::format(
        "the Dropbox token lacks the scope {}: tick it in the Dropbox App Console, on the app's "
        "tab Permissions, submit, and run `dbx-es auth` again",
        InOneLine(scope));
    return VerdictOf(std::move(failure));
  }
  Verdict verdict = VerdictOf(std::move(failure));
  // Each try has a new token by then: authorizing the app again would not help.
  verdict.error.message =
      verdict.reauthorize
          ? fmt::format("Dropbox refuses each access token that it gives ({})", InOneLine(tag))
          : fmt::format("Dropbox refuses the credential ({})",
                        tag.empty() ? Excerpt(response.body) : InOneLine(tag));
  return verdict;
}

Verdict EndpointError(const HttpResponse& response, const rapidjson::Document& body) {
  const rapidjson::Value* error = FindMember(body, "error");
  const std::string tag = error != nullptr ? JoinedTags(*error) : "";
  Error failure =
      MakeError(response, fmt::format("Dropbox answered {} {}", response.status, InOneLine(tag)));
  failure.tag = tag;
  if (const auto* message = FindPath(body, {"user_message", "text"})) {
    if (message->IsString()) failure.message += fmt::format(" ({})", Excerpt(View(*message)));
  }
  return VerdictOf(std::move(failure));
}

Verdict NoAnswer(const Error& error) {
  Verdict verdict;
  verdict.kind = error.kind == ErrorKind::kTemporary ? Verdict::kRetry : Verdict::kFail;
  verdict.error = WithContext(error, "Dropbox");
  if (error.tag == kCertificateTag) {
    verdict.error.message +=
        "; if a proxy of your network opens TLS connections, name the file with the certificate of "
        "its authority in dropbox.ca_certs";
  }
  if (error.tag == kCertificateDateTag) {
    verdict.error.message +=
        "; correct the clock of this computer, or renew the certificate of a proxy of your network "
        "that opens TLS connections";
  }
  return verdict;
}

// At most `length` bytes, without a character that is cut in two (UTF-8).
std::string Shortened(std::string_view text, std::size_t length) {
  return std::string(CutUtf8(text, length)) + "...";
}

// HTTP 400 comes as plain text without a tag. For a cursor it names the parameter:
// "Error in call to API function "files/list_folder/continue": Invalid "cursor" parameter".
Verdict BadRequest(const HttpResponse& response) {
  const std::string excerpt = Excerpt(response.body);
  Error failure = MakeError(response, fmt::format("Dropbox answered 400: {}", excerpt));
  if (excerpt.find("cursor") != std::string::npos) failure.tag = kMalformedCursor;
  if (LowerAscii(excerpt).find("path root is not supported") != std::string::npos) {
    failure.tag = kAppFolder;
    failure.message =
        "the account has a team space, which an app with access to its app folder only cannot "
        "read: create an app with the access type Full Dropbox, set dropbox.app_key and run "
        "`dbx-es auth` (Dropbox: " +
        excerpt + ")";
  }
  return VerdictOf(std::move(failure));
}

Verdict OtherTrouble(const HttpResponse& response, std::string_view separator) {
  return VerdictOf(MakeError(response, fmt::format("Dropbox answered {}{}{}", response.status,
                                                   separator, Excerpt(response.body))));
}

// Answers that mean the same on every route, whatever their body is.
bool PassesByStatus(int status) {
  return status >= 500 || status == 408 || status == 421 || status == 425;
}

}  // namespace

std::string JoinedTags(const rapidjson::Value& error) {
  std::string joined;
  const rapidjson::Value* value = &error;
  for (int depth = 0; depth < kMaxTagDepth && value != nullptr; ++depth) {
    // Structs in place of unions (rate limits, team folders) have their tag one level down.
    const std::string_view tag = value->IsString() ? View(*value) : StringMember(*value, ".tag");
    if (tag.empty()) break;
    if (!joined.empty()) joined += '/';
    joined += tag;
    value = value->IsObject() ? FindMember(*value, tag) : nullptr;
    if (value != nullptr && !value->IsObject()) break;
  }
  return joined;
}

std::string Excerpt(std::string_view body) {
  constexpr std::size_t kLongest = 160;
  std::string text;
  bool in_markup = false;
  for (const char c : body.substr(0, 8192)) {
    if (c == '<') in_markup = true;
    const bool space = static_cast<unsigned char>(c) <= ' ' || in_markup;
    if (c == '>') in_markup = false;
    if (!space) text += c;
    if (space && !text.empty() && text.back() != ' ') text += ' ';
    if (text.size() > kLongest) return Shortened(text, kLongest);
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() ? "(no text)" : text;
}

Verdict JudgeApiAnswer(const Result<HttpResponse>& answer) {
  if (!answer) return NoAnswer(answer.error());
  const HttpResponse& response = *answer;
  if (response.status == 200 || response.status == 206) return {};
  if (PassesByStatus(response.status)) return OtherTrouble(response, " ");
  const rapidjson::Document body = ParseBody(response);
  if (response.status == 429) return RateLimited(response, body);
  if (!IsFromDropbox(response, body)) return Foreign(response);
  switch (response.status) {
    case 400:
      return BadRequest(response);
    case 401:
      return Unauthorized(response, body);
    case 403: {
      Error error = MakeError(response, "Dropbox refuses access: " + Excerpt(response.body));
      if (const auto* tagged = FindMember(body, "error")) error.tag = JoinedTags(*tagged);
      return VerdictOf(std::move(error));
    }
    case 409:
    case 422:
      return EndpointError(response, body);
    default:
      return OtherTrouble(response, ": ");
  }
}

Verdict JudgeTokenAnswer(const Result<HttpResponse>& answer) {
  if (!answer) return NoAnswer(answer.error());
  const HttpResponse& response = *answer;
  if (response.status == 200) return {};
  if (PassesByStatus(response.status)) return OtherTrouble(response, " ");
  const rapidjson::Document body = ParseBody(response);
  if (response.status == 429) return RateLimited(response, body);
  const std::string tag(StringMember(body, "error"));
  if (tag.empty()) return Foreign(response);
  Verdict verdict;
  verdict.kind = Verdict::kFail;
  Error& error = verdict.error = MakeError(response, "");
  error.kind = ErrorKind::kAuth;
  error.tag = tag;
  if (IsInvalidGrant(error)) {
    error.message = "Dropbox refuses dropbox.refresh_token (invalid or revoked): run `dbx-es auth`";
  } else if (IsInvalidClient(error)) {
    error.message =
        "Dropbox refuses dropbox.app_key or dropbox.app_secret: compare them with the app's page";
  } else {
    const std::string_view description = StringMember(body, "error_description");
    error.message = "Dropbox refuses the token request: " + InOneLine(tag);
    if (!description.empty()) error.message += ": " + Excerpt(description);
  }
  return verdict;
}

}  // namespace dbxes::dropbox
