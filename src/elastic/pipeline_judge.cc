// SPDX-License-Identifier: Apache-2.0
#include "elastic/pipeline_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "elastic/index_mapping.h"

namespace dbxes::elastic {
namespace {

using rapidjson::Value;

// Members of a processor that hold further processors.
constexpr std::string_view kInner[] = {"on_failure", "processors"};

// What a document is, and where; and what dbx-es compares.
bool Matters(std::string_view field) {
  if (field == "_index" || field == "_id" || field == "_routing") return true;
  return std::any_of(
      std::begin(kContentFields), std::end(kContentFields),
      [field](const FieldRow& row) { return row.name == field && (row.uses & ~kUnbounded) != 0; });
}

void Note(std::string problem, PipelineFindings& findings) {
  auto& problems = findings.problems;
  if (std::find(problems.begin(), problems.end(), problem) == problems.end()) {
    problems.push_back(std::move(problem));
  }
}

// Processors that change the field that they name; without `target_field`, in place.
bool ChangesInPlace(std::string_view type) {
  constexpr std::string_view kTypes[] = {"append",     "convert",  "date_index_name", "gsub",
                                         "html_strip", "json",     "lowercase",       "remove",
                                         "rename",     "set",      "split",           "trim",
                                         "uppercase",  "urldecode"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

void JudgeFields(std::string_view type, const Value& body, PipelineFindings& findings) {
  if (!ChangesInPlace(type)) return;
  const auto note = [&](std::string_view key) {
    for (const std::string_view field : TextsOf(FindMember(body, key))) {
      if (Matters(field)) Note(fmt::format("changes {} ({})", field, type), findings);
    }
  };
  const bool elsewhere = FindMember(body, "target_field") != nullptr;
  // A rename takes the field away as well.
  if (!elsewhere || type == "rename") note("field");
  note("target_field");
  if (type == "date_index_name") Note("changes _index (date_index_name)", findings);
  if (FindMember(body, "keep") != nullptr) Note("removes fields that it does not name", findings);
}

void JudgeList(const Value& processors, PipelineFindings& findings);

void JudgeProcessor(std::string_view type, const Value& body, PipelineFindings& findings) {
  if (type == "drop") Note("drops documents", findings);
  if (type == "fail") Note("rejects documents (fail)", findings);
  if (type == "reroute") Note("sends documents to another index (reroute)", findings);
  if (!body.IsObject()) return;
  if (type == "pipeline") findings.calls.emplace_back(StringMember(body, "name"));
  JudgeFields(type, body, findings);
  for (const std::string_view inner : kInner) {
    if (const Value* list = FindMember(body, inner)) JudgeList(*list, findings);
  }
  // foreach
  const Value* one = FindMember(body, "processor");
  if (one == nullptr || !one->IsObject()) return;
  for (const auto& [name, inside] : one->GetObject()) JudgeProcessor(View(name), inside, findings);
}

void JudgeList(const Value& processors, PipelineFindings& findings) {
  if (!processors.IsArray()) return;
  for (const Value& processor : processors.GetArray()) {
    if (!processor.IsObject()) continue;
    for (const auto& [name, body] : processor.GetObject()) {
      JudgeProcessor(View(name), body, findings);
    }
  }
}

}  // namespace

PipelineFindings JudgePipeline(const rapidjson::Value& pipeline) {
  PipelineFindings findings;
  for (const std::string_view inner : kInner) {
    if (const Value* list = FindMember(pipeline, inner)) JudgeList(*list, findings);
  }
  return findings;
}

}  // namespace dbxes::elastic
