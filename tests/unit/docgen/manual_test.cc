// SPDX-License-Identifier: Apache-2.0
// The pages and scripts of man/ and completions/, filled as the build fills them.
#include "docgen/manual.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/exit_code.h"
#include "docgen/mdoc.h"
#include "docgen/placeholders.h"
#include "report/counters.h"

namespace dbxes::docgen {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The templates of a folder by their names without ".in".
std::map<std::string, std::string> Templates(const char* folder) {
  std::map<std::string, std::string> texts;
  for (const auto& entry : fs::directory_iterator(fs::path(DBXES_SOURCE_DIR) / folder)) {
    if (entry.path().extension() == ".in") texts[entry.path().stem()] = ReadAll(entry.path());
  }
  return texts;
}

// A page as it is installed.
std::string Page(const std::string& name) {
  const auto filled = FillTemplate(Templates("man").at(name), AllPlaceholders());
  REQUIRE_MESSAGE(filled, name, ":", filled.error().message);
  return *filled;
}

std::string CommandPage(const cli::CommandSpec& command) {
  return Page("dbx-es-" + std::string(command.name) + ".1");
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void CheckFlag(const std::string& page, const cli::FlagSpec& flag) {
  CAPTURE(flag.name);
  CHECK(Contains(page, "\n.It " + FlagMacros(flag) + "\n"));
}

}  // namespace

TEST_CASE("every placeholder is used, and every template can be filled") {
  std::map<std::string, std::string> all = Templates("man");
  all.merge(Templates("completions"));
  for (const auto& page : all) {
    const auto filled = FillTemplate(page.second, AllPlaceholders());
    CHECK_MESSAGE(filled, page.first, ":", filled.error().message);
  }
  for (const Placeholder& placeholder : AllPlaceholders()) {
    CAPTURE(placeholder.name);
    CHECK(std::any_of(all.begin(), all.end(), [&placeholder](const auto& entry) {
      return UsesPlaceholder(entry.second, placeholder.name);
    }));
  }
}

TEST_CASE("the manual names every setting, counter, exit code and flag") {
  const std::string config = Page("dbx-es.toml.5");
  const std::string program = Page("dbx-es.1");
  for (const config::OptionRow& row : config::OptionTable()) {
    CAPTURE(config::SettingName(row));
    CHECK(Contains(config, "\n.It Li " + std::string(row.key) + "\n"));
    CHECK(Contains(config, config::EnvironmentName(row)));
  }
  for (const report::CounterRow& row : report::kCounterTable) {
    const std::string member = std::string(row.group) + "." + std::string(row.name);
    CHECK(Contains(program, "\n.It Li " + member + "\n"));
  }
  for (const ExitCodeRow& row : kExitCodes) {
    const std::string item =
        std::to_string(static_cast<int>(row.code)) + " Pq \"" + std::string(row.outcome) + "\"";
    CHECK(Contains(program, "\n.It " + item + "\n"));
  }
  for (const cli::FlagSpec& flag : cli::GlobalFlags()) CheckFlag(program, flag);
}

TEST_CASE("every command has a page with its flags, arguments and examples") {
  const std::string program = Page("dbx-es.1");
  for (const cli::CommandSpec& command : cli::Commands()) {
    CAPTURE(command.name);
    CHECK(Contains(program, "\n.It Cm " + std::string(command.name) + "\n"));
    const std::string page = CommandPage(command);
    CHECK(Contains(page, "\n.Nm dbx-es " + std::string(command.name) + "\n"));
    for (const cli::FlagSpec& flag : command.flags) CheckFlag(page, flag);
    for (const cli::PositionalSpec& positional : command.positionals) {
      CHECK(Contains(page, "\n.It " + ValueMacros(positional.name) + "\n"));
    }
    for (const std::string_view example : command.examples) {
      CAPTURE(example);
      CHECK(Contains(page, "\n" + MdocEscape(example) + "\n"));
    }
  }
}

TEST_CASE("a page refers only to pages that exist, and not to itself") {
  const std::map<std::string, std::string> pages = Templates("man");
  for (const auto& entry : pages) {
    std::istringstream lines(Page(entry.first));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(".Xr dbx-es")) continue;
      std::istringstream words(line.substr(4));
      std::string name;
      std::string section;
      words >> name >> section;
      CAPTURE(entry.first);
      CAPTURE(line);
      CHECK(pages.count(name + "." + section) == 1);
      CHECK(name + "." + section != entry.first);
    }
  }
}

TEST_CASE("flags in the language of manual pages") {
  CHECK(FlagMacros({.name = "--config", .short_name = "-c", .value = "FILE"}) ==
        "Fl c , Fl -config Ar FILE");
  CHECK(FlagMacros({.name = "--wait", .value = "DURATION", .value_optional = true}) ==
        "Fl -wait Op Ar DURATION");
  CHECK(FlagMacros({.name = "--x", .negated = "--no-x"}) == "Fl -x , Fl -no-x");
  CHECK(ValueMacros("N|auto|unlimited") == "Ar N | Cm auto | unlimited");
  CHECK(ValueMacros("") == "");
}

TEST_CASE("what a placeholder refers to must exist") {
  CHECK(FindCommand("full-sync"));
  CHECK(FindCommand("sink").error().message == "no command is named 'sink'");
  const auto filled = [](std::string_view text) {
    return FillTemplate(text, AllPlaceholders()).error().message;
  };
  CHECK(filled("@flags sink@\n") == "1: no command is named 'sink'");
  CHECK(filled("@flags@\n") == "1: no command is named ''");
  CHECK(filled("@settings kitchen@\n") == "1: no section is named 'kitchen'");
  CHECK(filled("@exit-codes auth@\n") == "1: unexpected argument 'auth'");
}

}  // namespace dbxes::docgen
