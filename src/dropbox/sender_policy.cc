// SPDX-License-Identifier: Apache-2.0
#include "dropbox/sender_policy.h"

#include <utility>

namespace dbxes::dropbox {

SenderPolicy PolicyOf(const config::Config& config,
                      std::function<Verdict(const Result<HttpResponse>&)> judge,
                      std::function<void(const Error&, Milliseconds)> on_retry) {
  SenderPolicy policy;
  policy.service = "Dropbox";
  policy.judge = std::move(judge);
  policy.on_retry = std::move(on_retry);
  policy.give_up_after = config.sync.give_up_after;
  return policy;
}

}  // namespace dbxes::dropbox
