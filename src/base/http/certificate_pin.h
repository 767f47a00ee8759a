// SPDX-License-Identifier: Apache-2.0
// Trust in one certificate that is known by its fingerprint, as Elasticsearch prints it when it is
// set up, instead of in files of authorities. Name and dates are checked as ever.
#pragma once

#include <curl/curl.h>

#include <string>

namespace dbxes {

class CertificatePin {
 public:
  // SHA-256 as 64 digits in lower case.
  explicit CertificatePin(std::string fingerprint) : fingerprint_(std::move(fingerprint)) {}

  // For CURLOPT_SSL_CTX_FUNCTION, with the pin as its data. The pin has to outlive every connection
  // that is made with it.
  static CURLcode Install(CURL* handle, void* tls_context, void* pin);

  // Whether the last server showed the certificate, and what to say when it did not.
  bool matched() const { return matched_; }
  std::string Mismatch() const;

 private:
  static int Verify(void* store_context, void* pin);

  std::string fingerprint_;
  std::string seen_;
  bool matched_ = false;
};

}  // namespace dbxes
