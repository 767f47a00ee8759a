// SPDX-License-Identifier: Apache-2.0
#include "config/transport.h"

#include "base/http/url.h"

namespace dbxes::config {
namespace {

HttpTransport Through(const ProxyConfig& proxy) {
  HttpTransport transport;
  transport.proxy = proxy.url;
  transport.proxy_credentials = proxy.credentials.Reveal();
  return transport;
}

// Its scheme may be one that is no URL's for ParseUrl.
bool IsOnAnotherMachine(const ProxyConfig& proxy) {
  const std::size_t scheme = proxy.url.find("://");
  if (scheme == std::string::npos) return false;  // "none", or not set
  const auto parts = ParseUrl("http" + proxy.url.substr(scheme));
  return !parts || !IsLoopback(*parts);
}

}  // namespace

bool IsOpenToNetwork(const std::string& url, const ProxyConfig& proxy) {
  const auto parts = ParseUrl(url);
  if (!parts || parts->scheme != "http") return false;
  return !IsLoopback(*parts) || IsOnAnotherMachine(proxy);
}

HttpTransport TransportOf(const DropboxConfig& config) {
  HttpTransport transport = Through(config.proxy);
  transport.ca_file = config.ca_certs;
  return transport;
}

HttpTransport TransportOf(const ElasticsearchConfig& config) {
  HttpTransport transport = Through(config.proxy);
  transport.verify_tls = config.verify_certs;
  transport.ca_file = config.ca_certs;
  transport.ca_fingerprint = config.ca_fingerprint;
  transport.client_cert = config.client_cert;
  transport.client_key = config.client_key;
  transport.client_key_password = config.client_key_password.Reveal();
  return transport;
}

HttpTransport TransportOf(const ExtractionServiceConfig& config) { return Through(config.proxy); }

}  // namespace dbxes::config
