// SPDX-License-Identifier: Apache-2.0
// The commands that show what is in the index.
#include <fmt/format.h>

#include <charconv>

#include "cli/spec/command_specs.h"
#include "elastic/result_window.h"

namespace dbxes::cli {
namespace {

void NeedOnlyTheCluster(const CommandValues&, config::LoadRequest& load) {
  load.needs_refresh_token = false;
}

std::string WrongSearch(const CommandValues& values) {
  if (values.Has("--as") && values.Text("--as").empty()) {
    return "--as needs an e-mail address or an account id";
  }
  if (!values.Has("--limit")) return "";
  const std::string text = values.Text("--limit");
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc() && end == text.data() + text.size();
  if (good && number >= 1 && number <= elastic::kResultWindow) return "";
  return fmt::format("--limit expects a number from 1 to {}, found \"{}\"", elastic::kResultWindow,
                     text);
}

std::string WrongFolder(const CommandValues& values) {
  const std::string path = values.Argument(0);
  if (path.empty() || path.starts_with('/')) return "";
  return "PATH expects a path that starts with a slash, such as /Team/Reports, found \"" + path +
         "\"";
}

}  // namespace

CommandSpec ListCommand() {
  return {
      .id = CommandId::kList,
      .name = "ls",
      .brief = "list a folder as the index has it",
      .description = "Lists what the index contains of a folder.",
      .flags = {{.name = "--recursive",
                 .short_name = "-R",
                 .help = "List also what is in the folders below, with whole paths."},
                {.name = "--long",
                 .short_name = "-l",
                 .help = "Show size, time of the last change (UTC) and id as well."}},
      .positionals = {{.name = "PATH",
                       .help = "The path of the folder or file in Dropbox. Without it, the root.",
                       .optional = true}},
      .examples = {"dbx-es ls", "dbx-es ls -l /Team/Reports", "dbx-es ls -R | wc -l"},
      .contradiction = WrongFolder,
      .relax = NeedOnlyTheCluster,
  };
}

CommandSpec ShowCommand() {
  return {
      .id = CommandId::kShow,
      .name = "show",
      .brief = "show a document as the index has it",
      .description =
          "Shows every field of a document in the index, who can read it, and the "
          "beginning of its text.",
      .flags = {{.name = "--text", .help = "Show all of the text."}},
      .positionals = {{.name = "DOCUMENT", .help = "A path in Dropbox or a document id (id:...)."}},
      .examples = {"dbx-es show /Team/Plan.docx",
                   "dbx-es show --json /Team/Plan.docx | jq -r .document.body"},
      .relax = NeedOnlyTheCluster,
  };
}

CommandSpec SearchCommand() {
  return {
      .id = CommandId::kSearch,
      .name = "search",
      .brief = "find documents in the index by words",
      .description =
          "Finds the documents in the index that have all of these words, the best "
          "first, and shows title, path, a piece of the text and the link of each.",
      .flags = {{.name = "--as",
                 .value = "USER",
                 .help =
                     "Find only what this user may see. USER is an e-mail address or an account "
                     "id (dbid:...)."},
                {.name = "--limit",
                 .value = "N",
                 .help = "Show at most N documents. The default "
                         "is 10, the most 10000."}},
      .positionals = {{.name = "WORD",
                       .help = "A word of the text, of the title or of a name. \"-\" before a word "
                               "excludes it, and \"*\" after it finds words that begin with it.",
                       .repeated = true}},
      .examples = {"dbx-es search cleaning services", "dbx-es search --as ann@example.com budget",
                   "dbx-es search --json invoice | jq -r '.hits[].path'"},
      .contradiction = WrongSearch,
      .relax = NeedOnlyTheCluster,
  };
}

}  // namespace dbxes::cli
