// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::string Contradiction(const CommandValues& values) {
  const std::string action = values.Argument(0);
  if (action.empty()) return "";  // reported as missing
  const bool named = values.arguments().size() > 1;
  if (action == "import" && !named && !values.Has("--connector")) return "missing argument FILE";
  if (action == "import" && named && values.Has("--connector")) {
    return "FILE and --connector exclude each other";
  }
  if (action == "show" && values.arguments().size() > 1) {
    return fmt::format("unexpected argument '{}'", values.Argument(1));
  }
  if (action != "import" && values.Has("--output")) return "--output is only for config import";
  return "";
}

}  // namespace

CommandSpec ConfigCommand() {
  return {
      .id = CommandId::kConfig,
      .name = "config",
      .brief = "show the settings, or import those of Elastic's connector",
      .description =
          "Shows each setting with its value and origin, or converts the configuration of "
          "Elastic's connector.",
      .flags = {{.name = "--output",
                 .value = "FILE",
                 .help = "Write the imported settings to this new file, secrets included."}},
      .positionals = {{.name = "show|import", .help = "Show the settings, or import FILE."},
                      {.name = "FILE",
                       .help = "The file to import; - is standard input. With --connector ID, the "
                               "connector is read from the cluster instead.",
                       .optional = true}},
      .examples = {"dbx-es config show", "dbx-es config import config.yml",
                   "dbx-es config import config.yml --output dbx-es.toml",
                   "dbx-es config import --connector ID --output dbx-es.toml"},
      .contradiction = Contradiction,
      .relax =
          [](const CommandValues& values, config::LoadRequest& load) {
            load.for_a_run = false;
            load.reports_contradictions = values.Argument(0) == "show";
            load.asks_kibana = config::AskKibana::kToShow;
          },
  };
}

}  // namespace dbxes::cli
