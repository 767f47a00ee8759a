// SPDX-License-Identifier: Apache-2.0
// What standard error can show.
#pragma once

#include <functional>
#include <string_view>

namespace dbxes::report {

struct Terminal {
  bool interactive = false;  // a line can be redrawn
  bool color = false;
  std::function<std::size_t()> width = [] { return std::size_t{80}; };  // asked at each redraw
};

// A pipe, a file or TERM=dumb shows plain lines. A NO_COLOR (no-color.org) that is not empty turns
// colours off and nothing else.
Terminal MakeTerminal(bool is_tty, std::string_view term, std::string_view no_color);

// Asks the operating system about the file descriptor and the environment.
Terminal DetectTerminal(int fd);

}  // namespace dbxes::report
