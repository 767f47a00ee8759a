// SPDX-License-Identifier: Apache-2.0
#include "check/rule_review.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "base/id_set.h"
#include "base/random.h"
#include "delta/delta_reader.h"
#include "delta/find_folders.h"
#include "sync/plan/sync_plan.h"
#include "sync/search/rule_paths.h"
#include "sync/search/search_runner.h"
#include "sync/stages/rule_judge.h"

namespace dbxes::check {
namespace {

using Effect = RuleShare::Effect;

std::string WordsOf(const rules::AdvancedRule& rule) {
  std::string words = fmt::format("search for \"{}\"", rule.query);
  if (!rule.path.empty()) words += " in " + rule.path;
  return words;
}

std::string WordsOf(const rules::BasicRule& rule) {
  return fmt::format("{} {} \"{}\" (id {})", rule.field, ToString(rule.op), rule.value, rule.id);
}

Effect EffectOf(rules::Policy policy) {
  return policy == rules::Policy::kInclude ? Effect::kIncludes : Effect::kExcludes;
}

rules::RuleSet WithPatterns(rules::RuleSet rules, const config::Config& config) {
  rules.patterns = sync::PatternsOf(config);
  return rules;
}

// One review and its connection to Dropbox.
class Review {
 public:
  Review(Environment& environment, const config::Config& config, const rules::RuleSet& rules,
         report::Reporter& reporter)
      : config_(config),
        rules_(WithPatterns(rules, config)),
        reporter_(reporter),
        loop_(environment.http, environment.clock, environment.stop_signal),
        dropbox_(
            loop_, config,
            [&](const Error& error, Milliseconds) { reporter.Detail(error.ToLine()); },
            SeedOf(environment.seed, "dropbox")) {}

  Result<void> Connect() {
    TRY_ASSIGN(account_, dropbox_.DiscoverAccount());
    dropbox_.ActAs(account_);
    return {};
  }

  Result<std::vector<std::string>> CheckFolders() {
    TRY_ASSIGN(auto found, sync::FindRuleFolders(loop_, dropbox_, rules_.advanced));
    std::vector<std::string> wrong;
    for (const auto& folder : found) wrong.push_back(folder ? "" : folder.error().message);
    return wrong;
  }

  Result<RulePreview> Preview() {
    TRY_ASSIGN(rules_.patterns.folders, delta::FindAllFolders(dropbox_, config_.dropbox.paths));
    TRY(Search());
    MakeShares();
    reporter_.Phase("listing Dropbox");
    sync::RuleJudge judge(rules_, {config_.dropbox.web_url, account_.home_namespace_id,
                                   !config_.elasticsearch.pipeline.empty()});
    delta::DeltaReader feed(loop_, dropbox_, CommonFolder(config_.dropbox.paths), "");
    TRY(delta::ForEachPage(feed, [&](const delta::Page& page) -> Result<void> {
      for (const delta::Entry& entry : page.entries) Count(entry, judge);
      return {};
    }));
    return Finish();
  }

 private:
  Result<void> Search() {
    reporter_.Phase("searching Dropbox");
    for (const rules::AdvancedRule& rule : rules_.advanced) {
      auto runner =
          std::make_unique<sync::SearchRunner>(loop_, dropbox_, [](const dropbox::SearchMatch&) {});
      const std::string path = rule.path.empty() ? CommonFolder(config_.dropbox.paths) : rule.path;
      TRY(WithContext(runner->Run(rule, path), rule.pointer));
      for (const std::string& search : runner->unfinished()) {
        preview_.warnings.push_back("Dropbox does not show all matches of " + search);
      }
      searches_.push_back(std::move(runner));
    }
    return {};
  }

  void MakeShares() {
    for (const rules::AdvancedRule& rule : rules_.advanced) {
      preview_.shares.push_back({Effect::kFinds, rule.pointer, WordsOf(rule), 0, {}});
    }
    first_ = preview_.shares.size();
    preview_.shares.push_back({Effect::kExcludes, "", "found by no advanced rule", 0, {}});
    preview_.shares.push_back({Effect::kUndecided, "", "which no search shows in full", 0, {}});
    AddPatterns();
    for (const rules::BasicRule& rule : rules_.basic) {
      preview_.shares.push_back({EffectOf(rule.policy), rule.pointer, WordsOf(rule), 0, {}});
    }
    preview_.shares.push_back(
        {EffectOf(rules_.otherwise), "", "which no basic rule matches", 0, {}});
  }

