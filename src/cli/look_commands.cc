// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec CheckCommand() {
  return {
      .id = CommandId::kCheck,
      .name = "check",
      .brief = "look whether everything is as a run needs it",
      .paragraphs =
          {"Checks the configuration and everything around it, says in one line for each thing "
           "whether it is right, and what to do where it is not.",
           "It looks at the configuration and who can read its secrets; at Dropbox: the token, "
           "each "
           "scope, the team, the path and the clock; at the cluster: its version, its certificate, "
           "the licence for document level security, the index and its mapping, each privilege of "
           "the credential and the ingest pipeline; at the extraction service or pdftotext, the "
           "rules file, and the state folder with its lock, its checkpoint and what failed.",
           "It goes on after a problem, so that one run tells all of them, and writes nothing. "
           "What "
           "depends on something that is wrong is left out.",
           "A line begins with ok, warning or problem. Warnings leave the exit status 0. Where "
           "there "
           "are problems, the exit status is that of the worst: 2 if one is of the configuration, "
           "the index or this machine, else 4 if a credential is wrong or may not do something, "
           "else "
           "5 if a service cannot be reached. --quiet leaves out what is right; with --json the "
           "result is one object whose member checks has name, status, message, advice and "
           "exit_code for each line."},
      .flags = {},
      .positionals = {},
      .examples = {{"dbx-es check", "See whether the first sync can work."},
                   {"dbx-es check -q",
                    "The same, for a monitor: nothing is printed when all is well."},
                   {"dbx-es check --json | jq '.checks[] | select(.status != \"ok\")'",
                    "What is wrong, for a program."}},
  };
}

CommandSpec ConfigCommand() {
  return {
      .id = CommandId::kConfig,
      .name = "config",
      .brief = "show the settings, or take over those of Elastic's connector",
      .paragraphs =
          {"Shows each setting with its value and where it comes from, or makes a configuration "
           "out "
           "of that of Elastic's connector.",
           "config show prints one line for each setting: its name, its value and, behind a #, its "
           "origin: default, a line of the file, a variable of the environment or a flag. A secret "
           "is printed as <redacted>, with where it comes from; commands for secrets are not run. "
           "With --json the result is one object whose member settings has name, value, origin, "
           "set "
           "and secret for each. The exit status is 2 when a setting is wrong.",
           "config import reads FILE, which is the config.yml of the connector, or one connector "
           "as "
           "Elasticsearch keeps it, where Kibana stores what is entered there: the answer of "
           "GET _connector/ID, or a document of .elastic-connectors. It prints a dbx-es.toml with "
           "all that has a counterpart, and comments on what has none. The two may be imported one "
           "by one and put together.",
           "Secrets are not printed. With --output they are written to a new file with mode 0600, "
           "together with the rest."},
      .flags = {{.name = "--output",
                 .value = "FILE",
                 .help = "Write what was imported to this new file, secrets included."}},
      .positionals = {{.name = "show|import", .help = "What to do."},
                      {.name = "FILE",
                       .help = "The file to import; - is standard input.",
                       .optional = true}},
      .examples = {{"dbx-es config show", "See what is in force, and why."},
                   {"dbx-es config import config.yml",
                    "See what becomes of a connector's settings."},
                   {"dbx-es config import config.yml --output dbx-es.toml",
                    "Write them down, secrets included."}},
  };
}

CommandSpec StatusCommand() {
  return {
      .id = CommandId::kStatus,
      .name = "status",
      .brief = "say how the last runs went and where the sync stands",
      .paragraphs =
          {"Says what the state folder knows of the target: the last runs, when the change feed "
           "was "
           "last read, and what is still to be done.",
           "Of the last 20 runs it knows the command, the start, the duration, the exit status and "
           "what was counted. It says when Dropbox's list of changes was last read to its end, how "
           "many "
           "deletions and failed documents wait for the next run, whether a run is under way, and "
           "whether the last one was killed before it could leave a record.",
           "It needs neither Dropbox nor the cluster, and no secret. With --json the result is one "
           "object with the members target, state_file, running, lost_run, last_full_sync_at, "
           "full_sync_under_way, changes_read_at, changes_age_seconds, pending_deletions, "
           "pending_failures and runs; "
           "each run has command, started_at, duration_ms, exit_code, outcome, message and the "
           "counters of the summary. The exit status says whether the state could be read, not how "
           "the runs went."},
      .flags = {},
      .positionals = {},
      .examples = {{"dbx-es status", "See how the last runs went."},
                   {"dbx-es status --json | jq .changes_age_seconds",
                    "The age of the index in seconds, for a monitor."}},
  };
}

}  // namespace dbxes::cli
