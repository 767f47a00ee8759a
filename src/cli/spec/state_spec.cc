// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {

CommandSpec StateCommand() {
  return {
      .id = CommandId::kState,
      .name = "state",
      .brief = "move the state between folder and cluster",
      .description =
          "Moves the state of the target from the state folder to the cluster, or back. The next "
          "run continues there; no full sync is needed.",
      .flags = {{.name = "--to",
                 .value = "cluster|folder",
                 .required = true,
                 .help = "Move the state to this place from the other one."}},
      .positionals = {{.name = "move", .help = "Move the state."}},
      .examples = {"dbx-es state move --to cluster", "dbx-es state move --to folder"},
      .relax = [](const CommandValues&,
                  config::LoadRequest& load) { load.needs_refresh_token = false; },
  };
}

}  // namespace dbxes::cli
