// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_specs.h"

namespace dbxes::cli {
namespace {

std::string NamesToList(const CommandValues& values) {
  const std::string action = values.Argument(0);
  const bool lists = action.empty() || action == "list";
  return lists && values.arguments().size() > 1 ? "failures list takes no document" : "";
}

}  // namespace

CommandSpec FailuresCommand() {
  return {
      .id = CommandId::kFailures,
      .name = "failures",
      .brief = "list failed documents, retry or accept them",
      .description =
          "Lists the documents that failed, with the reason of each and when it is tried again. "
          "Can also let the next run retry them, or stop counting them.",
      .flags = {},
      .positionals = {{.name = "list|retry|accept",
                       .help =
                           "List the failures, which is the default; let the next run try them; "
                           "or do not count them until their file changes.",
                       .optional = true},
                      {.name = "DOCUMENT",
                       .help =
                           "A path in Dropbox or a document id (id:...). A folder means all that "
                           "failed in it. Without one, all failures.",
                       .optional = true,
                       .repeated = true}},
      .examples = {"dbx-es failures", "dbx-es failures retry /Team/Plan.docx",
                   "dbx-es failures accept /Archive"},
      .contradiction = NamesToList,
      .relax =
          [](const CommandValues&, config::LoadRequest& load) {
            load.for_a_run = false;
            load.reads_state = true;
          },
  };
}

}  // namespace dbxes::cli
