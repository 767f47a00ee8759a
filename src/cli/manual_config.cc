// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/manual.h"
#include "cli/mdoc.h"
#include "config/option_value.h"

namespace dbxes::cli {
namespace {

constexpr std::string_view kSample =
    "[dropbox]\n"
    "path = \"/Team\"\n"
    "app_key = \"abcdefghijklmno\"\n"
    "app_secret = \"pqrstuvwxyz0123\"\n"
    "refresh_token = \"...\"\n"
    "\n"
    "[elasticsearch]\n"
    "host = \"https://search.example.com:9200\"\n"
    "index = \"search-dropbox\"\n"
    "api_key = \"...\"\n"
    "\n"
    "[sync]\n"
    "max_delete = 500\n";

void WriteRow(Mdoc& page, const config::OptionRow& row) {
  page.Item("Li " + std::string(row.key));
  page.Text(row.help);
  std::string facts = fmt::format("Value: {}.", config::ExpectedValue(row));
  if (!row.default_text.empty()) facts += fmt::format(" Default: {}.", row.default_text);
  if (row.required) facts += " Required.";
  page.Text(facts);
  std::string names = fmt::format("Environment: {}.", config::EnvironmentName(row));
  if (!row.flag.empty()) names += fmt::format(" Flag: {}.", row.flag);
  page.Text(names);
}

void WriteSettings(Mdoc& page) {
  std::string_view section;
  for (const config::OptionRow& row : config::OptionTable()) {
    if (row.section != section) {
      if (!section.empty()) page.EndList();
      section = row.section;
      page.Section(fmt::format("THE [{}] SECTION", section));
      page.BeginList();
    }
    WriteRow(page, row);
  }
  page.EndList();
}

void WriteSecrets(Mdoc& page) {
  page.Section("SECRETS");
  page.Text(
      "A secret, such as api_key, may stand in this file or in the environment, or be had from "
      "elsewhere in one of three ways. It is an error to give one of them twice.");
  page.BeginList();
  page.Item("Li api_key_file");
  page.Text("A file that holds the secret and nothing else; line breaks at its end do not count.");
  page.Item("Li api_key_command");
  page.Text(
      "A command that prints the secret, such as [\"pass\", \"show\", \"elastic\"]. A list of "
      "words "
      "is executed as it is, without a shell; a string, and so the environment variable, is a line "
      "for /bin/sh -c. It has a minute and no standard input; what it says on standard error is "
      "shown, and an exit status other than 0 ends the run with exit status 2.");
  page.Item("Ev CREDENTIALS_DIRECTORY");
  page.Text(
      "A credential of systemd, which is found by itself by the name of the setting: "
      "LoadCredential=elasticsearch.api_key:/etc/dbx-es/api-key in a unit is enough. What is given "
      "in any other way wins over it.");
  page.EndList();
  page.Text(
      "Files with secrets that others can read are warned about. Secrets are in no message, no "
      "state "
      "file and no core dump; dbx-es config show prints <redacted> in their place.");
}

}  // namespace

GeneratedFile ConfigPage() {
  Mdoc page("dbx-es.toml", "5", "configuration of dbx-es");
  page.Section("DESCRIPTION");
  page.Text(
      "The configuration of dbx-es(1) is a TOML file. It is looked for as "
      "$XDG_CONFIG_HOME/dbx-es/dbx-es.toml, where XDG_CONFIG_HOME is ~/.config unless it is set, "
      "and then as /etc/dbx-es/dbx-es.toml. The --config option names another file. There may be "
      "no file at all when the environment holds what is required.");
  page.Text(
      "Each setting can be given in four places. A flag wins over an environment variable, which "
      "wins over the file, which wins over the default. Secrets have no flag, because every user "
      "of a machine can see command lines.");
  page.Text(
      "A section or setting that does not exist, or a value of the wrong type, is an error, and "
      "all errors are reported at once. Paths of files must be absolute in the file and in the "
      "environment.");
  page.Text(
      "The cluster is told who asks by api_key, or by username and password, and not by both; or "
      "by "
      "client_cert. None is needed for a cluster on the same machine whose security is off.");
  WriteSecrets(page);
  WriteSettings(page);
  page.Section("EXAMPLES");
  page.Literal(kSample);
  page.Section("SEE ALSO");
  page.Macro("Xr dbx-es 1");
  return {"dbx-es.toml.5", page.Take()};
}

}  // namespace dbxes::cli