  void AddPatterns() {
    using Verdict = rules::PathDecision::Verdict;
    const auto add = [&](const rules::PathDecision& decision) {
      preview_.shares.push_back(
          {Effect::kExcludes, "", rules::Describe(decision, rules_.patterns), 0, {}});
    };
    add({Verdict::kNotIncluded, 0});
    for (std::size_t i = 0; i < rules_.patterns.exclude.size(); ++i) add({Verdict::kExcluded, i});
  }

  // The share of `first_` that the entry belongs to.
  std::size_t ShareOf(const delta::Entry& entry, sync::RuleJudge& judge) {
    bool found = searches_.empty();
    bool unknown = false;
    for (std::size_t i = 0; i < searches_.size(); ++i) {
      const std::uint64_t hash = Hash64(entry.id);
      unknown = unknown || searches_[i]->IsUnknown(hash);
      if (!searches_[i]->IsFound(hash)) continue;
      preview_.shares[i].Add(entry.path_display);
      found = true;
    }
    if (!found) return unknown ? 1 : 0;
    constexpr std::size_t kNotIncluded = 2;
    constexpr std::size_t kFirstPattern = 3;
    const rules::RuleDecision decision = judge.Judge(entry);
    const std::size_t first_rule = kFirstPattern + rules_.patterns.exclude.size();
    switch (decision.path.verdict) {
      case rules::PathDecision::Verdict::kNotIncluded:
        return kNotIncluded;
      case rules::PathDecision::Verdict::kExcluded:
        return kFirstPattern + decision.path.pattern;
      case rules::PathDecision::Verdict::kPasses:
      case rules::PathDecision::Verdict::kOutside:
        break;
    }
    return first_rule + decision.rule.value_or(rules_.basic.size());
  }

  void Count(const delta::Entry& entry, sync::RuleJudge& judge) {
    if (entry.kind != delta::EntryKind::kFile && entry.kind != delta::EntryKind::kFolder) return;
    // A listing may contain an entry twice.
    const std::uint64_t hash = Hash64(entry.id);
    if (listed_.Contains(hash) || judge.Judge(entry).IsOutside()) return;
    listed_.Insert(hash);
    ++preview_.entries;
    RuleShare& share = preview_.shares[first_ + ShareOf(entry, judge)];
    share.Add(entry.path_display);
    if (share.effect == Effect::kIncludes) ++preview_.included;
    if (share.effect == Effect::kExcludes) ++preview_.excluded;
  }

  // Shares without documents are left out, except those of rules: a rule that does nothing must be
  // visible.
  RulePreview Finish() {
    std::erase_if(preview_.shares,
                  [](const RuleShare& share) { return share.pointer.empty() && share.count == 0; });
    return std::move(preview_);
  }

  const config::Config& config_;
  rules::RuleSet rules_;
  report::Reporter& reporter_;
  EventLoop loop_;
  dropbox::Client dropbox_;
  dropbox::Account account_;
  std::vector<std::unique_ptr<sync::SearchRunner>> searches_;
  std::size_t first_ = 0;
  IdSet listed_;
  RulePreview preview_;
};

}  // namespace

void RuleShare::Add(std::string_view path) {
  ++count;
  if (paths.size() < kMostListed) paths.emplace_back(path);
}

bool RuleReview::FoldersAreRight() const {
  return std::all_of(wrong_folders.begin(), wrong_folders.end(),
                     [](const std::string& wrong) { return wrong.empty(); });
}

Result<RuleReview> ReviewRules(Environment& environment, const config::Config& config,
                               const rules::RuleSet& rules, bool preview,
                               report::Reporter& reporter) {
  Review review(environment, config, rules, reporter);
  TRY(review.Connect());
  TRY_ASSIGN(auto checked, review.CheckFolders());
  RuleReview found{std::move(checked), std::nullopt};
  if (!preview || !found.FoldersAreRight()) return found;
  TRY_ASSIGN(found.preview, review.Preview());
  return found;
}

}  // namespace dbxes::check
