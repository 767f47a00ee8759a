// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::string Contradiction(const CommandValues& values) {
  if (values.Argument(0) == "unregister" && values.Has("--name")) {
    return "--name is only for connector register";
  }
  if (values.Has("--name") && values.Text("--name").empty()) return "--name must not be empty";
  if (values.Has("--id") && values.Text("--id").empty()) return "--id must not be empty";
  return "";
}

}  // namespace

CommandSpec ConnectorCommand() {
  return {
      .id = CommandId::kConnector,
      .name = "connector",
      .brief = "make the connector that Kibana shows, or remove it",
      .description =
          "Makes a connector in Kibana, which shows each sync as one of its jobs, or completes "
          "an existing one without replacing anything. Removes a connector that it made.",
      .flags = {{.name = "--name",
                 .value = "NAME",
                 .help = "The name that Kibana lists. Default: \"Dropbox: \" and the index."},
                {.name = "--id",
                 .value = "ID",
                 .help = "The id of the connector. Default: connector.id, else dbx-es- and the "
                         "index."},
                {.name = "--dry-run", .help = "Write nothing, and show what would change."}},
      .positionals = {{.name = "register|unregister", .help = "Make or remove the connector."}},
      .examples = {"dbx-es connector register", "dbx-es connector register --dry-run",
                   "dbx-es connector unregister"},
      .contradiction = Contradiction,
      .relax = [](const CommandValues&,
                  config::LoadRequest& load) { load.needs_refresh_token = false; },
  };
}

}  // namespace dbxes::cli
