// SPDX-License-Identifier: Apache-2.0
#include "report/log_event.h"

#include <fmt/format.h>

#include "base/json/json.h"
#include "report/text.h"

namespace dbxes::report {
namespace {

// The version of the schema that the fields were taken from.
constexpr std::string_view kEcsVersion = "8.11.0";

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "";
}

std::string TimeOf(std::int64_t wall_micros) {
  std::string time = FormatUtc(wall_micros);
  time.insert(time.size() - 1, fmt::format(".{:03}", wall_micros / 1000 % 1000));
  return time;
}

class EventWriter {
 public:
  EventWriter() { writer_.StartObject(); }

  void Text(std::string_view key, std::string_view text) {
    if (text.empty()) return;
    WriteKey(writer_, key);
    WriteString(writer_, WellFormedUtf8(text));
  }
  void Number(std::string_view key, std::int64_t number) {
    WriteKey(writer_, key);
    writer_.Int64(number);
  }
  void Truth(std::string_view key, bool truth) {
    WriteKey(writer_, key);
    writer_.Bool(truth);
  }
  std::string Take() {
    writer_.EndObject();
    return SafeJson(View(buffer_));
  }

 private:
  JsonBuffer buffer_;
  JsonWriter writer_{buffer_};
};

void WriteError(EventWriter& writer, const Error& error) {
  writer.Text("error.message", error.message);
  writer.Text("error.type", ToString(error.kind));
  writer.Text("error.code", error.tag);
  if (error.http_status != 0) writer.Number("http.response.status_code", error.http_status);
  writer.Text("http.request.id", error.request_id);
  writer.Text("url.full", error.url);
}

void WriteSummary(EventWriter& writer, const RunSummary& summary) {
  const bool ok = summary.exit_code == ExitCode::kOk;
  writer.Text("event.outcome", ok ? "success" : "failure");
  writer.Number("event.duration", summary.duration.count() * 1'000'000);  // nanoseconds
  writer.Number("process.exit_code", static_cast<int>(summary.exit_code));
  writer.Text("dbx_es.outcome", OutcomeName(summary.exit_code));
  writer.Truth("dbx_es.dry_run", summary.dry_run);
  for (const CounterRow& row : kCounterTable) {
    writer.Number(fmt::format("dbx_es.{}.{}", row.group, row.name),
                  static_cast<std::int64_t>(summary.counters.*row.member));
  }
}

void WriteFailed(EventWriter& writer, const FailedDocument& failed) {
  writer.Text("error.message", failed.reason);
  if (failed.status != 0) writer.Number("http.response.status_code", failed.status);
  writer.Text("file.path", failed.path);
  writer.Text("dbx_es.document.id", failed.id);
  writer.Text("dbx_es.document.operation", failed.operation);
}

}  // namespace

std::string TextLogLine(const LogOrigin& origin, const LogEvent& event) {
  return fmt::format("{} {:<5} {}[{}]: {}", TimeOf(event.wall_micros), NameOf(event.level),
                     origin.command.empty() ? "dbx-es" : origin.command, origin.pid,
                     Printable(event.message));
}

std::string JsonLogLine(const LogOrigin& origin, const LogEvent& event) {
  // The order of the first three is that of Elastic's own loggers (ECS logging specification).
  EventWriter writer;
  writer.Text("@timestamp", TimeOf(event.wall_micros));
  writer.Text("log.level", NameOf(event.level));
  writer.Text("message", event.message);
  writer.Text("ecs.version", kEcsVersion);
  writer.Text("service.name", "dbx-es");
  writer.Text("service.version", origin.version);
  writer.Text("event.dataset", "dbx-es.log");
  writer.Text("event.action", origin.command);
  writer.Number("process.pid", origin.pid);
  if (event.summary != nullptr) WriteSummary(writer, *event.summary);
  if (event.failed != nullptr) {
    WriteFailed(writer, *event.failed);
  } else if (event.error != nullptr) {
    WriteError(writer, *event.error);
  } else if (event.level == LogLevel::kError) {
    writer.Text("error.message", event.message);
  }
  return writer.Take();
}

}  // namespace dbxes::report
