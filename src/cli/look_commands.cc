// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec CheckCommand() {
  return {
      .id = CommandId::kCheck,
      .name = "check",
      .brief = "look whether everything is as a run needs it",
      .description =
          "Checks the configuration and everything around it, says in one line for each thing "
          "whether it is right, and what to do where it is not.",
      .flags = {},
      .positionals = {},
      .examples = {"dbx-es check", "dbx-es check -q",
                   "dbx-es check --json | jq '.checks[] | select(.status != \"ok\")'"},
  };
}

CommandSpec ConfigCommand() {
  return {
      .id = CommandId::kConfig,
      .name = "config",
      .brief = "show the settings, or take over those of Elastic's connector",
      .description =
          "Shows each setting with its value and where it comes from, or makes a configuration "
          "out "
          "of that of Elastic's connector.",
      .flags = {{.name = "--output",
                 .value = "FILE",
                 .help = "Write what was imported to this new file, secrets included."}},
      .positionals = {{.name = "show|import", .help = "What to do."},
                      {.name = "FILE",
                       .help = "The file to import; - is standard input.",
                       .optional = true}},
      .examples = {"dbx-es config show", "dbx-es config import config.yml",
                   "dbx-es config import config.yml --output dbx-es.toml"},
  };
}

CommandSpec StatusCommand() {
  return {
      .id = CommandId::kStatus,
      .name = "status",
      .brief = "say how the last runs went and where the sync stands",
      .description =
          "Says what the state folder knows of the target: the last runs, when the change feed "
          "was "
          "last read, and what is still to be done.",
      .flags = {},
      .positionals = {},
      .examples = {"dbx-es status", "dbx-es status --json | jq .changes_age_seconds"},
  };
}

}  // namespace dbxes::cli
