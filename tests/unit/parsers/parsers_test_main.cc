// SPDX-License-Identifier: Apache-2.0
// The tests, and the processes that they start: parser processes as in production, and some that
// try what those must not do.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "parsers/misdeeds.h"
#include "parsers/worker_main.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (const auto status = dbxes::parsers::RunAsParserProcess(arguments)) return *status;
  if (arguments.size() == 3 && arguments[0] == dbxes::parsers::kMisdeedCommand) {
    return dbxes::parsers::RunMisdeed(arguments[1], arguments[2]);
  }
  return doctest::Context(argc, argv).run();
}
