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
    for (const Example& example : command.examples) {
      CHECK(help.find(example.command) != std::string::npos);
    }
  }
}

TEST_CASE("the program's help lists the commands but the hidden ones") {
  const std::string help = ProgramHelp();
  CheckShape(help);
  for (const CommandSpec& command : Commands()) {
    CAPTURE(command.name);
    const bool listed = help.find("\n  " + std::string(command.name) + " ") != std::string::npos;
    CHECK(listed != command.hidden);
  }
}

TEST_CASE("the first sentence of a text") {
  CHECK(FirstSentence("One. Two.") == "One");
  CHECK(FirstSentence("One.") == "One");
  CHECK(FirstSentence("A 1.5 of it, then. More.") == "A 1.5 of it, then");
}

}  // namespace dbxes::cli
