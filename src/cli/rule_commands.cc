// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec ExplainCommand() {
  return {
      .id = CommandId::kExplain,
      .name = "explain",
      .brief = "say why somebody sees a document or does not",
      .description =
          "Says why a person sees a document in the index, or does not, and what Dropbox says of "
          "it now.",
      .flags = {},
      .positionals = {{"USER", "An e-mail address, or an account id (dbid:...)."},
                      {"DOCUMENT", "A path in Dropbox, or a document's id (id:...)."}},
      .examples = {"dbx-es explain ann@example.com /Team/Plan.docx"},
  };
}

CommandSpec ValidateRulesCommand() {
  return {
      .id = CommandId::kValidateRules,
      .name = "validate-rules",
      .brief = "check a file of sync rules",
      .description =
          "Checks a file of sync rules and says all that is wrong with it, each with line, column "
          "and JSON pointer. Unless asked for more, it needs no configuration and no network, so "
          "that it suits editors and CI.",
      .flags = {{.name = "--remote",
                 .help =
                     "Ask Dropbox, too, whether the folders are there that advanced rules name. "
                     "It takes the dropbox section of a configuration."},
                {.name = "--preview",
                 .help = "Say what the rules would include and exclude in the real Dropbox. It "
                         "implies --remote."}},
      .positionals = {{"FILE", "The file to check; - is standard input."}},
      .examples = {"dbx-es validate-rules rules.json",
                   "dbx-es validate-rules --json - < rules.json",
                   "dbx-es validate-rules --preview rules.json"},
  };
}

}  // namespace dbxes::cli
