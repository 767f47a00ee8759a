// SPDX-License-Identifier: Apache-2.0
#include "dropbox/api_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"
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

Error MakeError(ErrorKind kind, const HttpResponse& response, std::string message) {
  Error error{kind, std::move(message)};
  error.http_status = response.status;
  error.request_id = std::string(response.Header("x-dropbox-request-id"));
  return error;
}

Verdict FailWith(Error error) {
  Verdict verdict;
  verdict.kind = Verdict::kFail;
  verdict.error = std::move(error);
  return verdict;
}

Verdict RetryWith(Error error) {
  Verdict verdict;
  verdict.kind = Verdict::kRetry;
  verdict.error = std::move(error);
  return verdict;
}

// Bounded, so that sums of waits cannot overflow.
Milliseconds ToWait(std::uint64_t seconds) {
  constexpr std::uint64_t kTenYears = 10ull * 365 * 24 * 3600;
  return std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kTenYears)));
}

std::optional<Milliseconds> HeaderWait(const HttpResponse& response) {
  const std::string_view text = response.Header("retry-after");
  std::uint64_t seconds = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (parsed.ec != std::errc()) return std::nullopt;
  return ToWait(seconds);
}

// Header and body may differ or be absent: the longer wait counts.
Verdict RateLimited(const HttpResponse& response, const rapidjson::Document& body) {
  Verdict verdict = RetryWith(
      MakeError(ErrorKind::kRateLimited, response, "Dropbox limits the rate of requests"));
  verdict.gate = true;
  verdict.wait = HeaderWait(response);
  if (const auto* error = FindPath(body, {"error"})) {
    if (const auto seconds = UintMember(*error, "retry_after")) {
      const Milliseconds wait = ToWait(*seconds);
      verdict.wait = std::max(verdict.wait.value_or(wait), wait);
    }
  }
  if (verdict.wait) {
    verdict.error.message += fmt::format(" (wait {} s)", verdict.wait->count() / 1000);
  }
  return verdict;
}

Verdict Unauthorized(const HttpResponse& response, const rapidjson::Document& body) {
  const rapidjson::Value* error = FindMember(body, "error");
  const std::string tag = error != nullptr ? JoinedTags(*error) : "";
  Error failure = MakeError(ErrorKind::kAuth, response, "");
  failure.tag = tag;
  if (tag == "expired_access_token" || tag == "invalid_access_token") {
    failure.message = "Dropbox refuses the access token (" + tag + "): run `dbx-es auth`";
    Verdict verdict = RetryWith(std::move(failure));
    verdict.reauthorize = true;
    return verdict;
  }
  if (tag == "missing_scope") {
    const std::string_view scope = StringMember(*error, "required_scope");
    failure.kind = ErrorKind::kPermission;
    failure.tag = fmt::format("{}{}", kMissingScope, scope);
    failure.message = fmt::format(
        "the Dropbox token lacks the scope {}: tick it in the Dropbox App Console, on the app's "
        "tab Permissions, submit, and run `dbx-es auth` again",
        scope);
    return FailWith(std::move(failure));
  }
  failure.message = fmt::format("Dropbox refuses the credential ({})",
                                tag.empty() ? Excerpt(response.body) : tag);
  return FailWith(std::move(failure));
}

Verdict EndpointError(const HttpResponse& response, const rapidjson::Document& body) {
  const rapidjson::Value* error = FindMember(body, "error");
  if (error == nullptr) {
    // A 409 or 422 of a proxy, or a body that was cut short.
    return RetryWith(MakeError(ErrorKind::kTemporary, response,
                               fmt::format("Dropbox answered {} without an error body: {}",
                                           response.status, Excerpt(response.body))));
  }
  const std::string tag = JoinedTags(*error);
  const ErrorKind kind = response.status == 422 ? ErrorKind::kRootChanged : ErrorKind::kInternal;
  Error failure =
      MakeError(kind, response, fmt::format("Dropbox answered {} {}", response.status, tag));
  failure.tag = tag;
  if (const auto* message = FindPath(body, {"user_message", "text"})) {
    if (message->IsString()) failure.message += fmt::format(" ({})", View(*message));
  }
  // Errors that pass, although some routes report them as their own.
  const bool momentary = tag == "internal_error" || tag == "too_many_write_operations" ||
                         tag == "retry_error" || tag == "too_many_requests";
  if (momentary) {
    failure.kind = ErrorKind::kTemporary;
    return RetryWith(std::move(failure));
  }
  return FailWith(std::move(failure));
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
  Error failure =
      MakeError(ErrorKind::kInternal, response, fmt::format("Dropbox answered 400: {}", excerpt));
  if (excerpt.find("cursor") != std::string::npos) failure.tag = kMalformedCursor;
  return FailWith(std::move(failure));
}

Verdict ServerTrouble(const HttpResponse& response) {
  return RetryWith(
      MakeError(ErrorKind::kTemporary, response,
                fmt::format("Dropbox answered {} {}", response.status, Excerpt(response.body))));
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
  if (response.status >= 500) return ServerTrouble(response);
  const rapidjson::Document body = ParseBody(response);
  switch (response.status) {
    case 400:
      return BadRequest(response);
    case 401:
      return Unauthorized(response, body);
    case 403:
      return FailWith(MakeError(ErrorKind::kPermission, response,
                                fmt::format("Dropbox refuses access: {}", Excerpt(response.body))));
    case 409:
    case 422:
      return EndpointError(response, body);
    case 429:
      return RateLimited(response, body);
    default:
      return FailWith(MakeError(
          ErrorKind::kInternal, response,
          fmt::format("Dropbox answered {}: {}", response.status, Excerpt(response.body))));
  }
}

Verdict JudgeTokenAnswer(const Result<HttpResponse>& answer) {
  if (!answer) return NoAnswer(answer.error());
  const HttpResponse& response = *answer;
  if (response.status == 200) return {};
  if (response.status >= 500) return ServerTrouble(response);
  const rapidjson::Document body = ParseBody(response);
  if (response.status == 429) return RateLimited(response, body);
  const std::string tag(StringMember(body, "error"));
  Error error = MakeError(ErrorKind::kAuth, response, "");
  error.tag = tag;
  if (IsInvalidGrant(error)) {
    error.message = "Dropbox refuses dropbox.refresh_token (invalid or revoked): run `dbx-es auth`";
  } else if (IsInvalidClient(error)) {
    error.message =
        "Dropbox refuses dropbox.app_key or dropbox.app_secret: compare them with the app's page";
  } else if (tag.empty()) {
    error.message = fmt::format("Dropbox answered {} to the token request: {}", response.status,
                                Excerpt(response.body));
  } else {
    const std::string_view description = StringMember(body, "error_description");
    error.message = fmt::format("Dropbox refuses the token request: {}{}{}", tag,
                                description.empty() ? "" : ": ", description);
  }
  return FailWith(std::move(error));
}

}  // namespace dbxes::dropbox
