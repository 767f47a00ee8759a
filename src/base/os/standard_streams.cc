// SPDX-License-Identifier: Apache-2.0
#include "base/os/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace dbxes {

void OccupyStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number is this one. Opened for what nobody does with it.
    static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

}  // namespace dbxes
