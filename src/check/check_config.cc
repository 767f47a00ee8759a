// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "check/check_parts.h"
#include "config/transport.h"
#include "report/text.h"

namespace dbxes::check {
namespace {

void CheckServiceTransport(const config::ExtractionConfig& config, CheckReport& report) {
  const bool used = config.mode == config::ExtractionMode::kService;
  if (!used || !config::IsOpenToNetwork(config.service.host, config.service.proxy)) return;
  report.Warn("transport", fmt::format("whole files travel to {} unencrypted", config.service.host),
              "put TLS in front of the service and write https:// in extraction_service.host");
}

void CheckTransport(const config::ElasticsearchConfig& config, CheckReport& report) {
  const bool credential = !config.api_key.empty() || !config.username.empty();
  if (config::IsOpenToNetwork(config.host, config.proxy) && credential) {
    report.Warn(
        "transport",
        fmt::format("the credential and the documents travel to {} unencrypted", config.host),
        "turn on TLS in the cluster and write https:// in elasticsearch.host");
  } else if (!config.verify_certs && config.host.starts_with("https:")) {
    report.Warn(
        "transport",
        "elasticsearch.verify_certs = false: anyone on the network can pose as the cluster",
        "name the authority's certificate in elasticsearch.ca_certs and remove verify_certs");
  }
}

}  // namespace

void CheckConfig(const config::LoadedConfig& loaded, CheckReport& report) {
  for (const config::ConfigProblem& problem : loaded.problems) {
    report.Problem("configuration", Error{problem.kind, problem.message}, problem.advice);
  }
  if (loaded.problems.empty()) {
    const auto given = std::count_if(
        loaded.origins.begin(), loaded.origins.end(),
        [](const std::string& origin) { return !origin.empty() && origin != "default"; });
    const std::string& file = loaded.config.config_file;
    report.Ok("configuration",
              fmt::format("{}, {} given", file.empty() ? "from the environment" : file,
                          report::CountOf(static_cast<std::uint64_t>(given), "setting")));
  }
  bool exposed = false;
  for (const std::string& warning : loaded.warnings) {
    const std::size_t advice = warning.find("; run: ");
    exposed |= advice != std::string::npos;
    if (advice != std::string::npos) {
      report.Warn("permissions", warning.substr(0, advice), warning.substr(advice + 2));
    } else {
      report.Warn("configuration", warning, "correct the name, or remove the variable");
    }
  }
  if (!exposed) report.Ok("permissions", "no file with secrets is open to others");
  CheckTransport(loaded.config.elasticsearch, report);
  CheckServiceTransport(loaded.config.extraction, report);
}

}  // namespace dbxes::check
