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
      .paragraphs =
          {"Lists all of the Dropbox folder, writes the documents that differ from the index, and "
           "then deletes the documents that are no longer in Dropbox.",
           "A file that has not changed is neither downloaded nor written again. A full sync that "
           "was killed or interrupted continues where it stopped. Deletions happen only after the "
           "listing has been proven complete, and only if they do not exceed the max_delete "
           "setting; otherwise nothing is deleted and the exit code says so.",
           "Sync rules choose what is indexed, see dbx-es-validate-rules(1)."},
      .flags = {DryRun(),
                {.name = "--force",
                 .help = "Rewrite every document, also those that have not changed."},
                {.name = "--output",
                 .value = "FILE",
                 .help =
                     "Write the documents to this file as NDJSON instead of to a cluster. \"-\" is "
                     "standard output. Neither a cluster nor saved state is needed or touched."}},
      .positionals = {},
      .examples = {{"dbx-es full-sync", "Fill the index, or bring all of it up to date."},
                   {"dbx-es full-sync --dry-run --path /Team",
                    "See what a sync of one folder would do."},
                   {"dbx-es full-sync --output - | head -n 3",
                    "Look at documents before there is a cluster."}},
  };
}

CommandSpec IncrementalCommand() {
  return {
      .id = CommandId::kIncremental,
      .name = "incremental",
      .brief = "apply what changed in the Dropbox since the last run",
      .paragraphs =
          {"Applies to the index what has changed in Dropbox since the last successful run. The "
           "cost follows the number of changes, not the size of the Dropbox.",
           "It continues from the state that the last run saved, and starts a full sync by itself "
           "when there is no such state or when Dropbox no longer accepts it. When settings that "
           "shaped the index have changed, it changes nothing and asks for full-sync."},
      .flags = {DryRun()},
      .positionals = {},
      .examples = {{"dbx-es incremental", "Bring the index up to date."},
                   {"dbx-es incremental --json", "The same, with a summary for a program."}},
  };
}

CommandSpec AclSyncCommand() {
  return {
      .id = CommandId::kAclSync,
      .name = "acl-sync",
      .brief = "bring identities and permissions up to date",
      .paragraphs =
          {"Writes one identity document for each person who may search, and corrects the "
           "permissions of documents whose members have changed in Dropbox, which no list of "
           "changes tells of.",
           "The identities go into the index .search-acl-filter-NAME, where NAME is the index of "
           "the documents, with the fields of Elastic's Dropbox connector. With a team's token "
           "there is one for each active member of the team, groups included. Invited members have "
           "no account yet, and suspended members must not see anything: they have none. With the "
           "token of a single account there is one for the account and one for each person whom "
           "its folders and files are shared with.",
           "Who has left loses the identity only after the list of people was read completely, and "
           "not when more are gone than max_delete allows; for people, automatic is the larger of "
           "10 and 20 %. API keys that were made from an identity do not "
           "vanish with it: invalidate them in the cluster.",
           "Nothing is downloaded, and no document is added or deleted. A document whose members "
           "cannot be read keeps its permissions, is reported, and is tried again by the next "
           "run."},
      .flags = {DryRun(),
                {.name = "--remove",
                 .help = "Delete all identities and do nothing else, as after document level "
                         "security was turned off."}},
      .positionals = {},
      .examples = {{"dbx-es acl-sync", "Let searches follow changes of members and groups."},
                   {"dbx-es acl-sync --remove", "Take the identities away."}},
  };
}

}  // namespace dbxes::cli
