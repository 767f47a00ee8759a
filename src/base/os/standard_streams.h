// SPDX-License-Identifier: Apache-2.0
// The descriptors 0, 1 and 2 of the process.
#pragma once

namespace dbxes {

// Occupies those that the caller has closed, so that no file or socket gets their numbers and is
// written to as if it were standard output. To read or write one of them is an error, as before.
void OccupyStandardStreams();

}  // namespace dbxes
