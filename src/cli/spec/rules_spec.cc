// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {

CommandSpec ValidateRulesCommand() {
  return {
      .id = CommandId::kValidateRules,
      .name = "validate-rules",
      .brief = "check a file of sync rules",
      .description =
          "Checks a file of sync rules and lists every mistake with line, column and JSON pointer. "
          "Without --remote or --preview, it needs no configuration and no network, and so suits "
          "editors and CI.",
      .flags = {{.name = "--remote",
                 .help =
                     "Also check in Dropbox that the folders of advanced rules exist. This needs "
                     "the dropbox section of a configuration."},
                {.name = "--preview",
                 .help = "Show what the rules would include and exclude in the real Dropbox. It "
                         "implies --remote."}},
      .positionals = {{"FILE", "The file to check; - is standard input."}},
      .examples = {"dbx-es validate-rules rules.json",
                   "dbx-es validate-rules --json - < rules.json",
                   "dbx-es validate-rules --preview rules.json"},
      .relax = [](const CommandValues&,
                  config::LoadRequest& load) { load.needs_elasticsearch = false; },
  };
}

}  // namespace dbxes::cli
