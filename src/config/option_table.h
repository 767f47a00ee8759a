// SPDX-License-Identifier: Apache-2.0
// The list of all settings. Each is declared here once; the configuration file, the environment,
// the flags, the help, the manual and the shell completions are drawn from this table.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace dbxes::config {

enum class OptionType {
  kString,
  kSecret,        // never shown, never a flag: every user can see command lines
  kFile,          // path of a file
  kDirectory,     // path of a folder
  kUrl,           // base URL, kept without a trailing slash
  kDropboxPaths,  // "/" or "/a/b", or a list of such; stored as the Dropbox API expects it
  kIndexName,     // a name that Elasticsearch accepts for an index
  kBool,
  kInt,
  kSeconds,      // whole or decimal; limits are in milliseconds
  kBytes,        // plain, or with KiB, MiB, GiB
  kRate,         // bytes a second: off, plain, or with K, M, G
  kCompression,  // auto, on, off
  kMaxDelete,    // a number, auto or unlimited
  kExtractionMode,
  kPaperFormat,
  kServiceProtocol,
  kLogFormat,
  kStateKind,
  kCommand,      // a program to run: its words, or a line for /bin/sh
  kProxy,        // URL of a proxy, or "none"
  kFingerprint,  // SHA-256 of a certificate
  kGlobs,        // patterns for paths (base/path_glob.h): a list, or one
  kSecretUrl,    // a URL that is never shown: anyone who knows it has access
};

// The member of Config that a setting fills; its type follows from the type of the setting. A
// kCommand has none: the loader runs it.
using OptionField =
    std::variant<std::monostate, std::string& (*)(Config&), Secret& (*)(Config&),
                 bool& (*)(Config&), int& (*)(Config&), std::size_t& (*)(Config&),
                 Milliseconds& (*)(Config&), Compression& (*)(Config&), MaxDelete& (*)(Config&),
                 ExtractionMode& (*)(Config&), PaperFormat& (*)(Config&),
                 ServiceProtocol& (*)(Config&), LogFormat& (*)(Config&), StateKind& (*)(Config&),
                 std::vector<std::string>& (*)(Config&)>;

struct OptionRow {
  std::string_view section;
  std::string_view key;
  OptionType type = OptionType::kString;
  std::string_view default_text = "";  // as in the file; "" for none
  std::string_view flag = "";          // "--index"; "" for a setting without a flag
  std::string_view value_name = "";    // "ID"; "" for the usual one of its type
  std::int64_t min = 0;  // kInt, kSeconds (in milliseconds), kBytes, kRate (0 is off besides)
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
  bool required = false;  // a run that uses the service of the section needs it
  // The setting is a file; this is the key of the secret in it, in the same section. Else "".
  std::string_view file_of = "";
  // The same for a command that prints the secret.
  std::string_view command_of = "";
  // Name of the environment variable if it is not made of section and key.
  std::string_view environment = "";
  OptionField field = {};
  std::string_view help = "";  // whole sentences for the manual; --help shows the first one

  bool IsSecret() const { return type == OptionType::kSecret || type == OptionType::kSecretUrl; }
};

std::span<const OptionRow> OptionTable();
// Null if there is no such setting.
const OptionRow* FindOption(std::string_view section, std::string_view key);
// The index of a row in the table.
std::size_t IndexOf(const OptionRow& row);

std::string SettingName(const OptionRow& row);      // "elasticsearch.index"
std::string EnvironmentName(const OptionRow& row);  // "DBX_ES_ELASTICSEARCH_INDEX"
// Placeholder of the value in help and manual: "SECONDS", "auto|on|off"; "" for kBool.
std::string_view ValueName(const OptionRow& row);
// A description of valid values: "an integer from 0 to 100".
std::string ExpectedValue(const OptionRow& row);
// "--no-verify-certs" for a flag of type kBool, else "".
std::string NegatedFlag(const OptionRow& row);

}  // namespace dbxes::config
