// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "rules/rule_readers.h"

namespace dbxes::rules {
namespace {

using Kind = JsonNode::Kind;

// The members of the connector's own object. Those without a meaning here are ignored, so that an
// object copied from a connector is accepted unchanged.
constexpr std::array<std::string_view, 3> kRulesMembers{"rules", "advanced_snippet", "validation"};
constexpr std::array<std::string_view, 3> kSnippetMembers{"value", "created_at", "updated_at"};
constexpr std::array<std::string_view, 3> kDomainMembers{"domain", "active", "draft"};
constexpr std::array<std::string_view, 1> kFilteringMembers{"filtering"};

constexpr std::size_t kMostShown = 5;  // of the errors that stop a run

class FileReader {
 public:
  explicit FileReader(std::string_view text)
      : lines_(text), reader_(text, lines_, file_.findings) {}

  RuleFile Read(std::string_view text) {
    JsonNode root;
    if (!ParseJsonTree(text, lines_, root, file_.findings)) return std::move(file_);
    const Spot at{&root, ""};
    if (root.Is(Kind::kArray)) {
      ReadList(at);
    } else if (root.Is(Kind::kObject)) {
      ReadObject(at);
    } else {
      reader_.Error(at,
                    "a rules file is an array of rules, or an object with the members rules "
                    "and advanced_snippet");
    }
    Finish();
    return std::move(file_);
  }

 private:
  void ReadObject(const Spot& at) {
    if (const auto filtering = reader_.Member(at, "filtering")) {
      reader_.CheckMembers(at, kFilteringMembers, {});
      return ReadFiltering(*filtering);
    }
    if (at.node->Find("active") != nullptr) {
      reader_.CheckMembers(at, kDomainMembers, {});
      const Spot active = *reader_.Member(at, "active");
      if (reader_.Expect(active, Kind::kObject)) ReadBoth(active);
      return;
    }
    const bool both =
        at.node->Find("rules") != nullptr || at.node->Find("advanced_snippet") != nullptr;
    if (!both && (LooksBasic(*at.node) || LooksAdvanced(*at.node))) {
      return reader_.Error(at, "is a single rule: put it into an array");
    }
    ReadBoth(at);
  }

  // As the connector keeps it: a list of one domain.
  void ReadFiltering(const Spot& at) {
    if (at.node->Is(Kind::kObject)) return ReadObject(at);
    if (!reader_.Expect(at, Kind::kArray)) return;
    if (at.node->items.size() > 1) reader_.Error(at, "must have one element, the domain DEFAULT");
    if (at.node->items.empty()) return;
    const Spot domain = reader_.Item(at, 0);
    if (reader_.Expect(domain, Kind::kObject)) ReadObject(domain);
  }

  void ReadBoth(const Spot& at) {
    reader_.CheckMembers(at, kRulesMembers, {});
    const auto rules = reader_.Member(at, "rules");
    const auto snippet = reader_.Member(at, "advanced_snippet");
    if (!rules && !snippet) {
      reader_.Error(at, "has neither \"rules\" nor \"advanced_snippet\"");
    }
    if (rules && reader_.Expect(*rules, Kind::kArray)) ReadBasic(*rules);
    if (snippet) ReadSnippet(*snippet);
  }

  void ReadSnippet(const Spot& at) {
    if (at.node->Is(Kind::kArray)) return ReadAdvanced(at);
    if (!reader_.Expect(at, Kind::kObject)) return;
    reader_.CheckMembers(at, kSnippetMembers, {});
    const auto value = reader_.Member(at, "value");
    if (!value) return;
    // The connector's value when there are no advanced rules.
    const bool none = value->node->Is(Kind::kObject) && value->node->members.empty();
    if (!none && reader_.Expect(*value, Kind::kArray)) ReadAdvanced(*value);
  }

  // The first element that looks like either kind decides what the list holds.
  void ReadList(const Spot& at) {
    for (const JsonNode& item : at.node->items) {
      if (LooksBasic(item)) return ReadBasic(at);
      if (LooksAdvanced(item)) return ReadAdvanced(at);
    }
    for (std::size_t i = 0; i < at.node->items.size(); ++i) {
      reader_.Error(
          reader_.Item(at, i),
          "is not a rule: a basic rule has the members id, policy, field, rule, value and "
          "order, an advanced rule the member query");
    }
  }

  bool IsOfOtherKind(const Spot& at, bool wants_basic) {
    const bool basic = LooksBasic(*at.node);
    const bool advanced = LooksAdvanced(*at.node);
    if (wants_basic ? basic || !advanced : advanced || !basic) return false;
    reader_.Error(at, wants_basic
                          ? "is an advanced rule among basic ones: use an object with the members "
                            "rules and advanced_snippet for both"
                          : "is a basic rule among advanced ones: use an object with the members "
                            "rules and advanced_snippet for both");
    return true;
  }

