// SPDX-License-Identifier: Apache-2.0
#include "report/terminal.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace dbxes::report {

TEST_CASE("only a capable terminal is redrawn, and NO_COLOR takes the colours alone") {
  CHECK(MakeTerminal(true, "xterm", "").interactive);
  CHECK(MakeTerminal(true, "xterm", "").color);
  CHECK(MakeTerminal(true, "xterm", "1").interactive);
  CHECK_FALSE(MakeTerminal(true, "xterm", "1").color);
  CHECK_FALSE(MakeTerminal(true, "dumb", "").interactive);
  CHECK_FALSE(MakeTerminal(true, "dumb", "").color);
  CHECK_FALSE(MakeTerminal(true, "", "").interactive);
  CHECK_FALSE(MakeTerminal(false, "xterm", "").interactive);
  CHECK_FALSE(MakeTerminal(false, "xterm", "").color);
}

TEST_CASE("a pipe is no terminal and counts as 80 columns wide") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const Terminal terminal = DetectTerminal(ends[1]);
  CHECK_FALSE(terminal.interactive);
  CHECK(terminal.width() == 80);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("the width of a terminal is asked each time") {
  const int control = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(control >= 0);
  REQUIRE(::grantpt(control) == 0);
  REQUIRE(::unlockpt(control) == 0);
  const int fd = ::open(::ptsname(control), O_RDWR | O_NOCTTY);
  REQUIRE(fd >= 0);
  const Terminal terminal = DetectTerminal(fd);
  for (const unsigned short columns : {132, 40}) {
    struct winsize size {};
    size.ws_col = columns;
    REQUIRE(::ioctl(fd, TIOCSWINSZ, &size) == 0);
    CHECK(terminal.width() == columns);
  }
  struct winsize unknown {};
  REQUIRE(::ioctl(fd, TIOCSWINSZ, &unknown) == 0);
  CHECK(terminal.width() == 80);
  ::close(fd);
  ::close(control);
}

}  // namespace dbxes::report
