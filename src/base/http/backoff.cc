// SPDX-License-Identifier: Apache-2.0
#include "base/http/backoff.h"

#include <algorithm>

namespace dbxes {

Milliseconds Backoff::Delay(int attempt) {
  const auto doubled = base_.count() << std::clamp(attempt, 0, 20);
  const auto ceiling = std::min(doubled, cap_.count());
  return Milliseconds(std::uniform_int_distribution<Milliseconds::rep>(1, ceiling)(random_));
}

}  // namespace dbxes
