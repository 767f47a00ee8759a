// SPDX-License-Identifier: Apache-2.0
// Transport settings of each service: proxy, certificates, TLS.
#pragma once

#include <string>

#include "base/http/http.h"
#include "config/config.h"

namespace dbxes::config {

HttpTransport TransportOf(const DropboxConfig& config);
HttpTransport TransportOf(const ElasticsearchConfig& config);
HttpTransport TransportOf(const ExtractionServiceConfig& config);

// Whether others on the network can read what is sent to a URL: over plain HTTP, and not from this
// machine to itself. A URL that is none is not open.
bool IsOpenToNetwork(const std::string& url, const ProxyConfig& proxy);

}  // namespace dbxes::config
