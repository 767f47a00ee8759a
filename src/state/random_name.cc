// SPDX-License-Identifier: Apache-2.0
#include "state/random_name.h"

#include <fmt/format.h>

#include "base/random.h"

namespace dbxes::state {
namespace {

constexpr std::size_t kRandomBytes = 16;

}  // namespace

Result<std::string> RandomName() {
  TRY_ASSIGN(const std::string bytes, RandomBytes(kRandomBytes));
  std::string name;
  for (const char byte : bytes) name += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return name;
}

}  // namespace dbxes::state
