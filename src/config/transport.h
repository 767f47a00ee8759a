// SPDX-License-Identifier: Apache-2.0
// Transport settings of each service: proxy, certificates, TLS.
#pragma once

#include "base/http/http.h"
#include "config/config.h"

namespace dbxes::config {

HttpTransport TransportOf(const DropboxConfig& config);
HttpTransport TransportOf(const ElasticsearchConfig& config);
HttpTransport TransportOf(const ExtractionServiceConfig& config);

}  // namespace dbxes::config
