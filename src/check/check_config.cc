// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/http/url.h"
#include "check/check_parts.h"

namespace dbxes::check {
namespace {

// Whether what is sent to a host could be read on the way.
bool IsPlain(const std::string& host) {
  const auto url = ParseUrl(host);
  return url && url->scheme == "http" && !IsLoopback(*url);
}

void CheckTransport(const config::ElasticsearchConfig& config, CheckReport& report) {
  const bool credential = !config.api_key.empty() || !config.username.empty();
  if (IsPlain(config.host) && credential) {
    report.Warn("transport",
                fmt::format("the credential travels to {} unencrypted, and so do the documents",
                            config.host),
                "turn on TLS in the cluster and write https:// in elasticsearch.host");
  } else if (!config.verify_certs && config.host.starts_with("https:")) {
    report.Warn("transport",
                "elasticsearch.verify_certs = false: anybody on the way can pass for the cluster",
                "name the authority's certificate in elasticsearch.ca_certs and take verify_certs "
                "out");
  }
}

}  // namespace

void CheckConfig(const config::LoadedConfig& loaded, CheckReport& report) {
  for (const std::string& problem : loaded.problems) {
    const bool missing = problem.find("missing") != std::string::npos;
    report.Problem("configuration", ExitCode::kConfiguration, problem,
                   missing ? "dbx-es config show tells what is set, and where"
                           : "man dbx-es.toml describes every setting");
  }
  if (loaded.problems.empty()) {
    const auto given = std::count_if(
        loaded.origins.begin(), loaded.origins.end(),
        [](const std::string& origin) { return !origin.empty() && origin != "default"; });
    const std::string& file = loaded.config.config_file;
    report.Ok("configuration", fmt::format("{}, {} settings given",
                                           file.empty() ? "from the environment" : file, given));
  }
  bool exposed = false;
  for (const std::string& warning : loaded.warnings) {
    const std::size_t advice = warning.find("; run: ");
    exposed |= advice != std::string::npos;
    if (advice != std::string::npos) {
      report.Warn("permissions", warning.substr(0, advice), warning.substr(advice + 2));
    } else {
      report.Warn("configuration", warning, "mend the name, or take the variable away");
    }
  }
  if (!exposed) report.Ok("permissions", "no file with secrets is open to others");
  CheckTransport(loaded.config.elasticsearch, report);
}

}  // namespace dbxes::check
