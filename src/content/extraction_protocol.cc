// SPDX-License-Identifier: Apache-2.0
#include "content/extraction_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/http/url.h"
#include "base/json/json_members.h"
#include "base/safe_text.h"
#include "config/transport.h"

namespace dbxes::content {
namespace {

constexpr TextLimits kNameLimits{1000, true};
// A Tika may fail on a good file by accident of its process, so such a file is tried once more.
constexpr int kFewRetries = 1;
// A file that takes too long will usually take too long again.
constexpr int kTimeoutRetries = 1;
constexpr std::size_t kMostReason = 300;

// The members of an answer that matter: views into its text.
struct Answer {
  std::string_view text;
  bool has_text = false;
  std::string_view title;
  std::string author;  // several authors are separated by "; "
  std::string_view error;
  std::string_view message;
  std::string_view exception;  // of Tika
};

// Calls `use(text)` for a string, and for each string of a list: Tika sends a list where a document
// has several values.
template <class Use>
void ReadStrings(JsonScanner& json, Use use) {
  const auto read_one = [&] {
    if (!json.NextIs('"')) return json.Skip();
    std::string_view text;
    json.Read(text);
    use(text);
  };
  if (!json.NextIs('[')) return read_one();
  ReadElements(json, read_one);
}

template <std::string_view Answer::*Field>
void ReadLast(JsonScanner& json, Answer& answer) {
  ReadStrings(json, [&](std::string_view text) { answer.*Field = text; });
}

void ReadText(JsonScanner& json, Answer& answer) {
  ReadStrings(json, [&](std::string_view text) {
    answer.text = text;
    answer.has_text = true;
  });
}

void ReadTitle(JsonScanner& json, Answer& answer) {
  ReadStrings(json, [&](std::string_view text) {
    if (answer.title.empty()) answer.title = text;
  });
}

void ReadAuthor(JsonScanner& json, Answer& answer) {
  ReadStrings(json, [&](std::string_view text) {
    if (!answer.author.empty()) answer.author += "; ";
    answer.author += text;
  });
}

// The names of Tika's exceptions begin alike: "X-TIKA:EXCEPTION:runtime".
void ReadOther(JsonScanner& json, std::string_view name, Answer& answer) {
  constexpr std::string_view kException = "X-TIKA:EXCEPTION";
  if (name.substr(0, kException.size()) != kException) return json.Skip();
  ReadLast<&Answer::exception>(json, answer);
}

constexpr JsonMember<Answer> kAnswerMembers[] = {
    {"extracted_text", ReadText},
    {"X-TIKA:content", ReadText},
    {"dc:title", ReadTitle},
    {"dc:creator", ReadAuthor},
    {"error", ReadLast<&Answer::error>},
    {"message", ReadLast<&Answer::message>},
};

Result<Answer> ParseAnswer(std::string& body) {
  Answer answer;
  JsonScanner json(body);
  const bool is_object = json.NextIs('{');
  ReadMembers(json, kAnswerMembers, answer, ReadOther);
  json.Finish();
  if (json.failed() || !is_object) {
    return Fail(ErrorKind::kTemporary, "the extraction service did not answer with JSON");
  }
  return answer;
}

// Tika writes an empty line for each element of a document's head.
std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// One readable line; Tika's exceptions include the whole stack.
std::string Reason(std::string_view error, std::string_view detail) {
  detail = detail.substr(0, detail.find('\n'));
  std::string line(error);
  if (!line.empty() && !detail.empty()) line += ": ";
  line += detail;
  line = WellFormedUtf8(line);
  CleanText(line, {kMostReason, true});
  return line;
}

Error Refusal(std::string reason) {
  return {ErrorKind::kRejectedDocument,
          fmt::format("the extraction service cannot read it: {}", reason)};
}

// The reason in the body of a failure: Elastic's service sends JSON, Tika often nothing.
std::string ReasonOf(const HttpResponse& answer) {
  std::string body = answer.body;
  const auto read = ParseAnswer(body);
  if (!read || read->error.empty()) return fmt::format("HTTP {}", answer.status);
  return fmt::format("HTTP {}, {}", answer.status, Reason(read->error, read->message));
}

ErrorKind KindOf(int status) {
  switch (status) {
    case 413:  // a proxy's limit
    case 415:
    case 422:  // encrypted, damaged, of a version that is not read
      return ErrorKind::kRejectedDocument;
    case 400:
    case 500:
      return ErrorKind::kInternal;
    case 408:
    case 421:
    case 425:
    case 429:
      return ErrorKind::kTemporary;
    case 501:
      return ErrorKind::kConfig;
    default:
      return status > 500 ? ErrorKind::kTemporary : ErrorKind::kConfig;
  }
}

Error MakeError(const HttpResponse& answer) {
  const ErrorKind kind = KindOf(answer.status);
  Error error;
  if (kind == ErrorKind::kRejectedDocument) {
    error = Refusal(ReasonOf(answer));
  } else if (kind == ErrorKind::kConfig) {
    error = {kind, fmt::format("the extraction service answered HTTP {}: is "
                               "extraction_service.host the URL of one?",
                               answer.status)};
  } else {
    error = {kind, fmt::format("the extraction service failed: {}", ReasonOf(answer))};
  }
  error.http_status = answer.status;
  return error;
}

}  // namespace

HttpRequest ReadRequest(const config::ExtractionServiceConfig& service,
                        config::ServiceProtocol protocol, const FileToRead& file,
                        const std::string& pointer) {
  HttpRequest request;
  request.method = "PUT";
  request.headers.emplace_back("Accept: application/json");
  request.headers.emplace_back("Content-Type: application/octet-stream");
  request.body = file.bytes;
  request.timeouts.total = service.timeout;
  request.transport = config::TransportOf(service);
  // The service sends nothing while it reads the file: only the total time is limited.
  request.timeouts.stall = Milliseconds(0);
  if (protocol == config::ServiceProtocol::kTika) {
    request.url = service.host + "/tika/text";
    const bool plain = !file.extension.empty() &&
                       std::all_of(file.extension.begin(), file.extension.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                       });
    if (plain) {
      request.headers.push_back(
          fmt::format("Content-Disposition: attachment; filename=\"file.{}\"", file.extension));
    }
    return request;
  }
  request.url = service.host + "/extract_text/";
  if (pointer.empty()) return request;
  request.url += "?local_file_path=" + PercentEncode(pointer, /*keep_slash=*/true);
  request.body = std::make_shared<const std::string>();
  return request;
}

