// SPDX-License-Identifier: Apache-2.0
#include "base/http/tracing_http.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/http/redaction.h"
#include "base/json/json.h"
#include "base/safe_text.h"

namespace dbxes {
namespace {

constexpr std::size_t kMaxBody = 2 << 10;

// What the record needs of the request, which is gone when its answer arrives.
struct Sent {
  TraceNote note;
  Secrecy secrecy = Secrecy::kNone;
  std::string method;
  std::string url;
  std::string argument;
  std::vector<std::string> credentials;
  std::shared_ptr<const std::string> body;
  std::int64_t wall_micros = 0;
  Milliseconds begin{0};
};

// "2026-08-05T10:00:00.123Z"
std::string FormatMillis(std::int64_t wall_micros) {
  std::string text = FormatUtc(wall_micros);
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, wall_micros / 1000 % 1000);
}

std::string HostOnly(const std::string& url) {
  const std::string shown = WithoutSecrets(url);
  const std::size_t host = shown.find("://");
  if (host == std::string::npos) return "***";
  return shown.substr(0, shown.find_first_of("/?", host + 3)) + "/***";
}

// The value of a request header, "" if there is none.
std::string_view HeaderOf(const HttpRequest& request, std::string_view name) {
  for (const std::string_view line : request.headers) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !EqualIgnoringCase(line.substr(0, colon), name))
      continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return {};
}

Sent Describe(const HttpRequest& request, const Clock& clock) {
  Sent sent;
  sent.note = request.trace;
  sent.secrecy = request.secrecy;
  sent.method = request.method;
  sent.url = request.secrecy == Secrecy::kAll ? HostOnly(request.url) : WithoutSecrets(request.url);
  sent.credentials = CredentialsOf(request);
  sent.argument = ShownBody(HeaderOf(request, "Dropbox-API-Arg"), sent.credentials, kMaxBody);
  sent.body = request.body;
  sent.wall_micros = clock.WallMicros();
  sent.begin = clock.Now();
  return sent;
}

class Record {
 public:
  Record() { writer_.StartObject(); }
  void Text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    WriteKey(writer_, key);
    WriteString(writer_, WellFormedUtf8(value));
  }
  void Number(std::string_view key, std::uint64_t value) {
    WriteKey(writer_, key);
    writer_.Uint64(value);
  }
  std::string Finish() {
    writer_.EndObject();
    return SafeJson(View(buffer_));
  }

 private:
  JsonBuffer buffer_;
  JsonWriter writer_{buffer_};
};

std::uint64_t Count(Milliseconds duration) {
  return static_cast<std::uint64_t>(std::max<Milliseconds::rep>(duration.count(), 0));
}

std::string RecordOf(const Sent& sent, const Result<HttpResponse>& answer, Milliseconds now) {
  Record record;
  record.Text("time", FormatMillis(sent.wall_micros));
  record.Text("service", sent.note.service);
  record.Text("method", sent.method);
  record.Text("url", sent.url);
  if (sent.note.retry > 0) {
    record.Number("retry", static_cast<std::uint64_t>(sent.note.retry));
    record.Number("delay_ms", Count(sent.note.delay));
  }
  if (answer) record.Number("status", static_cast<std::uint64_t>(answer->status));
  record.Number("duration_ms", Count(now - sent.begin));
  record.Number("bytes_sent", sent.body ? sent.body->size() : 0);
  if (answer) {
    record.Number("bytes_received", answer->wire_bytes_received);
    record.Text("request_id", answer->Header("x-dropbox-request-id"));
  } else {
    record.Text("error", ShownBody(answer.error().message, sent.credentials, kMaxBody));
  }
  if (sent.secrecy != Secrecy::kNone) return record.Finish();
  record.Text("argument", sent.argument);
  if (sent.body) record.Text("request", ShownBody(*sent.body, sent.credentials, kMaxBody));
  if (answer) record.Text("answer", ShownBody(answer->body, sent.credentials, kMaxBody));
  return record.Finish();
}

}  // namespace

void TracingHttp::Start(HttpRequest request, HttpCallback done) {
  if (file_ == nullptr) return http_.Start(std::move(request), std::move(done));
  Sent sent = Describe(request, clock_);
  http_.Start(std::move(request),
              [this, sent = std::move(sent), done = std::move(done)](Result<HttpResponse> answer) {
                file_->Write(RecordOf(sent, answer, clock_.Now()));
                done(std::move(answer));
              });
}

}  // namespace dbxes
