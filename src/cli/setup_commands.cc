// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec AuthCommand() {
  return {
      .id = CommandId::kAuth,
      .name = "auth",
      .brief = "get a refresh token from Dropbox",
      .description =
          "Prints a link to Dropbox, takes the code that Dropbox shows to whoever opens it and "
          "allows the app, and turns it into the refresh token that the other commands use.",
      .flags = {{.name = "--code",
                 .value = "CODE",
                 .help = "The code that Dropbox showed. It belongs to the link of the run before; "
                         "\"-\" reads it from standard input."},
                {.name = "--listen",
                 .help =
                     "Wait for the browser instead of a pasted code. The app needs the redirect "
                     "URI of --redirect-uri."},
                {.name = "--redirect-uri",
                 .value = "URL",
                 .help =
                     "The redirect URI of --listen. It has to stand in the App Console; without "
                     "this option it is http://localhost:53682/."},
                {.name = "--team",
                 .help = "Ask for what a team's token takes, too. Only an admin of the team can "
                         "allow that."},
                {.name = "--print",
                 .help = "Print the refresh token and store nothing. It goes to standard output, "
                         "for a secret store."},
                {.name = "--no-browser", .help = "Open no browser, not even on a desktop."}},
      .positionals = {{.name = "status|revoke",
                       .help = "Look at the token in use, or give it back.",
                       .optional = true}},
      .examples = {"dbx-es auth", "dbx-es auth --listen",
                   "dbx-es auth --print | pass insert -m dbx-es/refresh-token",
                   "dbx-es auth status"},
  };
}

}  // namespace dbxes::cli
