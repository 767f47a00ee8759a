// SPDX-License-Identifier: Apache-2.0
#include "config/transport_validator.h"

#include <fmt/format.h>

#include "base/http/url.h"
#include "config/transport.h"

namespace dbxes::config {
namespace {

class Checker {
 public:
  Checker(const LoadedConfig& loaded, const ConfigSources& sources)
      : loaded_(loaded), sources_(sources) {}

  void CheckProxy(std::string_view section, const ProxyConfig& proxy) {
    if (proxy.credentials.empty() || (!proxy.url.empty() && proxy.url != "none")) return;
    Add(fmt::format("{}.proxy_credentials ({}) is given without the URL of a proxy in {}.proxy",
                    section, OriginOf(section, "proxy_credentials"), section));
  }

  void CheckDropbox() {
    const DropboxConfig& dropbox = loaded_.config.dropbox;
    CheckProxy("dropbox", dropbox.proxy);
    CheckPem("dropbox", "ca_certs", dropbox.ca_certs, "CERTIFICATE-----", "certificate");
    if (dropbox.insecure_transport) return;
    for (const auto& [key, url] :
         {std::pair("api_url", dropbox.api_url), std::pair("content_url", dropbox.content_url)}) {
      if (!IsOpenToNetwork(url, dropbox.proxy)) continue;
      Add(
          fmt::format("dropbox.{} ({}) would send secrets over plain HTTP to {}, where anyone on "
                      "the network can "
                      "read them: use https://, or allow it with dropbox.insecure_transport = true",
                      key, OriginOf("dropbox", key), url));
    }
  }

  void CheckElastic() {
    const ElasticsearchConfig& elastic = loaded_.config.elasticsearch;
    CheckProxy("elasticsearch", elastic.proxy);
    CheckPem(kElastic, "ca_certs", elastic.ca_certs, "", "certificate");
    CheckPem(kElastic, "client_cert", elastic.client_cert, "CERTIFICATE-----", "certificate");
    CheckPem(kElastic, "client_key", elastic.client_key, "PRIVATE KEY-----", "private key");
    if (elastic.client_cert.empty()) {
      Needs("client_key", "client_cert");
      Needs("client_key_password", "client_cert");
    }
    if (!elastic.ca_fingerprint.empty()) {
      if (!elastic.ca_certs.empty()) Exclude("ca_fingerprint", "ca_certs");
      if (!elastic.verify_certs) Exclude("ca_fingerprint", "verify_certs");
    }
    CheckPlainHttp(elastic);
  }

  // The service gets whole files and answers with their text.
  void CheckService() {
    const Config& config = loaded_.config;
    if (config.extraction.mode != ExtractionMode::kService) return;
    const ExtractionServiceConfig& service = config.extraction.service;
    const bool clear = IsOpenToNetwork(service.host, service.proxy);
    if (!clear || config.elasticsearch.insecure_transport) return;
    Add(
        fmt::format("extraction_service.host ({}) would get whole files over plain HTTP, where "
                    "anyone on the network can read them: use https://, or allow it with "
                    "--insecure-transport (elasticsearch.insecure_transport = true)",
                    OriginOf("extraction_service", "host")));
  }

  std::vector<std::string> problems() && { return std::move(problems_); }

 private:
  static constexpr std::string_view kElastic = "elasticsearch";

  void Add(std::string problem) { problems_.push_back(std::move(problem)); }

  std::string OriginOf(std::string_view section, std::string_view key) const {
    return loaded_.OriginOf(*FindOption(section, key));
  }

  void CheckPem(std::string_view section, std::string_view key, const std::string& path,
                std::string_view mark, std::string_view what) {
    if (path.empty()) return;
    const auto text = sources_.read_file(path);
    if (text && text->find("-----BEGIN ") != std::string::npos &&
        text->find(mark) != std::string::npos) {
      return;
    }
    Add(fmt::format(
        "{}: {}.{}: {}", OriginOf(section, key), section, key,
        text ? fmt::format("{} contains no PEM {}", path, what) : text.error().message));
  }

  void Needs(std::string_view key, std::string_view other) {
    const std::string origin = OriginOf(kElastic, key);
    if (origin.empty()) return;
    Add(fmt::format("elasticsearch.{} ({}) is given without elasticsearch.{}", key, origin, other));
  }

  void Exclude(std::string_view key, std::string_view other) {
    const std::string_view value = other == "verify_certs" ? " = false" : "";
    Add(fmt::format(
        "elasticsearch.{} ({}) and elasticsearch.{}{} ({}) exclude each other; remove one", key,
        OriginOf(kElastic, key), other, value, OriginOf(kElastic, other)));
  }

  void CheckPlainHttp(const ElasticsearchConfig& elastic) {
    const auto host = ParseUrl(elastic.host);
    if (!host || host->scheme != "http") return;
    for (const std::string_view key : {"ca_fingerprint", "client_cert"}) {
      if (OriginOf(kElastic, key).empty()) continue;
      Add(fmt::format(
          "elasticsearch.{} ({}) needs an https:// host, and elasticsearch.host ({}) is "
          "not one",
          key, OriginOf(kElastic, key), OriginOf(kElastic, "host")));
    }
    const bool has_credential = !elastic.api_key.empty() || !elastic.password.empty();
    if (!has_credential || elastic.insecure_transport) return;
    if (!IsOpenToNetwork(elastic.host, elastic.proxy)) return;
    Add(
        fmt::format("elasticsearch.host ({}) would get elasticsearch.{} over plain HTTP{}, where "
                    "anyone on the network can read it: use https://, or allow it with "
                    "--insecure-transport (elasticsearch.insecure_transport = true)",
                    OriginOf(kElastic, "host"), elastic.api_key.empty() ? "password" : "api_key",
                    IsLoopback(*host) ? " through elasticsearch.proxy" : ""));
  }

  const LoadedConfig& loaded_;
  const ConfigSources& sources_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> CheckTransports(const LoadedConfig& loaded, const LoadRequest& request,
                                         const ConfigSources& sources) {
  Checker checker(loaded, sources);
  checker.CheckDropbox();
  if (request.needs_elasticsearch) checker.CheckElastic();
  checker.CheckProxy("extraction_service", loaded.config.extraction.service.proxy);
  return std::move(checker).problems();
}

std::vector<std::string> CheckServiceTransport(const LoadedConfig& loaded,
                                               const ConfigSources& sources) {
  Checker checker(loaded, sources);
  checker.CheckService();
  return std::move(checker).problems();
}

}  // namespace dbxes::config
