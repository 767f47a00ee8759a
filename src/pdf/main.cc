// SPDX-License-Identifier: Apache-2.0
// dbx-es-pdf MEMORY CPU TEXT WALL [must-confine]: only dbx-es starts it, with a socket as
// descriptor 3. The sources are under the Apache license; the program is linked with poppler, which
// is under the GNU General Public License, version 2 or 3, and so the program as a whole is under
// version 3.
#include <charconv>
#include <cstdio>
#include <string_view>

#include "parsers/worker_protocol.h"
#include "pdf/server.h"

namespace {

constexpr int kExitWrongArguments = 64;

std::size_t ToSize(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fputs("dbx-es-pdf reads PDF files for dbx-es and is started by it alone\n", stderr);
    return kExitWrongArguments;
  }
  dbxes::pdf::ServerSettings settings;
  settings.memory_bytes = ToSize(argv[1]);
  settings.cpu_seconds = ToSize(argv[2]);
  settings.text_bytes = ToSize(argv[3]);
  settings.wall_seconds = ToSize(argv[4]);
  settings.must_confine = argc == 6 && argv[5] == dbxes::parsers::kMustConfine;
  return dbxes::pdf::Serve(settings);
}
