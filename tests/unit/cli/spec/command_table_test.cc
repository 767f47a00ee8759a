// SPDX-License-Identifier: Apache-2.0
#include "cli/spec/command_table.h"

#include <doctest/doctest.h>

#include <set>

namespace dbxes::cli {

TEST_CASE("no two flags of one command line share a name") {
  for (const CommandSpec& command : Commands()) {
    CAPTURE(command.name);
    std::multiset<std::string> names;
    const auto add = [&](const FlagSpec& flag) {
      for (const std::string& name : {flag.name, flag.short_name, flag.negated}) {
        if (!name.empty()) names.insert(name);
      }
    };
    for (const FlagSpec& flag : GlobalFlags()) add(flag);
    for (const FlagSpec& flag : command.flags) add(flag);
    for (const std::string& name : names) {
      CAPTURE(name);
      CHECK(names.count(name) == 1);
    }
  }
}

TEST_CASE("every command and flag says what it is for") {
  for (const CommandSpec& command : Commands()) {
    CAPTURE(command.name);
    CHECK(&CommandFor(command.id) == &command);
    CHECK_FALSE(command.brief.empty());
    CHECK_FALSE(command.brief.ends_with('.'));
    CHECK_FALSE(command.examples.empty());
    CHECK(command.description.ends_with('.'));
    for (const FlagSpec& flag : command.flags) CHECK(flag.help.ends_with('.'));
  }
  for (const FlagSpec& flag : GlobalFlags()) CHECK(flag.help.ends_with('.'));
}

TEST_CASE("every setting with a flag has it on the command line") {
  std::size_t with_flag = 0;
  for (const config::OptionRow& row : config::OptionTable()) with_flag += row.flag.empty() ? 0 : 1;
  std::size_t declared = 0;
  for (const FlagSpec& flag : GlobalFlags()) declared += flag.row == nullptr ? 0 : 1;
  CHECK(with_flag > 0);
  CHECK(declared == with_flag);
}

TEST_CASE("choices are the literal words of a placeholder") {
  using Words = std::vector<std::string>;
  CHECK(ChoicesIn("auto|on|off") == Words{"auto", "on", "off"});
  CHECK(ChoicesIn("N|auto") == Words{"auto"});
  CHECK(ChoicesIn("FILE").empty());
  CHECK(ChoicesIn("").empty());
}

TEST_CASE("synopses") {
  CHECK(FlagSynopsis({.name = "--config", .short_name = "-c", .value = "FILE"}) ==
        "-c, --config FILE");
  CHECK(FlagSynopsis({.name = "--wait", .value = "DURATION", .value_optional = true}) ==
        "--wait [DURATION]");
  CHECK(FlagSynopsis({.name = "--verify-certs", .negated = "--no-verify-certs"}) ==
        "--[no-]verify-certs");
  CHECK(CommandSynopsis(CommandFor(CommandId::kExplain)) ==
        "dbx-es explain [options] USER DOCUMENT");
  CHECK(CommandSynopsis(CommandFor(CommandId::kAuth)) == "dbx-es auth [options] [status|revoke]");
}

TEST_CASE("the first sentence of a text") {
  CHECK(FirstSentence("One. Two.") == "One");
  CHECK(FirstSentence("One.") == "One");
  CHECK(FirstSentence("A 1.5 of it, then. More.") == "A 1.5 of it, then");
}

}  // namespace dbxes::cli
