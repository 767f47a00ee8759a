// SPDX-License-Identifier: Apache-2.0
// Names of a row in the file, the environment, the help and the manual.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/ascii.h"
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
    case T::kDropboxPaths:
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
    case T::kRate:
      return "RATE";
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
    case T::kStateKind:
      return "folder|cluster";
    case T::kFingerprint:
      return "SHA256";
    case T::kMaxDelete:
      return "N|auto|unlimited";
    case T::kCommand:
      return "COMMAND";
    case T::kGlobs:
      return "GLOB";
  }
  return "";
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> kByteUnits{
    {{"KiB", std::int64_t{1} << 10},
     {"MiB", std::int64_t{1} << 20},
     {"GiB", std::int64_t{1} << 30}}};

std::string BytesText(std::int64_t bytes) {
  for (auto unit = kByteUnits.rbegin(); unit != kByteUnits.rend(); ++unit) {
    if (bytes >= unit->second && bytes % unit->second == 0) {
      return fmt::format("{} {}", bytes / unit->second, unit->first);
    }
  }
  return fmt::format("{}", bytes);
}

}  // namespace

std::string SettingName(const OptionRow& row) { return fmt::format("{}.{}", row.section, row.key); }

std::string EnvironmentName(const OptionRow& row) {
  if (!row.environment.empty()) return std::string(row.environment);
  return UpperAscii(fmt::format("DBX_ES_{}_{}", row.section, row.key));
}

std::string_view ValueName(const OptionRow& row) {
  return row.value_name.empty() ? TypeValueName(row.type) : row.value_name;
}

std::string ExpectedValue(const OptionRow& row) {
  switch (row.type) {
    case T::kString:
    case T::kSecret:
      return "a string on one line";
    case T::kFile:
      return "the absolute path of a file";
    case T::kDirectory:
      return "the absolute path of a folder";
    case T::kUrl:
      return "an http:// or https:// URL without user name, query or fragment";
    case T::kDropboxPaths:
      return "a path that starts with a slash, such as \"/Team/Reports\", or \"/\" for everything";
    case T::kIndexName:
      return "an index name";
    case T::kBool:
      return "true or false";
    case T::kInt:
      return fmt::format("an integer from {} to {}", row.min, row.max);
    case T::kSeconds:
      return fmt::format("seconds from {} to {}", static_cast<double>(row.min) / 1000,
                         static_cast<double>(row.max) / 1000);
    case T::kBytes:
      return fmt::format("bytes, such as 5242880 or \"5MiB\", from {} to {}", BytesText(row.min),
                         BytesText(row.max));
    case T::kRate:
      return fmt::format("bytes a second, such as 512K, 10M or 1G, from {} to {}, or \"off\"",
                         BytesText(row.min), BytesText(row.max));
    case T::kCompression:
      return "\"auto\", \"on\" or \"off\"";
    case T::kExtractionMode:
      return "\"off\", \"local\", \"pipeline\" or \"service\"";
    case T::kPaperFormat:
      return "\"markdown\" or \"html\"";
    case T::kServiceProtocol:
      return "\"auto\", \"elastic\" or \"tika\"";
    case T::kCommand:
      return "a list of words, such as [\"pass\", \"show\", \"dropbox\"], or a line for /bin/sh";
    case T::kLogFormat:
      return "\"text\" or \"json\"";
    case T::kStateKind:
      return "\"folder\" or \"cluster\"";
    case T::kProxy:
      return "the URL of a proxy without user name and password, such as "
             "\"http://proxy.example.com:3128\", or \"none\"";
    case T::kFingerprint:
      return "a SHA-256 fingerprint, which is 64 hexadecimal digits, with or without colons";
    case T::kSecretUrl:
      return "an http:// or https:// URL";
    case T::kGlobs:
      return "patterns, such as [\"*.tmp\", \"/Archive\"]";
    case T::kMaxDelete:
      return "a number of documents, \"auto\" or \"unlimited\"";
  }
  return "";
}

std::string NegatedFlag(const OptionRow& row) {
  if (row.type != T::kBool || row.flag.empty()) return "";
  return fmt::format("--no-{}", row.flag.substr(2));
}

}  // namespace dbxes::config
