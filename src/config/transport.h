// SPDX-License-Identifier: Apache-2.0
// What the settings say about the way to each service.
#pragma once

#include "base/http.h"
#include "config/config.h"

namespace dbxes {

HttpTransport TransportOf(const DropboxConfig& config);
HttpTransport TransportOf(const ElasticsearchConfig& config);
HttpTransport TransportOf(const ExtractionServiceConfig& config);

}  // namespace dbxes
