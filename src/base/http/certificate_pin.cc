// SPDX-License-Identifier: Apache-2.0
#include "base/http/certificate_pin.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "base/hash.h"

namespace dbxes {
namespace {

std::string FingerprintOf(const X509* certificate) {
  Sha256::Digest digest{};
  unsigned length = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) return "";
  return ToHex(digest);
}

}  // namespace

CURLcode CertificatePin::Install(CURL*, void* tls_context, void* pin) {
  SSL_CTX_set_cert_verify_callback(
      static_cast<SSL_CTX*>(tls_context),
      [](X509_STORE_CTX* context, void* data) { return Verify(context, data); }, pin);
  return CURLE_OK;
}

int CertificatePin::Verify(void* store_context, void* data) {
  auto* context = static_cast<X509_STORE_CTX*>(store_context);
  auto* pin = static_cast<CertificatePin*>(data);
  // The certificates from the server, its own first.
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(context);
  X509* anchor = nullptr;
  pin->seen_.clear();
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    X509* certificate = sk_X509_value(sent, i);
    const std::string fingerprint = FingerprintOf(certificate);
    if (fingerprint == pin->fingerprint_) anchor = certificate;
    pin->seen_ += (pin->seen_.empty() ? "" : ", ") + fingerprint;
  }
  pin->matched_ = anchor != nullptr;
  if (anchor == nullptr) {
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
  }
  STACK_OF(X509)* trusted = sk_X509_new_null();
  if (trusted == nullptr || sk_X509_push(trusted, anchor) == 0) {
    sk_X509_free(trusted);
    X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
    return 0;
  }
  X509_STORE_CTX_set0_trusted_stack(context, trusted);
  // Otherwise the chain must end with a self-signed certificate.
  X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN);
  const int verified = X509_verify_cert(context);
  X509_STORE_CTX_set0_trusted_stack(context, nullptr);
  sk_X509_free(trusted);
  return verified;
}

std::string CertificatePin::Mismatch() const {
  return fmt::format("no certificate from the server has the fingerprint {}; it sends {}",
                     fingerprint_, seen_);
}

}  // namespace dbxes
