// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_transport.h"

#include <algorithm>
#include <string>

#include "base/http/url.h"

namespace dbxes {
namespace {

// With user name and password in the URL, where all versions of libcurl decode them; the meaning of
// CURLOPT_PROXYUSERNAME has changed.
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

// Plain HTTP to this machine carries secrets, because nobody else sees it. So a proxy of the
// environment, which is meant for the network, must not get it. As in other HTTP clients.
bool StaysHere(const std::string& url) {
  if (!url.starts_with("http://")) return false;
  const auto parts = ParseUrl(url);
  return parts && IsLoopback(*parts);
}

void SetProxy(CURL* handle, const HttpRequest& request) {
  const HttpTransport& transport = request.transport;
  // The headers of a proxy's answer are not those of the server.
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_ANY));
  if (transport.proxy.empty() && !StaysHere(request.url)) return;
  // Empty values keep curl from reading the environment.
  const bool direct = transport.proxy.empty() || transport.proxy == "none";
  const std::string url = direct ? "" : ProxyUrl(transport);
  curl_easy_setopt(handle, CURLOPT_PROXY, url.c_str());
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
}

void SetClientCertificate(CURL* handle, const HttpTransport& transport) {
  if (transport.client_cert.empty()) return;
  const bool together = transport.client_key.empty();
  curl_easy_setopt(handle, CURLOPT_SSLCERT, transport.client_cert.c_str());
  curl_easy_setopt(handle, CURLOPT_SSLKEY,
                   (together ? transport.client_cert : transport.client_key).c_str());
  // Even if it is empty: otherwise OpenSSL would ask for it at the terminal.
  curl_easy_setopt(handle, CURLOPT_KEYPASSWD, transport.client_key_password.c_str());
}

}  // namespace

Result<void> SetTransport(CURL* handle, const HttpRequest& request, CertificatePin* pin) {
  const HttpTransport& transport = request.transport;
  SetProxy(handle, request);
  SetClientCertificate(handle, transport);
  if (!transport.verify_tls) {
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!transport.ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, transport.ca_file.c_str());
  }
  if (pin == nullptr) return {};
  // No other authority counts, so none is loaded. It also keeps curl from reusing connections of
  // requests without a pin.
  curl_easy_setopt(handle, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, pin);
  const CURLcode code = curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, CertificatePin::Install);
  if (code == CURLE_OK) return {};
  return Fail(ErrorKind::kConfig,
              "cannot check a certificate by its fingerprint: this libcurl was not built with "
              "OpenSSL");
}

}  // namespace dbxes
