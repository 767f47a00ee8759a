// SPDX-License-Identifier: Apache-2.0
#include "connector/sync_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/json_write.h"
#include "base/utf8.h"
#include "rules/rule_file.h"

namespace dbxes::connector {
namespace {

// As the errors of advanced rules are known to Kibana.
constexpr std::string_view kAdvanced = "advanced_snippet";
// Nobody reads more, and the documents of the protocol have no place for megabytes.
constexpr std::size_t kMostMessages = 100;
constexpr std::size_t kLongestMessage = 8 * 1024;
constexpr std::size_t kMostInError = 5;

// What is wrong with one rule.
struct RuleProblems {
  std::string id;
  std::vector<std::string> messages;
};

const rapidjson::Value* DomainOf(const rapidjson::Value& connector) {
  const rapidjson::Value* filtering = FindMember(connector, "filtering");
  const bool listed = filtering != nullptr && filtering->IsArray() && !filtering->Empty();
  return listed && (*filtering)[0].IsObject() ? &(*filtering)[0] : nullptr;
}

std::string JsonOfObject(const rapidjson::Value* value) {
  return value == nullptr || !value->IsObject() ? std::string() : JsonOf(*value);
}

// The index in "/rules/12/policy".
std::optional<std::size_t> RuleNumber(std::string_view pointer) {
  constexpr std::string_view kRules = "/rules/";
  if (!pointer.starts_with(kRules)) return std::nullopt;
  pointer.remove_prefix(kRules.size());
  std::size_t number = 0;
  const auto [end, problem] =
      std::from_chars(pointer.data(), pointer.data() + pointer.size(), number);
  if (problem != std::errc()) return std::nullopt;
  return number;
}

// The rule that a mistake is in, as Kibana knows it.
std::string RuleAt(std::string_view pointer, const rapidjson::Value& draft) {
  const auto number = RuleNumber(pointer);
  const rapidjson::Value* rules = FindMember(draft, "rules");
  if (!number || rules == nullptr || !rules->IsArray() || *number >= rules->Size()) {
    return std::string(kAdvanced);
  }
  const std::string_view id =
      StringMember((*rules)[static_cast<rapidjson::SizeType>(*number)], "id");
  return id.empty() ? fmt::format("rule {}", *number + 1) : std::string(id);
}

// "policy: \"maybe\" is not a policy (allowed: include, exclude)": places in a rule are members,
// since nobody sees the lines of a draft.
std::string MessageOf(const rules::Finding& finding) {
  std::string_view member = finding.pointer;
  for (const std::string_view before : {"/rules/", "/advanced_snippet/value/"}) {
    if (!member.starts_with(before)) continue;
    member.remove_prefix(before.size());
    // Of an advanced rule, the number is all that names it.
    if (before == "/rules/") {
      member = member.substr(std::min(member.size(), member.find('/')));
      if (!member.empty()) member.remove_prefix(1);
    }
    break;
  }
  std::string text =
      member.empty() ? finding.message : fmt::format("{}: {}", member, finding.message);
  if (!finding.allowed.empty()) {
    text += fmt::format(" (allowed: {})", fmt::join(finding.allowed, ", "));
  }
  return IsUtf8(text) ? std::string(CutUtf8(text, kLongestMessage)) : "the rule is not valid UTF-8";
}

void Add(std::string id, std::string message, std::vector<RuleProblems>& problems) {
  const auto found = std::find_if(problems.begin(), problems.end(),
                                  [&](const RuleProblems& other) { return other.id == id; });
  if (found != problems.end()) return found->messages.push_back(std::move(message));
  problems.push_back({std::move(id), {std::move(message)}});
}

std::vector<RuleProblems> ProblemsOf(rules::Findings& findings, const rapidjson::Value& draft) {
  std::vector<RuleProblems> problems;
  std::size_t count = 0;
  for (const rules::Finding& finding : findings.Sorted()) {
    if (finding.severity != rules::Finding::Severity::kError || ++count > kMostMessages) continue;
    Add(RuleAt(finding.pointer, draft), MessageOf(finding), problems);
  }
  return problems;
}

// Why no rule of Kibana counts; "" if they do.
std::string WhyUnused(const config::Config& config) {
  if (config.UsesKibanaRules()) return "";
  if (config.sync.rules_file.empty())
    return "connector.rules is false: dbx-es uses no rules of Kibana";
  return fmt::format("dbx-es has its rules from {} (sync.rules) and uses none of Kibana",
                     config.sync.rules_file);
}

std::vector<RuleProblems> Judge(const rapidjson::Value& draft, const config::Config& config) {
  const std::string unused = WhyUnused(config);
  if (unused.empty()) {
    rules::RuleFile file = rules::ReadRules(JsonOf(draft));
    return ProblemsOf(file.findings, draft);
  }
  std::vector<RuleProblems> problems;
  Add(std::string(kAdvanced), unused, problems);
  const rapidjson::Value* rules = FindMember(draft, "rules");
  if (rules == nullptr || !rules->IsArray()) return problems;
  for (const rapidjson::Value& rule : rules->GetArray()) {
    if (problems.size() >= kMostMessages) break;
    if (const std::string_view id = StringMember(rule, "id"); !id.empty()) {
      Add(std::string(id), unused, problems);
    }
  }
  return problems;
}

std::string ValidationOf(const std::vector<RuleProblems>& problems) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  WriteText(writer, "state", problems.empty() ? "valid" : "invalid");
  WriteKey(writer, "errors");
  writer.StartArray();
  for (const RuleProblems& rule : problems) {
    writer.StartObject();
    WriteTexts(writer, "ids", std::vector<std::string>{rule.id});
    WriteTexts(writer, "messages", rule.messages);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return std::string(View(buffer));
}

}  // namespace

std::string ActiveRules(const rapidjson::Value& connector) {
  const rapidjson::Value* domain = DomainOf(connector);
  return domain == nullptr ? std::string() : JsonOfObject(FindMember(*domain, "active"));
}

std::string RulesOfJob(const rapidjson::Value& job) {
  const rapidjson::Value* filtering = FindPath(job, {"connector", "filtering"});
  if (filtering == nullptr) return "";
  // The protocol describes a list of domains; programs write the rules alone.
  const rapidjson::Value* connector = FindMember(job, "connector");
  return filtering->IsArray() ? ActiveRules(*connector) : JsonOfObject(filtering);
}

Result<rules::RuleSet> ReadKibanaRules(const std::string& json, const std::string& connector) {
  if (json.empty()) return rules::RuleSet();
  rules::RuleFile file = rules::ReadRules(json);
  const std::size_t errors = file.findings.errors();
  if (errors == 0) return std::move(file.rules);
  rapidjson::Document rules;
  rules.Parse(json.data(), json.size());
  std::string message =
      fmt::format("the sync rules of connector {} in Kibana have {} error{}:", connector, errors,
                  errors == 1 ? "" : "s");
  std::size_t shown = 0;
  for (const RuleProblems& rule : ProblemsOf(file.findings, rules)) {
    for (const std::string& text : rule.messages) {
      if (++shown <= kMostInError) message += fmt::format("\n{}: {}", rule.id, text);
    }
  }
  return Fail(ErrorKind::kConfig, std::move(message));
}

std::optional<std::string> Judged(const rapidjson::Value& connector, const config::Config& config) {
  const rapidjson::Value* domain = DomainOf(connector);
  const rapidjson::Value* draft = domain == nullptr ? nullptr : FindMember(*domain, "draft");
  if (draft == nullptr || !draft->IsObject()) return std::nullopt;
  const rapidjson::Value* state = FindPath(*draft, {"validation", "state"});
  if (state == nullptr || !state->IsString() || View(*state) != "edited") return std::nullopt;
  const std::vector<RuleProblems> problems = Judge(*draft, config);
  // An update replaces lists as a whole, so all of it is written.
  rapidjson::Document judged;
  auto& allocator = judged.GetAllocator();
  judged.CopyFrom(*FindMember(connector, "filtering"), allocator);
  const std::string validation = ValidationOf(problems);
  rapidjson::Document verdict(&allocator);
  verdict.Parse(validation.data(), validation.size());
  rapidjson::Value& draft_after = judged[0]["draft"];
  draft_after["validation"].Swap(verdict);
  if (problems.empty()) {
    rapidjson::Value active(draft_after, allocator);
    judged[0].RemoveMember("active");
    judged[0].AddMember("active", active, allocator);
  }
  return JsonOf(judged);
}

}  // namespace dbxes::connector
