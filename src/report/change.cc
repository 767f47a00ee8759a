// SPDX-License-Identifier: Apache-2.0
#include "report/change.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/json/json_write.h"
#include "report/text.h"

namespace dbxes::report {
namespace {

bool HasFields(ChangeAction action) {
  return action == ChangeAction::kUpdated || action == ChangeAction::kMoved;
}

// In parentheses after the path: what differs, or why.
std::string Remark(const Change& change) {
  if (!change.reason.empty()) return change.reason;
  if (!HasFields(change.action)) return "";
  if (change.fields.empty()) return "no field that users see";
  return fmt::format("{}", fmt::join(change.fields, ", "));
}

}  // namespace

std::string_view ToString(ChangeAction action) {
  switch (action) {
    case ChangeAction::kCreated:
      return "created";
    case ChangeAction::kUpdated:
      return "updated";
    case ChangeAction::kMoved:
      return "moved";
    case ChangeAction::kDeleted:
      return "deleted";
    case ChangeAction::kDropped:
      return "dropped";
    case ChangeAction::kExcluded:
      return "excluded";
    case ChangeAction::kWithoutText:
      return "without_text";
  }
  return "";
}

std::string ChangeLine(const Change& change) {
  const std::string& name = change.path.empty() ? change.id : change.path;
  std::string line(change.action == ChangeAction::kWithoutText ? "without text"
                                                               : ToString(change.action));
  if (change.is_identity) line += " the identity";
  line += change.action == ChangeAction::kMoved ? fmt::format(" {} to {}", change.from, name)
                                                : ' ' + name;
  const std::string remark = Remark(change);
  return remark.empty() ? line : fmt::format("{} ({})", line, remark);
}

std::string ChangeJson(const Change& change, std::int64_t wall_micros) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteText(writer, "time", FormatUtc(wall_micros));
  WriteText(writer, "action", ToString(change.action));
  WriteText(writer, "kind", change.is_identity ? "identity" : "document");
  WriteText(writer, "id", change.id);
  WriteText(writer, "path", change.path);
  if (change.action == ChangeAction::kMoved) WriteText(writer, "from", change.from);
  if (HasFields(change.action)) {
    WriteTexts(writer, "fields", change.fields);
  }
  if (!change.reason.empty()) WriteText(writer, "reason", change.reason);
  writer.EndObject();
  return SafeJson(View(buffer));
}

}  // namespace dbxes::report
