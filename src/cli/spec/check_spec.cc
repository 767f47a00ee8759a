// SPDX-License-Identifier: Apache-2.0
// The commands that inspect and change nothing.
#include "cli/spec/command_specs.h"

namespace dbxes::cli {

CommandSpec CheckCommand() {
  return {
      .id = CommandId::kCheck,
      .name = "check",
      .brief = "check token, cluster, index and state",
      .description =
          "Tests everything that a run needs, changes nothing, and lists every problem with a fix.",
      .flags = {},
      .positionals = {},
      .examples = {"dbx-es check", "dbx-es check -q",
                   "dbx-es check --json | jq '.checks[] | select(.status != \"ok\")'"},
      .relax = [](const CommandValues&,
                  config::LoadRequest& load) { load.asks_kibana = config::AskKibana::kToShow; },
  };
}

CommandSpec StatusCommand() {
  return {
      .id = CommandId::kStatus,
      .name = "status",
      .brief = "show recent runs and sync state",
      .description =
          "Shows what the state records: the last runs, the time when changes were "
          "last read, and the work that is left for the next run; and whether the index is the one "
          "that the last run left.",
      .flags = {{.name = "--all",
                 .value = "DIR",
                 .value_optional = true,
                 .help =
                     "Show one line for each configuration (*.toml) in this folder. Without DIR, "
                     "it is the folder of the configuration file."}},
      .positionals = {},
      .examples = {"dbx-es status", "dbx-es status --all /etc/dbx-es --state-dir /var/lib/dbx-es",
                   "dbx-es status --json | jq .changes_age_seconds"},
      .relax =
          [](const CommandValues&, config::LoadRequest& load) {
            load.for_a_run = false;
            load.reads_state = true;
            load.asks_kibana = config::AskKibana::kToRun;
          },
  };
}

CommandSpec ExplainCommand() {
  return {
      .id = CommandId::kExplain,
      .name = "explain",
      .brief = "show why a user can or cannot see a document",
      .description =
          "Shows why a user can or cannot see a document in the index, and whether the "
          "index agrees with Dropbox.",
      .flags = {},
      .positionals = {{"USER", "An e-mail address or an account id (dbid:...)."},
                      {"DOCUMENT", "A path in Dropbox or a document id (id:...)."}},
      .examples = {"dbx-es explain ann@example.com /Team/Plan.docx"},
      .relax = [](const CommandValues&,
                  config::LoadRequest& load) { load.asks_kibana = config::AskKibana::kToShow; },
  };
}

}  // namespace dbxes::cli
