// SPDX-License-Identifier: Apache-2.0
#include "connector/protocol_mappings.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <utility>

namespace dbxes::connector {
namespace {

constexpr std::string_view kPipeline =
    R"({"properties":{"extract_binary_content":{"type":"boolean"},"name":{"type":"keyword"},)"
    R"("reduce_whitespace":{"type":"boolean"},"run_ml_inference":{"type":"boolean"}}})";
constexpr std::string_view kEnabled = R"({"properties":{"enabled":{"type":"boolean"}}})";
constexpr std::string_view kSchedule =
    R"({"properties":{"enabled":{"type":"boolean"},"interval":{"type":"text"}}})";
constexpr std::string_view kSnippet =
    R"("advanced_snippet":{"properties":{"created_at":{"type":"date"},)"
    R"("updated_at":{"type":"date"},"value":{"type":"object"}}})";
constexpr std::string_view kRules =
    R"("rules":{"properties":{"created_at":{"type":"date"},"field":{"type":"keyword"},)"
    R"("id":{"type":"keyword"},"order":{"type":"short"},"policy":{"type":"keyword"},)"
    R"("rule":{"type":"keyword"},"updated_at":{"type":"date"},"value":{"type":"keyword"}}})";
constexpr std::string_view kFindings =
    R"({"properties":{"ids":{"type":"keyword"},"messages":{"type":"text"}}})";

using Names = std::initializer_list<std::string_view>;

std::string Fields(std::string_view type, Names names) {
  std::string text;
  for (const std::string_view name : names) {
    text += fmt::format(R"("{}":{{"type":"{}"}},)", name, type);
  }
  return text;
}

std::string Mapping(std::string_view properties) {
  return fmt::format(R"({{"dynamic":"false","properties":{{{}}}}})", properties);
}

std::string ConnectorMapping() {
  const std::string rules =
      fmt::format(R"({{"properties":{{{},{},"validation":{{"properties":{{"errors":{},)"
                  R"("state":{{"type":"keyword"}}}}}}}}}})",
                  kSnippet, kRules, kFindings);
  std::string text =
      Fields("keyword", {"api_key_id", "error", "index_name", "language",
                         "last_access_control_sync_error", "last_access_control_sync_status",
                         "last_sync_error", "last_sync_status", "name", "service_type", "status"});
  text += Fields("object", {"configuration", "custom_scheduling", "sync_cursor"});
  text += Fields("text", {"description"});
  text +=
      Fields("date", {"last_access_control_sync_scheduled_at", "last_incremental_sync_scheduled_at",
                      "last_seen", "last_sync_scheduled_at", "last_synced"});
  text += Fields("long", {"last_deleted_document_count", "last_indexed_document_count"});
  text += Fields("boolean", {"is_native", "sync_now", "deleted"});
  text +=
      fmt::format(R"("features":{{"properties":{{"filtering_advanced_config":{{"type":"boolean"}},)"
                  R"("filtering_rules":{{"type":"boolean"}},"incremental_sync":{},)"
                  R"("sync_rules":{{"properties":{{"advanced":{},"basic":{}}}}}}}}},)",
                  kEnabled, kEnabled, kEnabled);
  text += fmt::format(
      R"("filtering":{{"properties":{{"active":{},"domain":{{"type":"keyword"}},"draft":{}}}}},)",
      rules, rules);
  text +=
      fmt::format(R"("pipeline":{},"scheduling":{{"properties":{{"access_control":{},"full":{},)"
                  R"("incremental":{}}}}})",
                  kPipeline, kSchedule, kSchedule, kSchedule);
  return Mapping(text);
}

std::string JobMapping() {
  std::string text = Fields("date", {"cancelation_requested_at", "canceled_at", "completed_at",
                                     "created_at", "last_seen", "started_at"});
  text += Fields("integer", {"deleted_document_count", "indexed_document_count",
                             "indexed_document_volume", "total_document_count"});
  text += Fields("keyword", {"error", "job_type", "status", "trigger_method", "worker_hostname"});
  text += Fields("object", {"metadata"});
  text += fmt::format(R"("connector":{{"properties":{{{}{}"filtering":{{"properties":{{{},{},)"
                      R"("domain":{{"type":"keyword"}},"warnings":{}}}}},"pipeline":{}}}}})",
                      Fields("object", {"configuration", "sync_cursor"}),
                      Fields("keyword", {"id", "index_name", "language", "service_type"}), kSnippet,
                      kRules, kFindings, kPipeline);
  return Mapping(text);
}

}  // namespace

std::string MappingOf(ProtocolIndex index) {
  return index == ProtocolIndex::kConnectors ? ConnectorMapping() : JobMapping();
}

}  // namespace dbxes::connector
