// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <cerrno>

#include "base/hash.h"

namespace dbxes {

// The kernel's own generator: to start OpenSSL's took a fifth of a run that finds nothing to do.
Result<std::string> RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t filled = 0; filled < count;) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(ErrorKind::kInternal, "the system provides no random numbers");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<std::string> RandomHex(std::size_t bytes) {
  TRY_ASSIGN(const std::string random, RandomBytes(bytes));
  std::string text;
  for (const char byte : random) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::uint64_t SeedOf(std::uint64_t seed, std::string_view stream) { return seed ^ Hash64(stream); }

}  // namespace dbxes
