// SPDX-License-Identifier: Apache-2.0
// What a row of the table is called in the file, the environment, the help and the manual.
#include <fmt/format.h>

#include "config/option_table.h"

namespace dbxes::config {
namespace {

using T = OptionType;

std::string_view TypeValueName(OptionType type) {
  switch (type) {
    case T::kString:
    case T::kSecret:
      return "TEXT";
    case T::kFile:
      return "FILE";
    case T::kDirectory:
      return "DIR";
    case T::kUrl:
    case T::kProxy:
    case T::kSecretUrl:
      return "URL";
    case T::kDropboxPath:
      return "PATH";
    case T::kIndexName:
      return "NAME";
    case T::kBool:
      return "";
    case T::kInt:
      return "N";
    case T::kSeconds:
      return "SECONDS";
    case T::kBytes:
      return "BYTES";
    case T::kCompression:
      return "auto|on|off";
    case T::kExtractionMode:
      return "off|local|pipeline|service";
    case T::kPaperFormat:
      return "markdown|html";
    case T::kServiceProtocol:
      return "auto|elastic|tika";
    case T::kLogFormat:
      return "text|json";
    case T::kFingerprint:
      return "SHA256";
    case T::kMaxDelete:
      return "N|auto|unlimited";
    case T::kCommand:
      return "COMMAND";
  }
  return "";
}

}  // namespace

std::string SettingName(const OptionRow& row) { return fmt::format("{}.{}", row.section, row.key); }

std::string EnvironmentName(const OptionRow& row) {
  std::string name = fmt::format("DBX_ES_{}_{}", row.section, row.key);
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string_view ValueName(const OptionRow& row) { return TypeValueName(row.type); }

std::string NegatedFlag(const OptionRow& row) {
  if (row.type != T::kBool || row.flag.empty()) return "";
  return fmt::format("--no-{}", row.flag.substr(2));
}

std::string_view BriefHelp(const OptionRow& row) {
  return row.help.substr(0, row.help.find(". ")).substr(0, row.help.find_last_not_of('.') + 1);
}

}  // namespace dbxes::config
