// SPDX-License-Identifier: Apache-2.0
// What the completions of all shells share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/spec/command_table.h"

namespace dbxes::docgen {

// What a shell offers for a value: a file, a folder, one of these words, or nothing.
struct Value {
  bool file = false;
  bool folder = false;
  std::vector<std::string> words;
};
// `placeholder` as in "FILE", "DIR", "auto|on|off".
Value ValueOf(std::string_view placeholder);

// "-c", "--config"; "--verify-certs", "--no-verify-certs".
std::vector<std::string> Names(const cli::FlagSpec& flag);
std::vector<std::string> Names(std::span<const cli::FlagSpec> flags);
std::vector<std::string> NamesThatTakeValues(std::span<const cli::FlagSpec> flags);

// The help of a flag in one sentence, and that of its --no- form.
std::string FlagHelp(const cli::FlagSpec& flag);
std::string OppositeHelp(const cli::FlagSpec& flag);

// `text` in single quotes of a shell; `escaped_quote` replaces a quote in it.
std::string Quoted(std::string_view text, std::string_view escaped_quote);

}  // namespace dbxes::docgen
