// SPDX-License-Identifier: Apache-2.0
#include "check/failure_report.h"

#include <fmt/format.h>

#include "base/exit_code.h"
#include "base/json/json_write.h"
#include "report/result_json.h"
#include "report/summary.h"
#include "report/text.h"

namespace dbxes::check {
namespace {

std::string NextStep(const checkpoint::FailureRecord& record) {
  if (!record.accepted.empty()) {
    return fmt::format("accepted {}; tried again when the file changes", record.accepted);
  }
  if (record.next.empty()) return "the next run tries it again";
  return fmt::format("tried again after {}", record.next);
}

void WriteRecord(JsonWriter& writer, const checkpoint::FailureRecord& record) {
  writer.StartObject();
  WriteText(writer, "id", record.failure.id);
  WriteText(writer, "path", record.failure.path);
  WriteText(writer, "operation", record.failure.operation);
  WriteNumber(writer, "status", record.failure.status);
  WriteText(writer, "reason", record.failure.reason);
  WriteText(writer, "time", record.time);
  WriteNumber(writer, "attempts", record.attempts);
  WriteText(writer, "next", record.next);
  WriteText(writer, "accepted", record.accepted);
  writer.EndObject();
}

}  // namespace

std::vector<std::string> FailureLines(const std::vector<checkpoint::FailureRecord>& records) {
  std::vector<std::string> lines;
  for (const checkpoint::FailureRecord& record : records) {
    lines.push_back(
        checkpoint::IsFailure(record.failure)
            ? report::FailureLine(record.failure)
            : fmt::format("refused: {}: {}", record.failure.path, record.failure.reason));
    lines.push_back(fmt::format("  {}, {} {}, last {}; {}", record.failure.id, record.attempts,
                                record.attempts == 1 ? "attempt" : "attempts", record.time,
                                NextStep(record)));
  }
  return lines;
}

std::string FailuresJson(const std::string& path,
                         const std::vector<checkpoint::FailureRecord>& records) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "failures", ExitCode::kOk, "");
  WriteText(writer, "failures_file", records.empty() ? "" : path);
  WriteKey(writer, "failures");
  writer.StartArray();
  for (const checkpoint::FailureRecord& record : records) WriteRecord(writer, record);
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace dbxes::check
