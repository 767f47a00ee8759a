// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "check/check_parts.h"
#include "elastic/pipeline_judge.h"

namespace dbxes::check {
namespace {

// A pipeline may run others; more than these are not looked at.
constexpr std::size_t kMostPipelines = 20;

class PipelineCheck {
 public:
  PipelineCheck(elastic::Client& client, const config::Config& config, CheckReport& report)
      : client_(client), config_(config), report_(report) {}

  void Run(std::vector<std::string> of_index) {
    waiting_ = std::move(of_index);
    std::erase(waiting_, "");
    const std::string& configured = config_.elasticsearch.pipeline;
    const bool reads = config_.extraction.mode == config::ExtractionMode::kPipeline;
    if (configured.empty() && reads) {
      report_.Warn("pipeline",
                   "extraction.mode = \"pipeline\", but elasticsearch.pipeline is empty: files "
                   "would be stored without their text",
                   "set elasticsearch.pipeline to a pipeline with an attachment processor");
    }
    if (!configured.empty()) waiting_.insert(waiting_.begin(), configured);
    for (std::size_t i = 0; i < waiting_.size() && i < kMostPipelines; ++i) {
      // A copy: the list grows.
      const std::string name = waiting_[i];
      if (std::find(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(i), name) ==
          waiting_.begin() + static_cast<std::ptrdiff_t>(i)) {
        Check(name, reads && name == configured);
      }
    }
  }

 private:
  // `reads`: it has to read files.
  void Check(const std::string& name, bool reads) {
    elastic::ElasticRequest request;
    request.method = "GET";
    request.target = fmt::format("/_ingest/pipeline/{}", PercentEncode(name));
    request.options.max_retries = 1;
    const auto answer = client_.Call(std::move(request));
    if (!answer) return ReportFailure(name, answer.error());
    const auto json = ParseJson(answer->body, "the answer");
    const rapidjson::Value* pipeline = json ? FindMember(*json, name) : nullptr;
    if (pipeline != nullptr) Judge(name, *pipeline);
    const bool attaches = answer->body.find("\"attachment\"") != std::string::npos ||
                          answer->body.find("\"pipeline\"") != std::string::npos;
    if (!reads || attaches) return report_.Ok("pipeline", name);
    report_.Warn(
        "pipeline",
        fmt::format("\"{}\" has no attachment processor: files are indexed without their text",
                    name),
        "add one for the field _attachment, or choose another extraction.mode");
  }

  void Judge(const std::string& name, const rapidjson::Value& pipeline) {
    elastic::PipelineFindings findings = elastic::JudgePipeline(pipeline);
    for (std::string& called : findings.calls) waiting_.push_back(std::move(called));
    if (findings.problems.empty()) return;
    report_.Warn("pipeline",
                 fmt::format("\"{}\" {}: dbx-es does not find such documents again", name,
                             fmt::join(findings.problems, ", ")),
                 "remove these processors, or keep documents of dbx-es out of them");
  }

  void ReportFailure(const std::string& name, const Error& error) {
    if (error.kind == ErrorKind::kNotFound) {
      return report_.Problem(
          "pipeline", ExitCode::kConfiguration,
          fmt::format("there is no ingest pipeline \"{}\"", name),
          name == config_.elasticsearch.pipeline
              ? "create it, or set elasticsearch.pipeline to another one"
              : "create it, or remove it from index.default_pipeline, index.final_pipeline or the "
                "pipeline that runs it");
    }
    if (error.kind != ErrorKind::kPermission) return report_.Problem("pipeline", error);
    report_.Warn("pipeline",
                 fmt::format("cannot check the pipeline \"{}\": the {} lacks read_pipeline", name,
                             config_.elasticsearch.api_key.empty() ? "user" : "API key"),
                 "grant the cluster privilege read_pipeline");
  }

  elastic::Client& client_;
  const config::Config& config_;
  CheckReport& report_;
  std::vector<std::string> waiting_;
};

}  // namespace

void CheckPipelines(elastic::Client& client, const config::Config& config,
                    std::vector<std::string> of_index, CheckReport& report) {
  PipelineCheck(client, config, report).Run(std::move(of_index));
}

}  // namespace dbxes::check
