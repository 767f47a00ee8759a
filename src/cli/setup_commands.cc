// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec AuthCommand() {
  return {
      .id = CommandId::kAuth,
      .name = "auth",
      .brief = "get a refresh token from Dropbox",
      .paragraphs =
          {"Prints a link to Dropbox, takes the code that Dropbox shows to whoever opens it and "
           "allows the app, and turns it into the refresh token that the other commands use.",
           "All that it needs is the app_key setting. The link asks for offline access and for the "
           "permissions that the settings need, which have to be ticked in the Dropbox App "
           "Console. It works with PKCE, so that a code is worth nothing to anybody else, and the "
           "app's secret may be left out.",
           "The code is read from standard input. Where nobody can type, the run ends with exit "
           "status 4 and remembers the link; --code takes the code in another run. With --listen "
           "the browser brings it.",
           "The token is tried with a real request, which tells the account and its team, and "
           "compared with what the settings need. It is stored in the file that the setting "
           "refresh_token_file names, with mode 0600, where the other commands find it by "
           "themselves.",
           "auth status tells whose token is in use and which permissions it lacks. auth revoke "
           "makes Dropbox forget it, and removes the file. A token without the permissions that "
           "the settings need is stored all the same; the exit status is then 4."},
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
      .examples = {{"dbx-es auth", "Get a refresh token, and paste the code."},
                   {"dbx-es auth --listen", "The same, on a machine with a browser."},
                   {"dbx-es auth --print | pass insert -m dbx-es/refresh-token",
                    "Hand the token to a secret store."},
                   {"dbx-es auth status", "See whose token is in use."}},
  };
}

CommandSpec GenerateCommand() {
  return {
      .id = CommandId::kGenerate,
      .name = "generate",
      .brief = "write the manual pages or the shell completions",
      .paragraphs = {"Writes the files under man or completions from the declarations that the "
                     "program itself uses. Output depends on the version only."},
      .flags = {},
      .positionals = {{"KIND", "What to write: man or completions."},
                      {"DIR", "An existing folder; its files are overwritten."}},
      .examples = {{"dbx-es generate man man", "Regenerate the manual pages of the sources."}},
      .hidden = true,
  };
}

}  // namespace dbxes::cli
