// SPDX-License-Identifier: Apache-2.0
// The program dbx-es-pdf: loads poppler once, and starts a process of itself for each PDF. The
// server never reads a byte of a file, nor does it wait for anything but the end of that process.
#pragma once

#include <cstddef>

namespace dbxes::pdf {

struct ServerSettings {
  std::size_t memory_bytes = 0;  // of address space, for each file
  std::size_t cpu_seconds = 0;   // for each file
  std::size_t text_bytes = 0;
  std::size_t wall_seconds = 0;  // for each file
  bool must_confine = true;      // read nothing without the whole confinement
};

// Serves the requests of parsers::ParserPool at descriptor 3 until that is closed. Returns the exit
// status.
int Serve(const ServerSettings& settings);

}  // namespace dbxes::pdf
