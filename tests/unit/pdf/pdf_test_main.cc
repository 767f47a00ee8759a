// SPDX-License-Identifier: Apache-2.0
// The tests, and the parser processes that they start as dbx-es does.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "parsers/worker_main.h"
#include "pdf/document.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (const auto status = dbxes::parsers::RunAsParserProcess(arguments)) return *status;
  dbxes::pdf::LoadPoppler();
  return doctest::Context(argc, argv).run();
}
