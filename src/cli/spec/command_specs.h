// SPDX-License-Identifier: Apache-2.0
// The declarations of the commands. Only command_table.cc uses them; all other code reads
// Commands().
#pragma once

#include "cli/spec/command_table.h"

namespace dbxes::cli {

CommandSpec InitCommand();           // init_spec.cc
CommandSpec AuthCommand();           // auth_spec.cc
CommandSpec CheckCommand();          // check_spec.cc
CommandSpec ConfigCommand();         // config_spec.cc
CommandSpec StateCommand();          // state_spec.cc
CommandSpec ConnectorCommand();      // connector_spec.cc
CommandSpec StatusCommand();         // check_spec.cc
CommandSpec FullSyncCommand();       // sync_specs.cc
CommandSpec IncrementalCommand();    // sync_specs.cc
CommandSpec AclSyncCommand();        // sync_specs.cc
CommandSpec VerifyCommand();         // sync_specs.cc
CommandSpec ExplainCommand();        // check_spec.cc
CommandSpec ExtractCommand();        // extract_spec.cc
CommandSpec FailuresCommand();       // failures_spec.cc
CommandSpec ListCommand();           // find_specs.cc
CommandSpec ShowCommand();           // find_specs.cc
CommandSpec SearchCommand();         // find_specs.cc
CommandSpec ValidateRulesCommand();  // rules_spec.cc

}  // namespace dbxes::cli
