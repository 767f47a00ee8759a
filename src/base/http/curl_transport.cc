// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_transport.h"

#include <algorithm>
#include <string>

#include "base/http/curl_library.h"
#include "base/http/url.h"

namespace dbxes {
namespace {

// With user name and password in it, where libcurl decodes them in all of its versions; what
// CURLOPT_PROXYUSERNAME means has changed.
std::string ProxyUrl(const HttpTransport& transport) {
  const std::string& pair = transport.proxy_credentials;
  if (pair.empty()) return transport.proxy;
  const std::size_t colon = std::min(pair.find(':'), pair.size());
  const std::string password = pair.substr(std::min(colon + 1, pair.size()));
  std::string url = transport.proxy;
  url.insert(url.find("://") + 3,
             PercentEncode(pair.substr(0, colon)) + ":" + PercentEncode(password) + "@");
  return url;
}

void SetProxy(CURL* handle, const HttpTransport& transport) {
  // The headers of a proxy's answer are not those of the server.
  Curl().easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  Curl().easy_setopt(handle, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
  if (transport.proxy.empty()) return;
  // An empty name keeps curl from looking into the environment; so does an empty NO_PROXY.
  const std::string url = transport.proxy == "none" ? "" : ProxyUrl(transport);
  Curl().easy_setopt(handle, CURLOPT_PROXY, url.c_str());
  Curl().easy_setopt(handle, CURLOPT_NOPROXY, "");
}

void SetClientCertificate(CURL* handle, const HttpTransport& transport) {
  if (transport.client_cert.empty()) return;
  const bool together = transport.client_key.empty();
  Curl().easy_setopt(handle, CURLOPT_SSLCERT, transport.client_cert.c_str());
  Curl().easy_setopt(handle, CURLOPT_SSLKEY,
                     (together ? transport.client_cert : transport.client_key).c_str());
  // Also when there is none: OpenSSL would ask for it at the terminal.
  Curl().easy_setopt(handle, CURLOPT_KEYPASSWD, transport.client_key_password.c_str());
}

}  // namespace

Result<void> SetTransport(CURL* handle, const HttpTransport& transport, CertificatePin* pin) {
  SetProxy(handle, transport);
  SetClientCertificate(handle, transport);
  if (!transport.verify_tls) {
    Curl().easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    Curl().easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!transport.ca_file.empty()) {
    Curl().easy_setopt(handle, CURLOPT_CAINFO, transport.ca_file.c_str());
  }
  if (pin == nullptr) return {};
  // No other authority counts, so none is loaded; and connections of requests without a pin are of
  // another kind to curl, which therefore never lends them to this one.
  Curl().easy_setopt(handle, CURLOPT_CAINFO, nullptr);
  Curl().easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  Curl().easy_setopt(handle, CURLOPT_SSL_CTX_DATA, pin);
  const CURLcode code =
      Curl().easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, CertificatePin::Install);
  if (code == CURLE_OK) return {};
  return Fail(ErrorKind::kConfig,
              "certificates cannot be told by their fingerprint: libcurl has another TLS library "
              "than OpenSSL");
}

}  // namespace dbxes
