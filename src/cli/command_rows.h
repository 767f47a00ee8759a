// SPDX-License-Identifier: Apache-2.0
// The declarations of the commands, in files by group. Only command_table.cc puts them together;
// everybody else reads Commands().
#pragma once

#include "cli/command_table.h"

namespace dbxes::cli {

// setup_commands.cc
CommandSpec AuthCommand();

// look_commands.cc
CommandSpec CheckCommand();
CommandSpec ConfigCommand();
CommandSpec StatusCommand();

// sync_commands.cc
CommandSpec FullSyncCommand();
CommandSpec IncrementalCommand();
CommandSpec AclSyncCommand();

// rule_commands.cc
CommandSpec ExplainCommand();
CommandSpec ValidateRulesCommand();

}  // namespace dbxes::cli
