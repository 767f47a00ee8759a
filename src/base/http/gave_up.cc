// SPDX-License-Identifier: Apache-2.0
#include "base/http/gave_up.h"

#include <fmt/format.h>

namespace dbxes {

std::string GaveUp(Milliseconds after, Milliseconds next, Milliseconds patience) {
  const auto seconds = [](Milliseconds time) { return static_cast<double>(time.count()) / 1000; };
  return fmt::format(
      "; gave up after {:.1f} s: the next try, in {:.1f} s, would exceed sync.give_up_after = {} s",
      seconds(after), seconds(next), seconds(patience));
}

}  // namespace dbxes
