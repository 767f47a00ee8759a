// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/http/url.h"
#include "base/json/json.h"
#include "check/check_parts.h"
#include "check/finding.h"
#include "check/index_look.h"
#include "elastic/index_block.h"
#include "elastic/index_identity.h"
#include "elastic/index_setup.h"
#include "elastic/license.h"
#include "elastic/meaning.h"
#include "elastic/multi_get.h"
#include "elastic/search.h"
#include "elastic/writes_since.h"
#include "report/text.h"
#include "sync/access/document_closer.h"
#include "sync/stages/changed_documents.h"

namespace dbxes::check {
namespace {

constexpr int kOldestElasticsearch = 8;
constexpr int kOldestOpenSearch = 2;
// How many documents are looked at.
constexpr std::size_t kSample = 1000;

int MajorOf(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

std::string ClusterAdvice(const Error& error) {
  if (error.kind == ErrorKind::kAuth) {
    return "set elasticsearch.api_key to the encoded value of a valid API key, or set a user name "
           "and password";
  }
  if (error.kind == ErrorKind::kTemporary) {
    return "check that the cluster is running and that elasticsearch.host is its address, with the "
           "right https:// or http://";
  }
  return "set elasticsearch.host to the address of the cluster itself, not of Kibana or a proxy";
}

// An error of the cluster as a whole. One about certificates ends with what to do already.
void ReportClusterError(const Error& error, CheckReport& report) {
  const std::string_view advice = elastic::CertificateAdvice(error);
  if (advice.empty()) return report.Problem("cluster", error, ClusterAdvice(error));
  Error short_error = error;
  const std::size_t end = error.message.rfind(fmt::format("; {}", advice));
  if (end != std::string::npos) short_error.message.resize(end);
  report.Problem("cluster", short_error, std::string(advice));
}

class ElasticCheck {
 public:
  ElasticCheck(elastic::Client& client, const config::Config& config,
               const std::function<bool()>& was_synced, CheckReport& report)
      : client_(client), config_(config), was_synced_(was_synced), report_(report) {}

  std::optional<IndexFindings> Run() {
    if (!CheckCluster()) return std::nullopt;
    if (config_.dropbox.use_document_level_security) CheckLicense();
    CheckIndex();
    if (config_.dropbox.use_document_level_security && index_.exists) CheckLists();
    CheckDisk();
    CheckPipelines(client_, config_, std::move(pipelines_), report_);
    return index_;
  }

 private:
  Result<HttpResponse> Get(const std::string& target) {
    elastic::ElasticRequest request;
    request.method = "GET";
    request.target = target;
    request.options.max_retries = 1;
    return client_.Call(std::move(request));
  }

  bool CheckCluster() {
    const auto answer = Get("/");
    if (!answer && answer.error().kind == ErrorKind::kPermission) {
      report_.Warn("cluster", "it answers, but the credential may not read its version",
                   "grant it the cluster privilege monitor");
      return true;
    }
    if (!answer) return AskNode(answer.error());
    const auto json = ParseJson(answer->body, "the answer");
    const rapidjson::Value* version = json ? FindMember(*json, "version") : nullptr;
    if (version == nullptr || StringMember(*version, "number").empty()) {
      report_.Problem("cluster", ExitCode::kConfiguration,
                      config_.elasticsearch.host + " does not answer like Elasticsearch",
                      ClusterAdvice({ErrorKind::kConfig, ""}));
      return false;
    }
    ReportVersion(*json, *version);
    return true;
  }

  // A proxy may allow only the paths that runs need.
  bool AskNode(const Error& refused) {
    const bool answers = refused.kind == ErrorKind::kConfig && refused.http_status >= 400;
    const auto answer = answers ? Get("/_nodes/_local?filter_path=cluster_name,nodes.*.version")
                                : Result<HttpResponse>(Fail(refused));
    const auto json = answer ? ParseJson(answer->body, "the answer")
                             : Result<rapidjson::Document>(Fail(answer.error()));
    const rapidjson::Value* nodes = json ? FindMember(*json, "nodes") : nullptr;
    if (nodes == nullptr || !nodes->IsObject() || nodes->MemberCount() == 0) {
      ReportClusterError(refused, report_);
      return false;
    }
    const std::string_view version = StringMember(nodes->MemberBegin()->value, "version");
    report_.Ok("cluster",
               fmt::format("{}, version {}", StringMember(*json, "cluster_name"), version));
    return true;
  }

  void ReportVersion(const rapidjson::Value& cluster, const rapidjson::Value& version) {
    const bool opensearch = StringMember(version, "distribution") == "opensearch";
    const bool serverless = StringMember(version, "build_flavor") == "serverless";
    const std::string_view number = StringMember(version, "number");
    const std::string product = fmt::format("{}{} {}", opensearch ? "OpenSearch" : "Elasticsearch",
                                            serverless ? " Serverless," : "", number);
    const int oldest = opensearch ? kOldestOpenSearch : kOldestElasticsearch;
    if (!serverless && MajorOf(number) < oldest) {
      return report_.Warn(
          "cluster",
          fmt::format("{} is older than the versions that dbx-es is tested with", product),
          fmt::format("upgrade the cluster to {} or newer", oldest));
    }
    report_.Ok("cluster", fmt::format("{}, {}", StringMember(cluster, "cluster_name"), product));
  }

  void CheckLicense() {
    const auto lacking = elastic::LicenseWithoutDocumentSecurity(client_);
    if (!lacking) return;
    if (lacking->empty()) return report_.Ok("licence", "includes document level security");
    report_.Warn(
        "licence",
        fmt::format("the {} licence has no document level security: permissions are stored, "
                    "but searches ignore them",
                    *lacking),
        "get a platinum or enterprise licence or a trial, or turn off "
        "dropbox.use_document_level_security");
  }

  void CheckIndex() {
    elastic::IndexRequest request;
    request.index = config_.elasticsearch.index;
    request.document_level_security = config_.dropbox.use_document_level_security;
    request.pipeline = config_.elasticsearch.pipeline;
    request.looks_at_pipeline = false;  // CheckPipelines does
    request.may_change = false;
    const auto target = elastic::PrepareIndex(client_, request);
    index_.exists = !target || target->existed;
    if (target) id_field_ = target->id_field;
    index_.lacks_fields = index_.exists && target && !target->added_fields.empty();
    if (!target) return ReportIndex(target.error());
    // The configured one runs instead of the index's default.
    if (request.pipeline.empty()) pipelines_.push_back(target->default_pipeline);
    pipelines_.push_back(target->final_pipeline);
    if (!target->existed && was_synced_()) {
      const IndexLook gone = GoneIndex(target->index);
      return report_.Warn("index", gone.text, gone.advice);
    }
    if (!target->existed) {
      return report_.Ok(
          "index",
          fmt::format("{} does not exist yet; the first full sync creates it", target->index));
    }
    report_.Ok("index", target->index == request.index
                            ? target->index
                            : fmt::format("{}, as {}", request.index, target->index));
    for (const std::string& warning : target->warnings) {
      const Finding finding(warning);
      report_.Warn("mapping", finding.message, finding.advice);
    }
    if (target->added_fields.empty()) return report_.Ok("mapping", "has all fields");
    report_.Ok("mapping", fmt::format("lacks {}, which the next full sync adds",
                                      report::CountOf(target->added_fields.size(), "field")));
  }

  // A document without an access list is one that everybody sees.
  void CheckLists() {
    const auto open = elastic::Count(client_, config_.elasticsearch.index, sync::WithoutList());
    // The index or the privilege to read it is missing, which other lines report.
    if (!open) return;
    if (*open == 0) return SampleLists();
    report_.Problem(
        "access lists", ExitCode::kDocumentsFailed,
        fmt::format("{} {} none, so everybody sees {}", report::CountOf(*open, "document"),
                    *open == 1 ? "has" : "have", *open == 1 ? "it" : "them"),
        "run dbx-es acl-sync, or dbx-es full-sync if document level security was "
        "turned on just now");
  }

  // Documents that somebody else has changed are among those that were written last.
  void SampleLists() {
    const std::string& name = config_.elasticsearch.index;
    const auto reading = elastic::ReadIdentity(client_, name);
    if (!reading) return;  // reported with the index
    client_.UseStamps(elastic::VersionStamps(reading->identity.uuid));
    const auto last = elastic::ReadLastWrites({client_, name, id_field_}, kSample);
    if (!last) return ReportSample(last.error());
    std::vector<std::string_view> ids;
    for (const elastic::WrittenDocument& one : last->of_others) ids.push_back(one.id);
    const auto changed = ChangedLists(ids);
    if (!changed) return ReportSample(changed.error());
    if (!changed->empty()) {
      return report_.Problem(
          "access lists", ExitCode::kDocumentsFailed,
          fmt::format("of the {} that {} written last, {} {} a "
                      "list that somebody else has changed, for example {}",
                      report::CountOf(last->count, "document"), last->count == 1 ? "was" : "were",
                      changed->size(), changed->size() == 1 ? "has" : "have", changed->front()),
          "run dbx-es acl-sync, and find out what else writes to the index");
    }
    report_.Ok("access lists",
               ids.empty() ? "every document has one"
                           : fmt::format("every document has one; of the {} that were written "
                                         "last, somebody else has changed {}, but not their lists",
                                         last->count, ids.size()));
  }

  void ReportSample(const Error& error) {
    if (error.kind != ErrorKind::kInterrupted) report_.Problem("access lists", error);
  }

  // Those of these documents whose list is not the one that dbx-es wrote.
  Result<std::vector<std::string_view>> ChangedLists(const std::vector<std::string_view>& ids) {
    elastic::MultiGet lookup(client_, config_.elasticsearch.index);
    TRY_ASSIGN(auto stored, lookup.Start(ids).Await());
    TRY(sync::VerifyLists(lookup, ids, stored));
    std::vector<std::string_view> changed;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (stored[i].found && !stored[i].list_is_ours) changed.push_back(ids[i]);
    }
    return changed;
  }

  void ReportIndex(const Error& error) {
    if (error.kind == ErrorKind::kInterrupted) return;
    const bool mapping = elastic::IsUnusableMapping(error);
    if (mapping) report_.Ok("index", config_.elasticsearch.index);
    if (error.kind == ErrorKind::kPermission) {
      return report_.Problem("index", error,
                             "grant the credential view_index_metadata, or all, on the index");
    }
    const Finding finding(error.ToLine());
    report_.Problem(mapping ? "mapping" : "index", ExitCodeFor(error), finding.message,
                    finding.advice);
  }

  // A full disk makes the cluster refuse writes for a while. Other blocks are problems of the
  // index.
  void CheckDisk() {
    const auto answer = Get(fmt::format("/{}/_settings/index.blocks.*?flat_settings=true",
                                        PercentEncode(config_.elasticsearch.index)));
    if (!answer) return;  // the index does not exist, or its settings cannot be read
    if (answer->body.find(R"(index.blocks.read_only_allow_delete":"true")") == std::string::npos) {
      return;
    }
    const Finding finding(
        elastic::BlockSentence(elastic::IndexBlock::kFullDisk, config_.elasticsearch.index));
    report_.Problem("index", ExitCode::kUnavailable, finding.message, finding.advice);
  }

  elastic::Client& client_;
  const config::Config& config_;
  const std::function<bool()>& was_synced_;
  CheckReport& report_;
  IndexFindings index_;
  std::string id_field_;  // of an index that can be used
  std::vector<std::string> pipelines_;
};

}  // namespace

std::optional<IndexFindings> CheckElastic(elastic::Client& client, const config::Config& config,
                                          const std::function<bool()>& was_synced,
                                          CheckReport& report) {
  return ElasticCheck(client, config, was_synced, report).Run();
}

}  // namespace dbxes::check
