// SPDX-License-Identifier: Apache-2.0
// What is said of requests that are sent again.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "report/reporter.h"

namespace dbxes::report {

using OnRetry = std::function<void(const Error&, Milliseconds delay)>;

// "HTTP 503 ...; trying again in 2.0 s".
std::string RetryText(const Error& error, Milliseconds delay);

// For commands that last for seconds: each retry is a detail. The reporter must live as long.
OnRetry RetriesAsDetails(Reporter& reporter);

}  // namespace dbxes::report