HttpRequest DetectRequest(const config::ExtractionServiceConfig& service) {
  HttpRequest request;
  request.method = "GET";
  request.url = service.host + "/version";
  request.timeouts.total = service.timeout;
  request.transport = config::TransportOf(service);
  request.max_response_bytes = std::size_t{1} << 20;
  return request;
}

config::ServiceProtocol DetectedProtocol(const HttpResponse& answer) {
  const bool tika = answer.status == 200 && answer.body.find("Tika") != std::string::npos;
  return tika ? config::ServiceProtocol::kTika : config::ServiceProtocol::kElastic;
}

Verdict JudgeServiceAnswer(const Result<HttpResponse>& answer) {
  Verdict verdict;
  if (answer && answer->status / 100 == 2) return verdict;
  verdict.error = answer ? MakeError(*answer) : answer.error();
  const ErrorKind kind = verdict.error.kind;
  // Without an answer, kInternal means that it was too long, and it would be again.
  const bool again = kind == ErrorKind::kTemporary || (kind == ErrorKind::kInternal && answer);
  verdict.kind = again ? Verdict::kRetry : Verdict::kFail;
  if (kind == ErrorKind::kInternal) verdict.max_retries = kFewRetries;
  if (verdict.error.tag == kTimeoutTag) verdict.max_retries = kTimeoutRetries;
  return verdict;
}

Result<ExtractedText> ReadServiceAnswer(config::ServiceProtocol protocol, HttpResponse& answer,
                                        const TextLimits& limits) {
  if (answer.status == 204) return ExtractedText();
  TRY_ASSIGN(auto read, ParseAnswer(answer.body));
  if (!read.error.empty()) return Fail(Refusal(Reason(read.error, read.message)));
  if (!read.has_text && !read.exception.empty()) {
    return Fail(Refusal(Reason("", read.exception)));
  }
  if (!read.has_text && protocol == config::ServiceProtocol::kElastic) {
    return Fail(ErrorKind::kTemporary, "the extraction service answered without extracted_text");
  }
  ExtractedText extracted;
  extracted.text = WellFormedUtf8(Trimmed(read.text));
  extracted.title = WellFormedUtf8(read.title);
  extracted.author = WellFormedUtf8(read.author);
  extracted.truncated = CleanText(extracted.text, limits);
  CleanText(extracted.title, kNameLimits);
  CleanText(extracted.author, kNameLimits);
  return extracted;
}

}  // namespace dbxes::content
