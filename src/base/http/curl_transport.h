// SPDX-License-Identifier: Apache-2.0
// Sets the options of libcurl for an HttpTransport.
#pragma once

#include <curl/curl.h>

#include "base/http/certificate_pin.h"
#include "base/http/http.h"

namespace dbxes {

// Those of the request's transport. kConfig if this libcurl lacks a feature that is needed. `pin`
// is null without a fingerprint.
Result<void> SetTransport(CURL* handle, const HttpRequest& request, CertificatePin* pin);

}  // namespace dbxes
