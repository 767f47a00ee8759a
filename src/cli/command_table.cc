// SPDX-License-Identifier: Apache-2.0
#include "cli/command_table.h"

#include <algorithm>
#include <string>

namespace dbxes {
namespace {

std::vector<FlagSpec> MakeGlobalFlags() {
  std::vector<FlagSpec> flags{
      {.name = "--config",
       .short_name = "-c",
       .value = "FILE",
       .help = "Read this configuration file instead of searching for one."},
      {.name = "--json",
       .help = "Print exactly one JSON object on standard output at the end, also when the command "
               "fails."},
      {.name = "--quiet", .short_name = "-q", .help = "Print nothing unless something went wrong."},
      {.name = "--verbose",
       .short_name = "-v",
       .help = "Print details: retries, waits and what was decided."},
      {.name = "--version", .help = "Print the version and exit."},
      {.name = "--help", .short_name = "-h", .help = "Print help and exit."},
  };
  for (const OptionRow& row : OptionTable()) {
    if (row.flag.empty()) continue;
    flags.push_back({.name = std::string(row.flag),
                     .negated = NegatedFlag(row),
                     .value = std::string(ValueName(row)),
                     .help = std::string(row.help),
                     .row = &row});
  }
  return flags;
}

FlagSpec DryRun() {
  return {.name = "--dry-run",
          .help = "Read everything, write nothing, and say what would have been done."};
}

CommandSpec Auth() {
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

CommandSpec FullSync() {
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

CommandSpec Incremental() {
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

CommandSpec AclSync() {
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

CommandSpec ValidateRules() {
  return {
      .id = CommandId::kValidateRules,
      .name = "validate-rules",
      .brief = "check a file of sync rules",
      .paragraphs =
          {"Checks a file of sync rules and says all that is wrong with it, each with line, column "
           "and JSON pointer. Unless asked for more, it needs no configuration and no network, so "
           "that it suits editors and CI.",
           "The file is JSON in any shape of Elastic's connector: an array of basic rules (id, "
           "policy, field, rule, value, order), an array of advanced rules (query, options), or "
           "an object with basic ones under rules and advanced ones under advanced_snippet. A "
           "JSON Schema for editors is installed as share/dbx-es/rules.schema.json.",
           "Errors are what makes rules unusable or senseless: unknown members and words, a value "
           "that is not what its field holds, a regular expression that is invalid or matches "
           "everything, a rule that tests the same as another or is never reached. Warnings are "
           "what has no effect; they leave the file valid. With --json the result is one object "
           "whose member findings has severity, line, column, pointer, message and allowed for "
           "each.",
           "The first basic rule that matches decides, in ascending order; what none matches is "
           "included, unless the rule with the id DEFAULT excludes it. A regular expression must "
           "match from the start of the text, but not to its end.",
           "A rule tests one field of the document that would be indexed, and decides about that "
           "document alone: a folder that is excluded leaves what is in it where it is. To "
           "exclude a folder with all that is in it, test ancestors, which is the path in lower "
           "case of every folder above: a rule that says ancestors equals /team/archive, and one "
           "that says path_lower equals /team/archive for the folder itself.",
           "full-sync and incremental apply the rules of the file that the setting sync.rules or "
           "--rules names. What they exclude is never downloaded, and deleted from the index: by "
           "the full sync that changed rules ask for, within max_delete, and by every run when a "
           "file moves or grows into a rule. What is included again comes back.",
           "Advanced rules choose among what Dropbox's search finds: a document is a candidate "
           "when one of them finds it, and basic rules then decide. The listing of changes stays "
           "the source of what there is. A full sync searches for all rules; an incremental one "
           "only when a rule may find something of what has changed, and in the folder that holds "
           "it. A search that would show more than 10,000 matches is split by kind of file and by "
           "folder. What lies directly in a folder with more of them than that may stay unknown: "
           "it is named in a warning, not added, and not deleted.",
           "Search learns of changes late. A change that it does not show is looked for again by "
           "the next run, and after a minute, ten minutes and an hour. A document that has "
           "changed and is no longer found goes only if search finds it by its name as it is now; "
           "else it stays until a later full sync.",
           "With --preview, each advanced rule is searched for and all of the Dropbox folder is "
           "listed. Then each rule stands there with the number of files and folders that it "
           "finds, includes or excludes, and up to a thousand of them by name. With --json this "
           "is the member preview. Nothing is written. Files received one by one are left out."},
      .flags = {{.name = "--remote",
                 .help =
                     "Ask Dropbox, too, whether the folders are there that advanced rules name. "
                     "It takes the dropbox section of a configuration."},
                {.name = "--preview",
                 .help = "Say what the rules would include and exclude in the real Dropbox. It "
                         "implies --remote."}},
      .positionals = {{"FILE", "The file to check; - is standard input."}},
      .differences =
          {{"dates", "compared as text", "compared as points in time, with any offset"},
           {"a number against text that is no number", "ends the sync",
            "an error of the file where the field holds numbers, else no match"},
           {"booleans", "equals never matches", "true, yes, on and 1 and their opposites match"},
           {"a list as a value", "its text in Python", "matches with any of its elements"},
           {"null as a value", "the text None", "matches nothing"},
           {"the rule DEFAULT", "always includes", "its policy is honoured"},
           {"_timestamp of a folder", "the time of the sync",
            "none that rules can test: Dropbox keeps no time for folders"},
           {"the fields that can be tested", "id, type, name, file_path, url, size, _timestamp",
            "also path_lower, ancestors, extension, mime_type, rev, content_hash, "
            "client_modified, server_modified, namespace_id and shared_folder_id"},
           {"regular expressions", "Python's, in unbounded time",
            "RE2's, in linear time, without look-around and back references"},
           {"an expression that matches everything", "refused if it is .* or (.*)",
            "refused however it is written"},
           {"rules that are never reached", "accepted", "refused"},
           {"_allow_access_control", "can be tested", "refused: rules decide before it is known"},
           {"max_results", "must be text, which Dropbox refuses", "a number, or one in quotes"},
           {"unknown options and categories such as png", "sent to Dropbox", "refused"},
           {"dropbox.path", "ignored with advanced rules", "holds with them, too"},
           {"what search does not find", "deleted", "deleted on evidence alone"},
           {"more than 10,000 matches", "the others are deleted",
            "smaller searches, and what these leave unknown stays as it is"},
           {"Paper documents under advanced rules", "without content", "with content"},
           {"incremental runs with advanced rules", "search for everything",
            "search for what has changed, where it has changed"},
           {"file_status deleted", "sent to Dropbox", "refused: deleted files have no content"}},
      .examples = {{"dbx-es validate-rules rules.json", "Check a file before it is used."},
                   {"dbx-es validate-rules --json - < rules.json",
                    "The same, with a result for a program."},
                   {"dbx-es validate-rules --preview rules.json",
                    "See what would be indexed with these rules."}},
  };
}

CommandSpec Explain() {
  return {
      .id = CommandId::kExplain,
      .name = "explain",
      .brief = "say why somebody sees a document or does not",
      .paragraphs =
          {"Says why a person sees a document in the index, or does not, and what Dropbox says of "
           "it now.",
           "It takes the person's identity and the document's list of readers from the index, and "
           "asks Dropbox for the members that decide. Where the two differ, acl-sync has not run "
           "since members changed. Nothing is changed."},
      .flags = {},
      .positionals = {{"USER", "An e-mail address, or an account id (dbid:...)."},
                      {"DOCUMENT", "A path in Dropbox, or a document's id (id:...)."}},
      .examples = {{"dbx-es explain ann@example.com /Team/Plan.docx",
                    "Find out why a search of hers lacks the document."}},
  };
}

CommandSpec Generate() {
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

}  // namespace

std::vector<std::string> ChoicesIn(std::string_view value) {
  std::vector<std::string> choices;
  if (value.find('|') == std::string_view::npos) return choices;
  std::size_t start = 0;
  while (start <= value.size()) {
    const std::size_t end = std::min(value.find('|', start), value.size());
    const std::string word(value.substr(start, end - start));
    const bool placeholder =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!placeholder) choices.push_back(word);
    start = end + 1;
  }
  return choices;
}

std::span<const CommandSpec> Commands() {
  static const std::vector<CommandSpec> commands{
      Auth(), FullSync(), Incremental(), AclSync(), Explain(), ValidateRules(), Generate()};
  return commands;
}

const CommandSpec& CommandFor(CommandId id) {
  return *std::find_if(Commands().begin(), Commands().end(),
                       [id](const CommandSpec& command) { return command.id == id; });
}

std::span<const FlagSpec> GlobalFlags() {
  static const std::vector<FlagSpec> flags = MakeGlobalFlags();
  return flags;
}

std::string FlagSynopsis(const FlagSpec& flag) {
  std::string synopsis = flag.short_name.empty() ? "" : flag.short_name + ", ";
  synopsis += flag.name;
  if (!flag.negated.empty()) synopsis = "--[no-]" + flag.name.substr(2);
  if (!flag.value.empty()) synopsis += " " + flag.value;
  return synopsis;
}

std::string CommandSynopsis(const CommandSpec& command) {
  std::string synopsis = "dbx-es " + std::string(command.name) + " [options]";
  for (const PositionalSpec& positional : command.positionals) {
    synopsis += " " + PositionalSynopsis(positional);
  }
  return synopsis;
}

std::string PositionalSynopsis(const PositionalSpec& positional) {
  const std::string name(positional.name);
  return positional.optional ? "[" + name + "]" : name;
}

}  // namespace dbxes
