// SPDX-License-Identifier: Apache-2.0
// The cluster, for a command that reads the index and nothing else.
#pragma once

#include <vector>

#include "base/http/event_loop.h"
#include "cli/environment.h"
#include "config/config.h"
#include "elastic/client.h"
#include "report/reporter.h"

namespace dbxes::cli {

class IndexSession {
 public:
  // Retries are details of the reporter, which must live as long.
  IndexSession(const config::Config& config, report::Reporter& reporter);
  IndexSession(const IndexSession&) = delete;
  IndexSession& operator=(const IndexSession&) = delete;

  elastic::Client& client() { return client_; }

 private:
  RealEnvironment environment_;
  EventLoop loop_;
  elastic::Client client_;
};

// Whether standard output shows bold text.
bool ShowsBold();
// Prints the line of a result, with its strong parts in bold where standard output shows that.
void PrintResult(std::vector<report::TextPart> line, report::Reporter& reporter);

}  // namespace dbxes::cli
