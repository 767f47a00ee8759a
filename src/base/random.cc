// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <openssl/rand.h>

#include "base/hash.h"

namespace dbxes {

Result<std::string> RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1) {
    return bytes;
  }
  return Fail(ErrorKind::kInternal, "the system provides no random numbers");
}

std::uint64_t SeedOf(std::uint64_t seed, std::string_view stream) { return seed ^ Hash64(stream); }

}  // namespace dbxes
