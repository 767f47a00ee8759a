// SPDX-License-Identifier: Apache-2.0
// Why somebody who tries again and again stops.
#pragma once

#include <string>

#include "base/clock.h"

namespace dbxes {

// The end of the message of a caller that gives up, `after` the first failure, because it would try
// again only in `next`: later than its patience, sync.give_up_after.
std::string GaveUp(Milliseconds after, Milliseconds next, Milliseconds patience);

}  // namespace dbxes
