// SPDX-License-Identifier: Apache-2.0
#include "base/os/capture_command.h"

#include <doctest/doctest.h>

#include <cstdlib>

namespace dbxes {
namespace {

Result<std::string> Shell(const std::string& line, Milliseconds patience = Milliseconds(30'000)) {
  return CaptureCommand({"/bin/sh", "-c", line}, patience);
}

std::string Problem(const std::string& line, Milliseconds patience = Milliseconds(30'000)) {
  const auto output = Shell(line, patience);
  if (output) return "no problem";
  CHECK(output.error().kind == ErrorKind::kConfig);
  return output.error().message;
}

}  // namespace

TEST_CASE("the output of a command is returned unchanged") {
  CHECK(Shell("printf 'a b\\n\\n'").value() == "a b\n\n");
  CHECK(Shell("true").value() == "");
  // Without a shell, nothing is expanded; the program is found in $PATH.
  CHECK(CaptureCommand({"printf", "%s|", "$HOME", "a b", ""}, Milliseconds(30'000)).value() ==
        "$HOME|a b||");
  CHECK(Shell("head -c 60000 /dev/zero").value().size() == 60000);
}

TEST_CASE("a command does not read our standard input") {
  CHECK(Shell("cat; echo end").value() == "end\n");
}

TEST_CASE("a command gets our environment without our secrets") {
  ::setenv("DBX_ES_DROPBOX_REFRESH_TOKEN", "swordfish", 1);
  ::setenv("OTHER_VARIABLE", "other", 1);
  const auto output = Shell("env; echo end");
  ::unsetenv("DBX_ES_DROPBOX_REFRESH_TOKEN");
  ::unsetenv("OTHER_VARIABLE");
  REQUIRE(output);
  CHECK(output->find("OTHER_VARIABLE=other\n") != std::string::npos);
  CHECK(output->find("PATH=") != std::string::npos);
  CHECK(output->find("DBX_ES_") == std::string::npos);
  CHECK(output->find("swordfish") == std::string::npos);
}

TEST_CASE("a command that fails is named, and what it printed is not") {
  CHECK(Problem("echo topsecret; exit 3") == "'/bin/sh' ended with exit status 3");
  CHECK(Problem("echo topsecret; kill -9 $$") == "'/bin/sh' was ended by signal 9");
  const auto absent = CaptureCommand({"dbx-es-no-such-program"}, Milliseconds(1'000));
  REQUIRE_FALSE(absent);
  CHECK(absent.error().message ==
        "'dbx-es-no-such-program' cannot be run: No such file or directory");
}

TEST_CASE("a command has bounds") {
  CHECK(Problem("head -c 100000 /dev/zero") == "'/bin/sh' printed more than 64 KiB");
  CHECK(Problem("exec sleep 60", Milliseconds(100)) == "'/bin/sh' was not done after 0 s");
  // A command that closes its output and keeps running is killed, too.
  const SystemClock clock;
  const Milliseconds begin = clock.Now();
  CHECK(Problem("exec sleep 60 >&-", Milliseconds(100)) == "'/bin/sh' was ended by signal 9");
  CHECK(clock.Now() - begin < Milliseconds(20'000));
}

}  // namespace dbxes
