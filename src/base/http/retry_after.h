// SPDX-License-Identifier: Apache-2.0
// How long a service asks its clients to wait (RFC 9110, 10.2.3). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/http/http.h"

namespace dbxes {

// The longest wait that is returned, so that sums of waits cannot overflow.
inline constexpr Milliseconds kLongestWait{10ll * 365 * 24 * 3600 * 1000};

// Seconds, as an integer or with a fraction, from zero on; nothing for other text.
std::optional<Milliseconds> WaitOfSeconds(std::string_view text);

// The Retry-After header: seconds, a fraction of them, or a date. A date is compared with that of
// the answer, as clocks differ, or else with `wall_micros` (microseconds since 1970). One that is
// over is a wait of zero. Nothing where the header is absent or neither.
std::optional<Milliseconds> RetryAfter(const HttpResponse& response, std::int64_t wall_micros);

}  // namespace dbxes
