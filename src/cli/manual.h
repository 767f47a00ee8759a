// SPDX-License-Identifier: Apache-2.0
// The manual pages, made from the tables of commands, settings, counters and exit codes.
#pragma once

#include <vector>

#include "cli/command_table.h"
#include "cli/generated_file.h"

namespace dbxes::cli {

GeneratedFile ProgramPage();                            // dbx-es.1
GeneratedFile CommandPage(const CommandSpec& command);  // dbx-es-COMMAND.1
GeneratedFile ConfigPage();                             // dbx-es.toml.5

// All of them.
std::vector<GeneratedFile> ManualPages();

// "Fl c , Fl -config Ar FILE": a flag as an item of a list in mdoc(7).
std::string FlagMacros(const FlagSpec& flag);
// "Ar N | Cm auto | unlimited"; "" for no value.
std::string ValueMacros(std::string_view value);

}  // namespace dbxes::cli
