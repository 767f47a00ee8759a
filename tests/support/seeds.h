// SPDX-License-Identifier: Apache-2.0
// Which seeds a random test plays, as its environment variables say.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace dbxes {

// The number in an environment variable, `otherwise` if it is not set.
inline std::uint64_t NumberFromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Seeds {
  std::uint64_t first;
  std::uint64_t last;
};

// From 1 on, as many as the variable `many` says, `usually` if it is not set; or the one that the
// variable `one` names.
inline Seeds SeedsFromEnvironment(const char* one, const char* many, std::uint64_t usually) {
  const std::uint64_t only = NumberFromEnvironment(one, 0);
  if (only != 0) return {only, only};
  return {1, NumberFromEnvironment(many, usually)};
}

}  // namespace dbxes
