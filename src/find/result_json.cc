// SPDX-License-Identifier: Apache-2.0
#include "find/result_json.h"

#include "report/text.h"

namespace dbxes::find {

void StartResult(JsonWriter& writer, std::string_view command, ExitCode code,
                 std::string_view message) {
  writer.StartObject();
  WriteText(writer, "command", command);
  WriteText(writer, "outcome", OutcomeName(code));
  WriteKey(writer, "exit_code");
  writer.Int(static_cast<int>(code));
  WriteText(writer, "message", message);
}

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  WriteKey(writer, key);
  WriteString(writer, report::WellFormedUtf8(text));
}

void WriteNumber(JsonWriter& writer, std::string_view key, std::uint64_t number) {
  WriteKey(writer, key);
  writer.Uint64(number);
}

}  // namespace dbxes::find
