// SPDX-License-Identifier: Apache-2.0
// HttpTransport in libcurl's words.
#pragma once

#include <curl/curl.h>

#include "base/http/certificate_pin.h"
#include "base/http/http.h"

namespace dbxes {

// kConfig when this libcurl lacks what is asked for. `pin` is null without a fingerprint.
Result<void> SetTransport(CURL* handle, const HttpTransport& transport, CertificatePin* pin);

}  // namespace dbxes
