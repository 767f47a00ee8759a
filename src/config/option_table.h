// SPDX-License-Identifier: Apache-2.0
// THE list of settings. Each one is declared here once; the configuration file, the environment,
// the flags, the help, the manual and the shell completions are all drawn from this table.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/config.h"

namespace dbxes::config {

enum class OptionType {
  kString,
  kSecret,       // never shown, never a flag: a command line is visible to every user
  kFile,         // path of a file
  kDirectory,    // path of a folder
  kUrl,          // base URL, kept without a trailing slash
  kDropboxPath,  // "/" or "/a/b"; kept as Dropbox wants it
  kIndexName,    // a name that Elasticsearch accepts for an index
  kBool,
  kInt,
  kSeconds,      // whole or decimal; limits are in milliseconds
  kBytes,        // plain, or with KiB, MiB, GiB
  kCompression,  // auto, on, off
  kMaxDelete,    // a number, auto or unlimited
  kExtractionMode,
  kPaperFormat,
  kServiceProtocol,
  kLogFormat,
  kCommand,      // a program to run: its words, or a line for /bin/sh
  kProxy,        // URL of a proxy, or "none"
  kFingerprint,  // SHA-256 of a certificate
  kSecretUrl,    // a URL that is never shown: it lets in whoever knows it
};

// The member of Config that a setting fills. Which one it may be follows from the type; a kCommand
// has none: the loader runs it, and nobody else needs to know.
using OptionField =
    std::variant<std::monostate, std::string& (*)(Config&), Secret& (*)(Config&),
                 bool& (*)(Config&), int& (*)(Config&), std::size_t& (*)(Config&),
                 Milliseconds& (*)(Config&), Compression& (*)(Config&), MaxDelete& (*)(Config&),
                 ExtractionMode& (*)(Config&), PaperFormat& (*)(Config&),
                 ServiceProtocol& (*)(Config&), LogFormat& (*)(Config&)>;

struct OptionRow {
  std::string_view section;
  std::string_view key;
  OptionType type = OptionType::kString;
  std::string_view default_text = "";  // as it would be written in the file; "" for none
  std::string_view flag = "";          // "--index"; "" where a flag makes no sense
  std::int64_t min = 0;                // kInt, kSeconds (in milliseconds), kBytes
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
  bool required = false;  // a run that talks to the section's service cannot do without it
  // Key of the secret, in the same section, that the file of this name holds; "" for other rows.
  std::string_view file_of = "";
  // The same for a command that prints the secret.
  std::string_view command_of = "";
  OptionField field = {};
  std::string_view help = "";  // whole sentences, for the manual; the first one is for --help

  bool IsSecret() const { return type == OptionType::kSecret || type == OptionType::kSecretUrl; }
};

std::span<const OptionRow> OptionTable();
// Null if there is no such setting.
const OptionRow* FindOption(std::string_view section, std::string_view key);
// Place in the table of one of its rows.
std::size_t IndexOf(const OptionRow& row);

std::string SettingName(const OptionRow& row);      // "elasticsearch.index"
std::string EnvironmentName(const OptionRow& row);  // "DBX_ES_ELASTICSEARCH_INDEX"
// Placeholder of the value in help and manual: "SECONDS", "auto|on|off"; "" for kBool.
std::string_view ValueName(const OptionRow& row);
// What a row accepts, in words: "an integer from 0 to 100".
std::string ExpectedValue(const OptionRow& row);
// "--no-verify-certs" for a flag of type kBool, else "".
std::string NegatedFlag(const OptionRow& row);
// The first sentence of the help, without its full stop.
std::string_view BriefHelp(const OptionRow& row);

}  // namespace dbxes::config