  bool TooMany(const Spot& at) {
    if (at.node->items.size() <= kMaxRules) return false;
    reader_.Error(
        at, fmt::format("has {} rules; at most {} are allowed", at.node->items.size(), kMaxRules));
    return true;
  }

  void ReadBasic(const Spot& at) {
    file_.basic_count = at.node->items.size();
    if (TooMany(at)) return;
    for (std::size_t i = 0; i < at.node->items.size(); ++i) {
      const Spot item = reader_.Item(at, i);
      if (IsOfOtherKind(item, true)) continue;
      auto rule = ReadBasicRule(reader_, item);
      if (!rule) continue;
      basic_.push_back(*std::move(rule));
      basic_spots_.push_back(item);
    }
  }

  void ReadAdvanced(const Spot& at) {
    file_.advanced_count = at.node->items.size();
    if (TooMany(at)) return;
    for (std::size_t i = 0; i < at.node->items.size(); ++i) {
      const Spot item = reader_.Item(at, i);
      if (IsOfOtherKind(item, false)) continue;
      auto rule = ReadAdvancedRule(reader_, item);
      if (!rule) continue;
      file_.rules.advanced.push_back(*std::move(rule));
      advanced_spots_.push_back(item);
    }
  }

  // Sorts the rules into the order in which they are applied and checks them together.
  void Finish() {
    std::vector<std::size_t> asked(basic_.size());
    std::iota(asked.begin(), asked.end(), std::size_t{0});
    std::stable_sort(asked.begin(), asked.end(), [&](std::size_t left, std::size_t right) {
      return basic_[left].order < basic_[right].order;
    });
    std::vector<BasicRule> rules;
    std::vector<Spot> spots;
    for (const std::size_t i : asked) {
      rules.push_back(std::move(basic_[i]));
      spots.push_back(std::move(basic_spots_[i]));
    }
    CheckMeaning(reader_, rules, spots);
    // With some rules missing, the result would be a guess.
    if (file_.findings.errors() == 0) CheckEffect(reader_, rules, spots);
    CheckMeaning(reader_, file_.rules.advanced, advanced_spots_);
    for (BasicRule& rule : rules) {
      if (IsDefaultRule(rule)) {
        file_.rules.otherwise = rule.policy;
      } else {
        file_.rules.basic.push_back(std::move(rule));
      }
    }
  }

  RuleFile file_;
  LineIndex lines_;
  NodeReader reader_;
  std::vector<BasicRule> basic_;
  std::vector<Spot> basic_spots_;
  std::vector<Spot> advanced_spots_;
};

}  // namespace

RuleFile ReadRules(std::string_view text) {
  if (text.size() <= kMaxRuleFileBytes) return FileReader(text).Read(text);
  RuleFile file;
  file.findings.Add({Finding::Severity::kError,
                     {},
                     "",
                     fmt::format("the file is larger than {} MiB", kMaxRuleFileBytes >> 20),
                     {}});
  return file;
}

Result<std::string> ReadRuleText(FileSystem& files, const std::string& path) {
  // One more byte shows whether the file is too large.
  return files.ReadRange(path, 0, kMaxRuleFileBytes + 1);
}

Result<RuleSet> LoadRules(FileSystem& files, const std::string& path) {
  auto text = ReadRuleText(files, path);
  if (!text) {
    Error error = WithContext(text.error(), "sync.rules");
    error.kind = ErrorKind::kConfig;  // for example a folder, or a file that may not be read
    return Fail(std::move(error));
  }
  RuleFile file = ReadRules(*text);
  if (file.findings.errors() == 0) return std::move(file.rules);
  const std::size_t errors = file.findings.errors();
  std::string message = fmt::format("{} has {} error{} (see dbx-es validate-rules):", path, errors,
                                    errors == 1 ? "" : "s");
  std::size_t shown = 0;
  for (const Finding& finding : file.findings.Sorted()) {
    if (finding.severity != Finding::Severity::kError || shown == kMostShown) continue;
    ++shown;
    message += "\n" + FormatFinding(finding, path);
  }
  return Fail(ErrorKind::kConfig, std::move(message));
}

std::string FormatFinding(const Finding& finding, std::string_view file) {
  std::string text(file);
  if (finding.place.line > 0) {
    text += fmt::format(":{}:{}", finding.place.line, finding.place.column);
  }
  text += finding.severity == Finding::Severity::kError ? ": error: " : ": warning: ";
  if (!finding.pointer.empty()) text += finding.pointer + ": ";
  text += finding.message;
  if (!finding.allowed.empty()) {
    text += fmt::format(" (allowed: {})", fmt::join(finding.allowed, ", "));
  }
  return text;
}

}  // namespace dbxes::rules
