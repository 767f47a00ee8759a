// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/http/request_sender.h"
#include "config/config.h"

namespace dbxes::dropbox {

// How requests to Dropbox are sent again; `judge` knows what the answers of its routes mean.
SenderPolicy PolicyOf(const config::Config& config,
                      std::function<Verdict(const Result<HttpResponse>&)> judge,
                      std::function<void(const Error&, Milliseconds)> on_retry);

}  // namespace dbxes::dropbox
