// SPDX-License-Identifier: Apache-2.0
// How flags and values are written in manual pages.
#pragma once

#include <string>
#include <string_view>

#include "cli/spec/command_table.h"

namespace dbxes::docgen {

// "Fl c , Fl -config Ar FILE": a flag as an item of a list in mdoc(7).
std::string FlagMacros(const cli::FlagSpec& flag);
// "Ar N | Cm auto | unlimited"; "" for no value.
std::string ValueMacros(std::string_view value);

}  // namespace dbxes::docgen
