// SPDX-License-Identifier: Apache-2.0
// Trusts one certificate, known by its fingerprint, instead of files of authorities. Elasticsearch
// prints the fingerprint when it is set up. Host name and dates are checked as usual.
#pragma once

#include <curl/curl.h>

#include <string>

namespace dbxes {

class CertificatePin {
 public:
  // SHA-256 as 64 digits in lower case.
  explicit CertificatePin(std::string fingerprint) : fingerprint_(std::move(fingerprint)) {}

  // For CURLOPT_SSL_CTX_FUNCTION, with the pin as its data. The pin must outlive every connection
  // that was made with it.
  static CURLcode Install(CURL* handle, void* tls_context, void* pin);

  // Whether the last server sent the certificate, and the message if it did not.
  bool matched() const { return matched_; }
  std::string Mismatch() const;

 private:
  static int Verify(void* store_context, void* pin);

  std::string fingerprint_;
  std::string seen_;
  bool matched_ = false;
};

}  // namespace dbxes
