// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace dbxes::cli {
namespace {

void CheckShape(const std::string& help) {
  CHECK(std::count(help.begin(), help.end(), '\n') < 60);
  CHECK(help.ends_with('\n'));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() < 80);
    CHECK_FALSE(line.ends_with(' '));
  }
}

}  // namespace

TEST_CASE("help fits on a screen and names every flag") {
  for (const CommandSpec& command : Commands()) {
    CAPTURE(command.name);
    const std::string help = CommandHelp(command);
    CheckShape(help);
    for (const FlagSpec& flag : command.flags) {
      CHECK(help.find(FlagSynopsis(flag)) != std::string::npos);
    }
    for (const FlagSpec& flag : GlobalFlags()) {
      CHECK(help.find(FlagSynopsis(flag)) != std::string::npos);
    }
    for (const std::string_view example : command.examples) {
      CHECK(help.find(example) != std::string::npos);
    }
  }
}

TEST_CASE("the program's help lists all commands") {
  const std::string help = ProgramHelp();
  CheckShape(help);
  for (const CommandSpec& command : Commands()) {
    CAPTURE(command.name);
    CHECK(help.find("\n  " + std::string(command.name) + " ") != std::string::npos);
  }
}

}  // namespace dbxes::cli
