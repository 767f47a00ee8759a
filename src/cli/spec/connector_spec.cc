// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::string Contradiction(const CommandValues& values) {
  const std::string what = values.Argument(0);
  if (what != "register" && values.Has("--name")) return "--name is only for connector register";
  if (what == "run" && values.Has("--dry-run")) return "--dry-run is not for connector run";
  if (values.Has("--name") && values.Text("--name").empty()) return "--name must not be empty";
  if (values.Has("--id") && values.Text("--id").empty()) return "--id must not be empty";
  return "";
}

}  // namespace

CommandSpec ConnectorCommand() {
  return {
      .id = CommandId::kConnector,
      .name = "connector",
      .brief = "make the connector that Kibana shows, or run its jobs",
      .description =
          "Makes a connector in Kibana, which shows each sync as one of its jobs, or completes "
          "an existing one without replacing anything. Removes a connector that it made. Runs the "
          "syncs that somebody starts or schedules in Kibana.",
      .flags = {{.name = "--name",
                 .value = "NAME",
                 .help = "The name that Kibana lists. Default: \"Dropbox: \" and the index."},
                {.name = "--id",
                 .value = "ID",
                 .help = "The id of the connector. Default: connector.id, else dbx-es- and the "
                         "index."},
                {.name = "--dry-run", .help = "Write nothing, and show what would change."}},
      .positionals = {{.name = "register|unregister|run",
                       .help = "Make the connector, remove it, or run the jobs that wait for it."}},
      .examples = {"dbx-es connector register", "dbx-es connector register --dry-run",
                   "dbx-es connector unregister", "dbx-es connector run -q"},
      .contradiction = Contradiction,
      .relax =
          [](const CommandValues& values, config::LoadRequest& load) {
            load.waits_for_kibana = true;
            // As the flag of the setting: settings are those of this connector.
            if (values.Has("--id")) {
              load.flags.push_back({config::FindOption("connector", "id"), values.Text("--id")});
            }
            if (values.Argument(0) == "unregister") {
              load.needs_refresh_token = false;
            } else {
              load.asks_kibana = config::AskKibana::kToRun;
            }
          },
  };
}

}  // namespace dbxes::cli
