// SPDX-License-Identifier: Apache-2.0
#include "faults/odd_answers.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace dbxes {
namespace {

using sim::Fault;
using sim::TransportFault;

constexpr const char* kHtml = "<!DOCTYPE html><html><title>Blocked</title><p>No.</p></html>";
constexpr const char* kProxyJson = R"({"message":"blocked by policy"})";

struct StatusRow {
  int status;
  const char* body;  // "tag:X/Y" for Dropbox's error with these tags
  const char* retry_after;
};
constexpr StatusRow kStatuses[] = {
    {200, "", ""},
    {200, "null", ""},
    {200, "[]", ""},
    {200, "{}", ""},
    {200, "{\"entries\":[],\"cursor\":\"\",\"has_more\":false}", ""},
    {201, "{}", ""},
    {204, "", ""},
    {301, kHtml, ""},
    {302, "", ""},
    {304, "", ""},
    {400, kHtml, ""},
    {400, "", ""},
    {400, "Error in call to API function: something is wrong with it", ""},
    {400, "tag:other", ""},
    {401, kHtml, ""},
    {401, "tag:user_suspended", ""},
    {401, "tag:invalid_select_user", ""},
    {401, "tag:invalid_access_token", ""},
    {401, "tag:expired_access_token", ""},
    {402, kHtml, ""},
    {403, kHtml, ""},
    {403, "", ""},
    {403, kProxyJson, ""},
    {403, "tag:access_error", ""},
    {403, "tag:paper_access_denied/not_paper_user", ""},
    {404, kHtml, ""},
    {404, "tag:not_found", ""},
    {405, "", ""},
    {406, kProxyJson, ""},
    {408, kHtml, ""},
    {409, kHtml, ""},
    {409, "", ""},
    {409, "tag:path/restricted_content", ""},
    {409, "tag:path/not_found", ""},
    {409, "tag:path/malformed_path", ""},
    {409, "tag:path/locked", ""},
    {409, "tag:path/not_file", ""},
    {409, "tag:other", ""},
    {409, "tag:something_new/deep", ""},
    {409, "tag:internal_error", ""},
    {409, "tag:retry_error", ""},
    {409, "tag:user_error/email_unverified", ""},
    {410, kHtml, ""},
    {413, kHtml, ""},
    {418, "", ""},
    {421, "", ""},
    {422, "tag:something_new", ""},
    {422, kHtml, ""},
    {425, "", ""},
    {429, "", ""},
    {429, "", "1.5"},
    {429, "", "2"},
    {429, "", "Wed, 21 Oct 2015 07:28:00 GMT"},
    {429, "", "4000000000"},
    {451, kHtml, ""},
    {500, "", ""},
    {501, kHtml, ""},
    {502, kHtml, ""},
    {503, kHtml, "3"},
    {503, "", "4000000000"},
    {504, "", ""},
    {520, kHtml, ""},
    {599, "{", ""},
};

constexpr std::array kKinds = {Fault::Kind::kHalfJson, Fault::Kind::kHtmlAsJson};
constexpr std::array kTransports = {
    TransportFault::Kind::kResetBeforeHeaders, TransportFault::Kind::kResetAfterHeaders,
    TransportFault::Kind::kResetInBody,        TransportFault::Kind::kCutBody,
    TransportFault::Kind::kShortChunked,       TransportFault::Kind::kStallBeforeHeaders,
    TransportFault::Kind::kStallInBody,        TransportFault::Kind::kSlowBody};

std::string ErrorWith(std::string_view tags) {
  const std::size_t slash = tags.find('/');
  const std::string first(tags.substr(0, slash));
  const std::string nested =
      slash == std::string_view::npos
          ? ""
          : fmt::format(R"(,"{}":{{".tag":"{}"}})", first, tags.substr(slash + 1));
  return fmt::format(R"({{"error_summary":"{}/..","error":{{".tag":"{}"{}}}}})", tags, first,
                     nested);
}

}  // namespace

std::size_t OddAnswers() { return std::size(kStatuses) + kKinds.size() + kTransports.size(); }

std::string OddAnswerName(std::size_t number) {
  if (number < std::size(kStatuses)) {
    const StatusRow& row = kStatuses[number];
    return fmt::format("{} {} {}", row.status, row.body, row.retry_after);
  }
  return fmt::format("damage {}", number - std::size(kStatuses));
}

Sent SentFor(std::size_t number) {
  if (number >= std::size(kStatuses)) return Sent::kPatient;
  const StatusRow& row = kStatuses[number];
  const std::string_view body = row.body;
  const bool passes = row.status < 300 || row.status >= 500 || row.status == 408 ||
                      row.status == 421 || row.status == 425;
  if (passes || body == "tag:internal_error" || body == "tag:retry_error") return Sent::kPatient;
  const bool token = body == "tag:invalid_access_token" || body == "tag:expired_access_token";
  if (row.status == 429 || token) return Sent::kNamed;
  const bool of_dropbox = body.starts_with("tag:") || body.starts_with("Error in call");
  return of_dropbox ? Sent::kOnce : Sent::kFew;
}

bool IsRefusal(std::size_t number) {
  if (number >= std::size(kStatuses)) return false;
  const StatusRow& row = kStatuses[number];
  const std::string_view body = row.body;
  return body.starts_with("tag:") && (row.status == 403 || row.status == 409) &&
         SentFor(number) == Sent::kOnce;
}

sim::Fault OddAnswer(std::size_t number, const std::string& route) {
  if (number < std::size(kStatuses)) {
    const StatusRow& row = kStatuses[number];
    const std::string_view body = row.body;
    const bool tagged = body.substr(0, 4) == "tag:";
    Fault fault =
        Fault::Status(route, row.status, tagged ? ErrorWith(body.substr(4)) : std::string(body),
                      tagged || body.substr(0, 1) == "{" ? "application/json" : "text/html");
    if (*row.retry_after != '\0') fault.headers.emplace_back("Retry-After", row.retry_after);
    return fault;
  }
  number -= std::size(kStatuses);
  if (number < kKinds.size()) return Fault::Simple(route, kKinds[number]);
  TransportFault transport;
  transport.kind = kTransports[number - kKinds.size()];
  transport.delay_ms = 90'000;
  transport.bytes_per_second = 2;
  transport.at_byte = 1;
  return Fault::Transport(route, transport);
}

}  // namespace dbxes
