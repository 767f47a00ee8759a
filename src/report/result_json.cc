// SPDX-License-Identifier: Apache-2.0
#include "report/result_json.h"

namespace dbxes::report {

void StartResult(JsonWriter& writer, std::string_view command, ExitCode code,
                 std::string_view message) {
  writer.StartObject();
  WriteText(writer, "command", command);
  WriteText(writer, "outcome", OutcomeName(code));
  WriteNumber(writer, "exit_code", static_cast<int>(code));
  WriteText(writer, "message", message);
}

}  // namespace dbxes::report
