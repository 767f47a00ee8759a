// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/exit_code.h"
#include "cli/mdoc.h"
#include "report/counters.h"
#include "report/summary.h"

namespace dbxes::cli {
namespace {

void WriteFlags(Mdoc& page, std::span<const FlagSpec> flags, bool settings) {
  page.BeginList();
  for (const FlagSpec& flag : flags) {
    if ((flag.row != nullptr) != settings) continue;
    page.Item(FlagMacros(flag));
    page.Text(flag.help);
    if (flag.row == nullptr) continue;
    page.Text(fmt::format("Setting: {}.", config::SettingName(*flag.row)));
  }
  page.EndList();
}

void WriteArguments(Mdoc& page, const CommandSpec& command) {
  if (command.positionals.empty()) return;
  page.Section("ARGUMENTS");
  page.BeginList();
  for (const PositionalSpec& positional : command.positionals) {
    page.Item(ValueMacros(positional.name));
    page.Text(positional.help);
  }
  page.EndList();
}

void WriteDifferences(Mdoc& page, const CommandSpec& command) {
  if (command.differences.empty()) return;
  page.Section("DIFFERENCES FROM THE CONNECTOR");
  page.BeginList();
  for (const Difference& difference : command.differences) {
    page.Item(MdocArgument(difference.what));
    page.Text(fmt::format("Connector: {}.", difference.connector));
    page.Text(fmt::format("dbx-es: {}.", difference.here));
  }
  page.EndList();
}

void WriteExitStatus(Mdoc& page) {
  page.Section("EXIT STATUS");
  page.BeginList();
  for (const ExitCodeRow& row : kExitCodes) {
    page.Item(fmt::format("{} Pq {}", static_cast<int>(row.code), MdocArgument(row.outcome)));
    page.Text(row.help);
  }
  page.EndList();
  page.Text(
      "A run whose exit status is 5 or 11 may be tried again as it is. With 1, 2, 4 and 7 a person "
      "has to look.");
}

void WriteJsonSummary(Mdoc& page) {
  page.Section("JSON SUMMARY");
  page.Text(
      "With --json, standard output holds exactly one JSON object on one line, also when the "
      "command line or the configuration is wrong. Its members:");
  page.BeginList();
  const auto member = [&page](std::string_view name, std::string_view help) {
    page.Item("Li " + std::string(name));
    page.Text(help);
  };
  member("command", "The command, such as full-sync.");
  member("outcome", "The name of the exit status, see EXIT STATUS.");
  member("exit_code", "The exit status.");
  member("duration_ms", "How long the run took, in milliseconds.");
  member("dry_run", "Whether --dry-run was given: the counts then say what would have been done.");
  member("message", "What went wrong and what to do, empty if all went well.");
  for (const report::CounterRow& row : report::kCounterTable) {
    member(fmt::format("{}.{}", row.group, row.name), fmt::format("Number of {}.", row.help));
  }
  member("failures_file", "Path of the failures file, empty if no document failed.");
  member("failures", fmt::format("The first {} documents that failed, each with the members id, "
                                 "path, operation, status and reason of the failures file.",
                                 report::kMaxListedFailures));
  member("answer", "Of explain alone: the lines of its answer.");
  page.EndList();
}

void WriteFailuresFile(Mdoc& page) {
  page.Section("FAILURES FILE");
  page.Text(
      "When documents fail, the run goes on, ends with exit status 3 and names each of them in a "
      "file in the state folder. It holds one JSON object per line, with these members:");
  page.BeginList();
  page.Item("Li time");
  page.Text("When it failed, in UTC.");
  page.Item("Li id");
  page.Text("The id of the document, which is the Dropbox id of the file or folder.");
  page.Item("Li path");
  page.Text("Its path in Dropbox; of a file received one by one its name.");
  page.Item("Li operation");
  page.Text(
      "What failed: download or extract (the content of a file), read (a file received one by "
      "one), index, update or delete.");
  page.Item("Li status");
  page.Text("The HTTP status, or 0 if there was none.");
  page.Item("Li reason");
  page.Text("The reason in the words of the service that gave it.");
  page.EndList();
  page.Text(
      "The next run tries them again, and the file then holds what failed in that run; it goes "
      "when nothing did.");
}

void WriteFiles(Mdoc& page) {
  page.Section("FILES");
  page.BeginList();
  page.Item("Pa $XDG_CONFIG_HOME/dbx-es/dbx-es.toml , /etc/dbx-es/dbx-es.toml");
  page.Text(
      "The configuration file; the first one that exists is read. Without XDG_CONFIG_HOME, "
      "~/.config is used. It usually holds secrets and should have mode 0600.");
  page.Item("Pa $XDG_STATE_HOME/dbx-es/");
  page.Text(
      "State files and failures files, unless --state-dir, the state_dir setting or "
      "STATE_DIRECTORY "
      "names another folder. Without XDG_STATE_HOME, ~/.local/state is used. Each pair of Dropbox "
      "folder and index has its own state; a second run on the same pair ends at once with exit "
      "status 11.");
  page.EndList();
}

void WriteEnvironment(Mdoc& page) {
  page.Section("ENVIRONMENT");
  page.BeginList();
  page.Item("Ev DBX_ES_SECTION_KEY");
  page.Text(
      "Every setting has a variable, such as DBX_ES_DROPBOX_REFRESH_TOKEN. It wins over the file "
      "and yields to a flag. An empty variable counts as unset.");
  page.Item("Ev HOME , XDG_CONFIG_HOME , XDG_STATE_HOME , STATE_DIRECTORY");
  page.Text("Where files are looked for, see FILES.");
  page.Item(
      "Ev HTTPS_PROXY , https_proxy , http_proxy , ALL_PROXY , all_proxy , NO_PROXY , no_proxy");
  page.Text(
      "Proxies, and the hosts that are reached without them, as curl(1) understands them; "
      "HTTPS_PROXY is for https:// URLs, http_proxy for http:// ones. The proxy settings of "
      "dbx-es.toml(5) win over them, each for its side. A proxy in the environment may hold a user "
      "name and a password.");
  page.Item("Ev TERM , NO_COLOR");
  page.Text(
      "There is no progress line and no colour where TERM is dumb, and no colour where NO_COLOR is "
      "not empty. Neither appears where standard error is no terminal.");
  page.EndList();
}

void WriteSignals(Mdoc& page) {
  page.Section("SIGNALS");
  page.BeginList();
  page.Item("Dv SIGINT , SIGTERM");
  page.Text(
      "The run ends as soon as what is in flight has come home, with its state saved. A second "
      "one ends it at once, which loses nothing either.");
  page.Item("Dv SIGUSR1");
  page.Text(
      "A run that syncs says how far it is: on standard error, also with --quiet, and in the log "
      "file.");
  page.EndList();
}

void WriteLog(Mdoc& page) {
  page.Section("LOG IN JSON");
  page.Text(
      "With --log-format json each message is one JSON object on one line, with field names of the "
      "Elastic Common Schema. Without --log-file it takes the place of what is printed on standard "
      "error, and of the summary in words. Its members:");
  page.BeginList();
  const auto member = [&page](std::string_view names, std::string_view help) {
    page.Item("Li " + std::string(names));
    page.Text(help);
  };
  member("@timestamp", "When, in UTC.");
  member("log.level", "debug, info, warn or error.");
  member("message", "The message, as it would be printed.");
  member("event.action", "The command, such as full-sync.");
  member("error.message, error.type, error.code", "What went wrong, where one thing did.");
  member("http.response.status_code, http.request.id, url.full",
         "The answer that went wrong, the id that Dropbox gave it, and what was asked for, without "
         "its query.");
  member("file.path, dbx_es.document.id, dbx_es.document.operation",
         "The document that failed, of an event about one.");
  member("event.outcome, event.duration, process.exit_code, dbx_es.outcome",
         "Of the last event of a run: success or failure, nanoseconds, the exit status and its "
         "name. Each count of the JSON summary follows under dbx_es, such as "
         "dbx_es.documents.created.");
  member("ecs.version, service.name, service.version, event.dataset, process.pid",
         "Where the event comes from.");
  page.EndList();
}

void WriteMetrics(Mdoc& page) {
  page.Section("METRICS");
  page.Text(
      "The file of --metrics-file has these metrics, each with the labels command and index. Dry "
      "runs and runs with --output leave it alone.");
  page.BeginList();
  page.Item("Li dbx_es_last_run_success_timestamp_seconds");
  page.Text("When the last run ended that did all of its work: what an alert should watch.");
  page.Item("Li dbx_es_last_run_timestamp_seconds , dbx_es_last_run_duration_seconds");
  page.Text("When the last run ended, and how long it took.");
  page.Item("Li dbx_es_last_run_exit_code , dbx_es_runs_total");
  page.Text(
      "Its exit status, and the number of runs with a label outcome, which is the name of the exit "
      "status.");
  page.Item("Li dbx_es_documents_created_total");
  page.Text(
      "And so on: one for each count of the JSON summary, summed up over all runs. Losing the "
      "file sets them to zero.");
  page.EndList();
}

void WriteProgramExamples(Mdoc& page) {
  page.Section("EXAMPLES");
  page.Text("A crontab that mails nothing unless something goes wrong:");
  page.Literal(
      "*/10 * * * *  dbx-es incremental --quiet\n"
      "30 3 * * 0    dbx-es full-sync --quiet\n");
  page.Text("A systemd service, to be started by a timer:");
  page.Literal(
      "[Service]\n"
      "Type=oneshot\n"
      "ExecStart=/usr/bin/dbx-es incremental --quiet\n"
      "EnvironmentFile=/etc/dbx-es/secrets.env\n"
      "StateDirectory=dbx-es\n"
      "DynamicUser=yes\n");
  page.Text("A crontab whose runs are watched by a dead man's switch:");
  page.Literal(
      "*/10 * * * *  DBX_ES_REPORT_PING_URL=https://hc-ping.com/... dbx-es incremental -q\n");
  page.Text("The number of documents that failed, in a shell script:");
  page.Literal("dbx-es incremental --json | jq .documents.failed\n");
}

void WriteSeeAlso(Mdoc& page, std::string_view self) {
  page.Section("SEE ALSO");
  std::vector<std::pair<std::string, std::string>> pages{{"dbx-es", "1"}};
  for (const CommandSpec& command : Commands()) {
    if (!command.hidden) pages.emplace_back(fmt::format("dbx-es-{}", command.name), "1");
  }
  // By section, then by name, as manual pages do.
  std::sort(pages.begin(), pages.end());
  pages.emplace_back("dbx-es.toml", "5");
  std::erase_if(pages, [self](const auto& entry) { return entry.first == self; });
  for (const auto& entry : pages) {
    const bool last = &entry == &pages.back();
    page.Macro(fmt::format("Xr {} {}{}", entry.first, entry.second, last ? "" : " ,"));
  }
}

}  // namespace

std::string ValueMacros(std::string_view value) {
  std::string macros;
  std::string current;
  while (!value.empty()) {
    const std::string_view word = value.substr(0, value.find('|'));
    value.remove_prefix(std::min(word.size() + 1, value.size()));
    const bool placeholder =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const std::string macro = placeholder ? "Ar" : "Cm";
    if (!macros.empty()) macros += " | ";
    if (macro != current) macros += macro + " ";
    macros += word;
    current = macro;
  }
  return macros;
}

std::string FlagMacros(const FlagSpec& flag) {
  const std::string value = ValueMacros(flag.value);
  std::string macros;
  for (const std::string& name : {flag.short_name, flag.name, flag.negated}) {
    if (name.empty()) continue;
    if (!macros.empty()) macros += " , ";
    macros += "Fl " + name.substr(1);
  }
  return value.empty() ? macros : macros + " " + value;
}

GeneratedFile ProgramPage() {
  Mdoc page("dbx-es", "1", "keep an Elasticsearch index equal to a Dropbox");
  page.Section("SYNOPSIS");
  page.Macro("Nm");
  page.Macro("Ar command");
  page.Macro("Op Ar options");
  page.Section("DESCRIPTION");
  page.Text(
      "dbx-es makes the content of a Dropbox searchable in an Elasticsearch or OpenSearch cluster. "
      "It runs to its end and exits, so that cron, a systemd timer or a container can start it.");
  page.Text(
      "Nothing is lost and nothing is deleted wrongly: the position in Dropbox's list of changes "
      "moves only past documents that the cluster has acknowledged, and a document is deleted only "
      "when Dropbox said so. A run may be killed at any time; the next one ends with the right "
      "index.");
  page.Text("The commands are:");
  page.BeginList();
  for (const CommandSpec& command : Commands()) {
    if (command.hidden) continue;
    page.Item(fmt::format("Cm {}", command.name));
    page.Text(fmt::format("{} See dbx-es-{}(1).", command.paragraphs.front(), command.name));
  }
  page.EndList();
  page.Section("OPTIONS");
  page.Text("These are accepted before and after the command.");
  WriteFlags(page, GlobalFlags(), false);
  page.Text(
      "The following override a setting for one run. Where a setting shaped the index, such as "
      "the path or the pipeline, a run with another value asks for full-sync.");
  WriteFlags(page, GlobalFlags(), true);
  WriteJsonSummary(page);
  WriteLog(page);
  WriteMetrics(page);
  WriteFailuresFile(page);
  WriteSignals(page);
  WriteEnvironment(page);
  WriteFiles(page);
  WriteExitStatus(page);
  WriteProgramExamples(page);
  WriteSeeAlso(page, "dbx-es");
  return {"dbx-es.1", page.Take()};
}

GeneratedFile CommandPage(const CommandSpec& command) {
  const std::string name = fmt::format("dbx-es-{}", command.name);
  Mdoc page(name, "1", command.brief);
  page.Section("SYNOPSIS");
  page.Macro(fmt::format("Nm dbx-es {}", command.name));
  for (const FlagSpec& flag : command.flags) page.Macro("Op " + FlagMacros(flag));
  page.Macro("Op Ar options");
  for (const PositionalSpec& positional : command.positionals) {
    page.Macro((positional.optional ? "Op " : "") + ValueMacros(positional.name));
  }
  page.Section("DESCRIPTION");
  for (const std::string_view paragraph : command.paragraphs) page.Text(paragraph);
  WriteArguments(page, command);
  page.Section("OPTIONS");
  if (command.flags.empty()) {
    page.Text("Those of dbx-es(1), which every command accepts.");
  } else {
    page.Text("Besides those of dbx-es(1), which every command accepts:");
    WriteFlags(page, command.flags, false);
  }
  WriteDifferences(page, command);
  WriteExitStatus(page);
  page.Section("EXAMPLES");
  for (const Example& example : command.examples) {
    page.Text(example.help);
    page.Literal(std::string(example.command) + "\n");
  }
  WriteSeeAlso(page, name);
  return {name + ".1", page.Take()};
}

std::vector<GeneratedFile> ManualPages() {
  std::vector<GeneratedFile> pages{ProgramPage(), ConfigPage()};
  for (const CommandSpec& command : Commands()) {
    if (!command.hidden) pages.push_back(CommandPage(command));
  }
  return pages;
}

}  // namespace dbxes::cli
