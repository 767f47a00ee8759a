// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::string Contradiction(const CommandValues& values) {
  const std::string action = values.Argument(0);
  for (const char* flag : {"--listen", "--team", "--print", "--no-browser", "--code"}) {
    if (!action.empty() && values.Has(flag)) {
      return fmt::format("{} is not an option of auth {}", flag, action);
    }
  }
  const bool code = values.Has("--code");
  if (code && values.Text("--code").empty()) return "--code needs the code that Dropbox showed";
  if (code && (values.Has("--listen") || values.Has("--redirect-uri"))) {
    return "--code and --listen exclude each other: the code comes one way or the other";
  }
  if (values.Has("--json") && values.Has("--print")) {
    return "--print and --json exclude each other: both write to standard output";
  }
  return "";
}

void Relax(const CommandValues& values, config::LoadRequest& load) {
  load.needs_elasticsearch = false;
  load.needs_refresh_token = !values.arguments().empty();
}

}  // namespace

CommandSpec AuthCommand() {
  return {
      .id = CommandId::kAuth,
      .name = "auth",
      .brief = "get a refresh token from Dropbox",
      .description =
          "Prints a link to Dropbox. Open it, allow the app, and paste the code that Dropbox "
          "shows: auth exchanges it for the refresh token that the other commands use.",
      .flags = {{.name = "--code",
                 .value = "CODE",
                 .help =
                     "The code that Dropbox showed for the link of the last run. \"-\" reads it "
                     "from standard input."},
                {.name = "--listen",
                 .help =
                     "Wait for the browser instead of a pasted code. The app needs the redirect "
                     "URI of --redirect-uri."},
                {.name = "--redirect-uri",
                 .value = "URL",
                 .help = "The redirect URI of --listen. It must be listed in the App Console. "
                         "Default: http://localhost:53682/."},
                {.name = "--team",
                 .help = "Also request the permissions of a team token. Only an admin of the team "
                         "can allow them."},
                {.name = "--print",
                 .help = "Print the refresh token to standard output instead of storing it, for a "
                         "secret store."},
                {.name = "--no-browser", .help = "Do not open a browser."}},
      .positionals = {{.name = "status|revoke",
                       .help = "Show the account of the token in use, or revoke it.",
                       .optional = true}},
      .examples = {"dbx-es auth", "dbx-es auth --listen",
                   "dbx-es auth --print | pass insert -m dbx-es/refresh-token",
                   "dbx-es auth status"},
      .contradiction = Contradiction,
      .relax = Relax,
  };
}

}  // namespace dbxes::cli
