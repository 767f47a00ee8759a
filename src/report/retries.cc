// SPDX-License-Identifier: Apache-2.0
#include "report/retries.h"

#include <fmt/format.h>

namespace dbxes::report {

std::string RetryText(const Error& error, Milliseconds delay) {
  return fmt::format("{}; trying again in {:.1f} s", error.ToLine(),
                     static_cast<double>(delay.count()) / 1000);
}

OnRetry RetriesAsDetails(Reporter& reporter) {
  return [&reporter](const Error& error, Milliseconds) {
    reporter.Detail(error.ToLine() + "; trying again");
  };
}

}  // namespace dbxes::report
