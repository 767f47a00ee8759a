// SPDX-License-Identifier: Apache-2.0
#include "report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace dbxes::report {
namespace {

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Terminal MakeTerminal(bool is_tty, std::string_view term, std::string_view no_color) {
  Terminal terminal;
  terminal.interactive = is_tty && !term.empty() && term != "dumb";
  terminal.color = terminal.interactive && no_color.empty();
  return terminal;
}

Terminal DetectTerminal(int fd) {
  Terminal terminal = MakeTerminal(::isatty(fd) == 1, Variable("TERM"), Variable("NO_COLOR"));
  terminal.width = [fd] {
    struct winsize size {};
    const bool known = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? std::size_t{size.ws_col} : std::size_t{80};
  };
  return terminal;
}

}  // namespace dbxes::report
