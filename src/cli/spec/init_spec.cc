// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {

CommandSpec InitCommand() {
  return {
      .id = CommandId::kInit,
      .name = "init",
      .brief = "set up: configuration, login and check",
      .description =
          "Asks for what a first sync needs, writes it to a new configuration file, gets a refresh "
          "token from Dropbox, and checks everything.",
      .flags = {{.name = "--app-key",
                 .value = "KEY",
                 .help = "The app key of your Dropbox app, instead of a question."},
                {.name = "--username",
                 .value = "NAME",
                 .help = "Make an API key as this user of the cluster, instead of a question. The "
                         "password is asked for, or read as a line of standard input. It is not "
                         "stored."},
                {.name = "--listen",
                 .help = "Wait for the browser instead of a pasted code, as auth does."},
                {.name = "--no-browser", .help = "Do not open a browser."}},
      .positionals = {},
      .examples = {"dbx-es init", "dbx-es init -c team.toml --path /Team --index team",
                   "dbx-es init --app-key KEY --host URL --username elastic"},
  };
}

}  // namespace dbxes::cli
