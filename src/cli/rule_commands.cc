// SPDX-License-Identifier: Apache-2.0
#include "cli/command_rows.h"

namespace dbxes::cli {

CommandSpec ExplainCommand() {
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

CommandSpec ValidateRulesCommand() {
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
           {"rules that can match nothing, or change nothing", "accepted", "a warning"},
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

}  // namespace dbxes::cli
