// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {

CommandSpec ExtractCommand() {
  return {
      .id = CommandId::kExtract,
      .name = "extract",
      .brief = "print the text that is indexed of local files",
      .description =
          "Prints the text that a sync would index of local files, or why it would index none. The "
          "files are read by the same code and in the same confined processes as in a sync. The "
          "command contacts neither Dropbox nor Elasticsearch, and needs no configuration; if "
          "there is one, its section extraction applies.",
      .flags = {},
      .positionals = {{.name = "FILE", .help = "A file to read.", .repeated = true}},
      .examples = {"dbx-es extract report.docx", "dbx-es extract --json *.pdf | jq .files[].title"},
      .relax = [](const CommandValues&, config::LoadRequest& load) { load.for_a_run = false; },
  };
}

}  // namespace dbxes::cli
