// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {
namespace {

FlagSpec DryRun() {
  return {.name = "--dry-run",
          .help = "Read everything, write nothing, and say what would have been done."};
}

}  // namespace

CommandSpec FullSyncCommand() {
  return {
      .id = CommandId::kFullSync,
      .name = "full-sync",
      .brief = "make the index equal to the Dropbox",
      .description =
          "Lists all of the Dropbox folder, writes the documents that differ from the index, and "
          "then deletes the documents that are no longer in Dropbox.",
      .flags = {DryRun(),
                {.name = "--force",
                 .help = "Rewrite every document, also those that have not changed."},
                {.name = "--output",
                 .value = "FILE",
                 .help =
                     "Write the documents to this file as NDJSON instead of to a cluster. \"-\" is "
                     "standard output. Neither a cluster nor saved state is needed or touched."}},
      .positionals = {},
      .examples = {"dbx-es full-sync", "dbx-es full-sync --dry-run --path /Team",
                   "dbx-es full-sync --output - | head -n 3"},
  };
}

CommandSpec IncrementalCommand() {
  return {
      .id = CommandId::kIncremental,
      .name = "incremental",
      .brief = "apply what changed in the Dropbox since the last run",
      .description =
          "Applies to the index what has changed in Dropbox since the last successful run. The "
          "cost follows the number of changes, not the size of the Dropbox.",
      .flags = {DryRun()},
      .positionals = {},
      .examples = {"dbx-es incremental", "dbx-es incremental --json"},
  };
}

CommandSpec AclSyncCommand() {
  return {
      .id = CommandId::kAclSync,
      .name = "acl-sync",
      .brief = "bring identities and permissions up to date",
      .description =
          "Writes one identity document for each person who may search, and corrects the "
          "permissions of documents whose members have changed in Dropbox, which no list of "
          "changes tells of.",
      .flags = {DryRun(),
                {.name = "--remove",
                 .help = "Delete all identities and do nothing else, as after document level "
                         "security was turned off."}},
      .positionals = {},
      .examples = {"dbx-es acl-sync", "dbx-es acl-sync --remove"},
  };
}

}  // namespace dbxes::cli
