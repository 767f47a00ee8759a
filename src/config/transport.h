// SPDX-License-Identifier: Apache-2.0
// What the settings say about the way to each service.
#pragma once

#include "base/http/http.h"
#include "config/config.h"

namespace dbxes::config {

HttpTransport TransportOf(const DropboxConfig& config);
HttpTransport TransportOf(const ElasticsearchConfig& config);
HttpTransport TransportOf(const ExtractionServiceConfig& config);

}  // namespace dbxes::config
