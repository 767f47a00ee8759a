// SPDX-License-Identifier: Apache-2.0
// The commands that write the index, and the one that compares all of it.
#include <charconv>

#include "cli/spec/command_specs.h"
#include "cli/spec/duration.h"

namespace dbxes::cli {
namespace {

constexpr int kMostSampled = 100'000;  // they are remembered during the listing

FlagSpec DryRun() {
  return {.name = "--dry-run",
          .help = "Read everything, write nothing, and show what would change."};
}

FlagSpec Wait() {
  return {.name = "--wait",
          .value = "DURATION",
          .value_optional = true,
          .help =
              "Wait for another run that holds the index instead of ending with 11. DURATION is "
              "the longest wait, such as 90s, 10m or 2h; without it, the run waits for as long "
              "as the other one takes."};
}

FlagSpec Changes() {
  return {.name = "--changes",
          .value = "FILE",
          .help =
              "Write each change to this file as one JSON object on one line: documents created, "
              "updated, moved, deleted, excluded or without text. \"-\" is standard output. Only "
              "its user can read the file. A dry run writes the same lines."};
}

FlagSpec MaxDuration() {
  return {.name = "--max-duration",
          .value = "DURATION",
          .help =
              "End the run by itself after this time, such as 90s, 10m or 2h, with exit status 10. "
              "Its state is saved, and the next run continues there."};
}

FlagSpec ProgressFlag() {
  return {
      .name = "--progress",
      .value = "plain|live|none",
      .help =
          "Show the progress of a run as one line: live redraws it, plain prints it once a minute, "
          "none prints nothing. By default, it is live on a terminal and plain elsewhere. With -q, "
          "nothing is printed."};
}

// What is wrong with the list of changes, alone or beside other output.
std::string WrongChanges(const CommandValues& values) {
  if (!values.Has("--changes")) return "";
  const std::string file = values.Text("--changes");
  if (file.empty()) return "--changes needs a file name, or - for standard output";
  if (file != "-") {
    return file == values.Text("--output") ? "--changes and --output name the same file" : "";
  }
  if (values.Text("--output") == "-") {
    return "--changes - and --output - exclude each other: both write to standard output";
  }
  if (values.Has("--json")) {
    return "--changes - and --json exclude each other: both write to standard output";
  }
  return "";
}

std::string WrongWait(const CommandValues& values) {
  const std::string text = values.Text("--wait");
  if (text.empty() || ParseDuration(text)) return "";
  return "--wait expects a duration such as 90s, 10m or 2h, found \"" + text + "\"";
}

std::string WrongMaxDuration(const CommandValues& values) {
  if (!values.Has("--max-duration")) return "";
  const std::string text = values.Text("--max-duration");
  const auto duration = ParseDuration(text);
  if (duration && duration->count() > 0) return "";
  return "--max-duration expects a duration such as 90s, 10m or 2h, found \"" + text + "\"";
}

std::string WrongSample(const CommandValues& values) {
  if (!values.Has("--sample")) return "";
  const std::string text = values.Text("--sample");
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc() && end == text.data() + text.size();
  if (good && number >= 1 && number <= kMostSampled) return "";
  return "--sample expects a number from 1 to 100000, found \"" + text + "\"";
}

void AskKibanaToRun(const CommandValues&, config::LoadRequest& load) {
  load.asks_kibana = config::AskKibana::kToRun;
}

std::string WrongRun(const CommandValues& values) {
  for (const auto& wrong : {WrongWait, WrongMaxDuration, WrongChanges}) {
    if (std::string problem = wrong(values); !problem.empty()) return problem;
  }
  return "";
}

std::string Contradiction(const CommandValues& values) {
  if (std::string problem = WrongRun(values); !problem.empty()) return problem;
  if (!values.Has("--output")) return "";
  const std::string output = values.Text("--output");
  if (output.empty()) return "--output needs a file name, or - for standard output";
  if (values.Has("--take-over")) {
    return "--output and --take-over exclude each other: an output file has no keeper";
  }
  if (values.Has("--change-path")) {
    return "--output and --change-path exclude each other: an output file holds nothing yet";
  }
  if (values.Has("--dry-run")) {
    return "--output and --dry-run exclude each other: neither writes an index";
  }
  if (output == "-" && values.Has("--json")) {
    return "--output - and --json exclude each other: both write to standard output";
  }
  return "";
}

}  // namespace

CommandSpec FullSyncCommand() {
  return {
      .id = CommandId::kFullSync,
      .name = "full-sync",
      .brief = "make the index equal to the Dropbox",
      .description =
          "Lists the whole Dropbox folder, writes the documents that differ from the index, and "
          "then deletes the documents that are no longer in Dropbox.",
      .flags = {DryRun(),
                Changes(),
                MaxDuration(),
                ProgressFlag(),
                Wait(),
                {.name = "--force", .help = "Rewrite every document, also unchanged ones."},
                {.name = "--take-over",
                 .help =
                     "Become the keeper of an index that another state keeps. Stop the other one "
                     "first."},
                {.name = "--change-path",
                 .help = "Allow dropbox.path to leave out folders that the index holds: their "
                         "documents are deleted. Without the flag, a terminal is asked, and any "
                         "other run stops with 7."},
                {.name = "--output",
                 .value = "FILE",
                 .help =
                     "Write the documents to this file as NDJSON instead of to a cluster. \"-\" "
                     "is standard output. Only its user can read the file. The run uses neither a "
                     "cluster nor saved state."}},
      .positionals = {},
      .examples = {"dbx-es full-sync", "dbx-es full-sync --dry-run --path /Team",
                   "dbx-es full-sync --output - | head -n 3"},
      .contradiction = Contradiction,
      .relax =
          [](const CommandValues& values, config::LoadRequest& load) {
            load.needs_elasticsearch = !values.Has("--output");
            AskKibanaToRun(values, load);
          },
  };
}

CommandSpec IncrementalCommand() {
  return {
      .id = CommandId::kIncremental,
      .name = "incremental",
      .brief = "apply the changes in Dropbox since the last run",
      .description =
          "Applies the changes in Dropbox since the last successful run to the index. The cost "
          "follows the number of changes, not the size of the Dropbox.",
      .flags = {DryRun(), Changes(), MaxDuration(), ProgressFlag(), Wait()},
      .positionals = {},
      .examples = {"dbx-es incremental", "dbx-es incremental --json",
                   "dbx-es incremental --changes - | jq -r .path"},
      .contradiction = WrongRun,
      .relax = AskKibanaToRun,
  };
}

CommandSpec VerifyCommand() {
  return {
      .id = CommandId::kVerify,
      .name = "verify",
      .brief = "compare the whole index with Dropbox",
      .description =
          "Compares every document in the index with a fresh listing of Dropbox, lists what "
          "differs, and changes nothing.",
      .flags = {{.name = "--sample",
                 .value = "N",
                 .help =
                     "Also download N files (up to 100000), chosen at random, and compare their "
                     "texts with those in the index."},
                ProgressFlag()},
      .positionals = {},
      .examples = {"dbx-es verify", "dbx-es verify --sample 100",
                   "dbx-es verify --json | jq -r '.differences[].path'"},
      .contradiction = WrongSample,
      .relax = AskKibanaToRun,
  };
}

CommandSpec AclSyncCommand() {
  return {
      .id = CommandId::kAclSync,
      .name = "acl-sync",
      .brief = "update identities and permissions",
      .description =
          "Writes one identity document for each person who may search, and corrects the "
          "permissions of documents whose members have changed in Dropbox, which the change feed "
          "does not report.",
      .flags = {DryRun(),
                Changes(),
                MaxDuration(),
                ProgressFlag(),
                Wait(),
                {.name = "--remove",
                 .help = "Only delete all identities, for example after turning document level "
                         "security off."}},
      .positionals = {},
      .examples = {"dbx-es acl-sync", "dbx-es acl-sync --remove"},
      .contradiction = WrongRun,
      .relax = AskKibanaToRun,
  };
}

}  // namespace dbxes::cli
