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
  if (const auto status = dbxes::RunAsParserProcess(arguments)) return *status;
  if (arguments.size() == 3 && arguments[0] == dbxes::kMisdeedCommand) {
    return dbxes::RunMisdeed(arguments[1], arguments[2]);
  }
  return doctest::Context(argc, argv).run();
}
