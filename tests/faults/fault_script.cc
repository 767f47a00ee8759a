// SPDX-License-Identifier: Apache-2.0
#include "faults/fault_script.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>

#include "faults/random_faults.h"
#include "support/random_rules.h"

namespace dbxes {
namespace {

constexpr int kMostRecoveries = 3;
constexpr std::int64_t kDayMicros = std::int64_t{24} * 3600 * 1'000'000;

// Unwinds a run as if the process were gone: nothing of it catches this.
struct Killed {};

sim::Options OptionsFor(std::uint64_t seed, Dice& dice) {
  sim::Options options;
  options.seed = seed;
  options.default_page_size = 1 + dice.Below(10);
  const std::size_t style = dice.Below(3);
  options.style = style == 0   ? sim::Style::Plain()
                  : style == 1 ? sim::Style::Mild()
                               : sim::Style::Nasty();
  // Truth is compared verbatim, and this one changes the letters.
  options.style.display_case = false;
  // What left at the moment at which the answer came: half a latency there and half of it back.
  options.wait_grace_ms = 10;
  return options;
}

}  // namespace

FaultScript::FaultScript(const FaultFamily& family, std::uint64_t seed, bool verbose)
    : family_(family),
      dice_(seed),
      verbose_(verbose),
      world_(OptionsFor(seed, dice_)),
      changes_(world_.tree(), seed),
      promises_(family, world_) {
  world_.seed = seed;
  config::Config& config = world_.config;
  // How much may be deleted at once is another promise, with tests of its own.
  config.sync.max_delete.unlimited = true;
  config.sync.give_up_after = Milliseconds(static_cast<std::int64_t>(60 + dice_.Below(840)) * 1000);
  config.dropbox.include_received_files = dice_.Chance(80);
  config.elasticsearch.bulk_max_actions = dice_.Spread(5);
  config.elasticsearch.bulk_max_concurrency = static_cast<int>(1 + dice_.Below(3));
  if (dice_.Chance(50)) config.extraction.mode = config::ExtractionMode::kLocal;
  config.dropbox.concurrent_downloads = static_cast<int>(1 + dice_.Below(8));
  if (dice_.Chance(40)) UseRules(world_, seed);
}

void FaultScript::Step(std::string text) {
  if (verbose_) std::printf("%s\n", text.c_str());
  steps_.push_back(std::move(text));
}

std::string FaultScript::Play() {
  changes_.Plant(static_cast<int>(5 + dice_.Below(35)));
  for (std::size_t rounds = 2 + dice_.Below(4); rounds > 0 && promises_.broken().empty(); --rounds)
    Round();
  if (promises_.broken().empty()) Recover();
  if (promises_.broken().empty()) CheckSecondRun();
  if (promises_.broken().empty()) return "";
  std::string text = promises_.broken() + "\n--- after these steps:\n";
  for (const std::string& step : steps_) text += step + "\n";
  return text;
}

void FaultScript::Round() {
  changes_.Change(static_cast<int>(dice_.Below(10)));
  if (family_.clock_jumps && dice_.Chance(60)) {
    const auto by = static_cast<std::int64_t>(dice_.Below(2 * kDayMicros)) - kDayMicros;
    world_.clock.JumpWall(by);
    Step(fmt::format("the clock jumps by {} s", by / 1'000'000));
  }
  ArrangeFaults();
  const bool full = dice_.Chance(20);
  world_.options.force = full && dice_.Chance(25);
  RunOnce(full ? sync::SyncMode::kFull : sync::SyncMode::kIncremental, DrawPlan());
  world_.options.force = false;
  if (promises_.broken().empty() && dice_.Chance(40)) Recover();
}

void FaultScript::ArrangeFaults() {
  const auto inject = [&](const InjectedFault& fault) {
    if (fault.loses_answers) promises_.AllowLostAnswers();
    Step(fault.text);
  };
  if (family_.dropbox) {
    for (std::size_t n = dice_.Below(4); n > 0; --n) {
      inject(InjectDropboxFault(world_.dropbox(), dice_));
    }
  }
  if (family_.elastic) {
    for (std::size_t n = dice_.Below(4); n > 0; --n) {
      inject(InjectElasticFault(world_.elastic, dice_));
    }
    if (dice_.Chance(15)) {
      world_.elastic.read_only = true;
      Step("Elasticsearch: read-only");
    }
    if (dice_.Chance(15)) world_.elastic.max_body_bytes = 500 + dice_.Below(4000);
  }
  if (family_.refused && dice_.Chance(60)) {
    std::vector<std::string> ids;
    for (const auto& item : world_.tree().Snapshot()) ids.push_back(item.id);
    for (const auto& [id, source] : world_.elastic.Documents("docs")) ids.push_back(id);
    Step(RefuseDocuments(world_.elastic, ids, dice_, promises_.refused()));
  }
}

FaultScript::Plan FaultScript::DrawPlan() {
  Plan plan;
  const auto some_event = [&] { return dice_.Spread(9); };
  if (family_.terminated && dice_.Chance(70)) plan.terminate_at = some_event();
  if (family_.killed && dice_.Chance(70)) plan.kill_at = some_event();
  if (family_.moving && dice_.Chance(70)) plan.move_at = some_event();
  if (family_.dropbox && dice_.Chance(4)) plan.revoke_at = some_event();
  if (world_.elastic.read_only && dice_.Chance(70)) plan.unblock_at = dice_.Spread(11);
  if (family_.full_disk && dice_.Chance(70)) plan.dead_disk_at = dice_.Spread(5);
  if (family_.power_loss && dice_.Chance(80)) {
    plan.lose_power = true;
    // Half of them at an event, half at a change of the file system.
    if (dice_.Chance(50)) {
      plan.kill_at = some_event();
    } else {
      plan.dead_disk_at = dice_.Spread(5);
      plan.kill_on_dead_disk = true;
    }
  }
  return plan;
}

int FaultScript::OnEvent(const Plan& plan) {
  ++events_;
  if (events_ == plan.move_at) MoveTree();
  if (events_ == plan.revoke_at) world_.dropbox().tokens().RevokeRefreshToken();
  if (events_ == plan.unblock_at) world_.elastic.read_only = false;
  if (plan.kill_at != 0 && events_ >= plan.kill_at) throw Killed{};
  if (plan.kill_on_dead_disk && world_.files.changes() >= plan.dead_disk_at) throw Killed{};
  return plan.terminate_at != 0 && events_ >= plan.terminate_at ? SIGTERM : 0;
}

void FaultScript::MoveTree() {
  Step(fmt::format("the tree changes at event {}", events_));
  changes_.Change(static_cast<int>(1 + dice_.Below(4)));
  promises_.NoteMove();
}

std::uint64_t FaultScript::RunOnce(sync::SyncMode mode, const Plan& drawn) {
  Plan plan = drawn;
  if (plan.dead_disk_at != 0) plan.dead_disk_at += world_.files.changes();
  world_.files.FailAfter(plan.dead_disk_at != 0 ? plan.dead_disk_at : ~std::uint64_t{0});
  world_.stop_signal = [this, plan] { return OnEvent(plan); };
  events_ = 0;
  promises_.BeginRun();
  Step(fmt::format("{}{}: SIGTERM at {}, kill at {}, disk dead at {}, power loss {}",
                   mode == sync::SyncMode::kFull ? "full-sync" : "incremental",
                   world_.options.force ? " --force" : "", plan.terminate_at, plan.kill_at,
                   plan.dead_disk_at, plan.lose_power));
  std::optional<report::RunSummary> summary;
  try {
    summary = world_.Run(mode);
    Step(fmt::format("  exit {} after {} events: {}", static_cast<int>(summary->exit_code), events_,
                     summary->message));
  } catch (const Killed&) {
    Step(fmt::format("  killed after {} events", events_));
  }
  if (verbose_) {
    for (const std::string& line : world_.reporter.lines) std::printf("    | %s\n", line.c_str());
    for (const std::string& line : world_.reporter.details) std::printf("    . %s\n", line.c_str());
  }
  promises_.EndRun(summary ? &*summary : nullptr);
  world_.files.FailAfter(~std::uint64_t{0});
  world_.stop_signal = [] { return 0; };
  if (plan.lose_power) LosePower();
  return summary ? summary->counters.entries : 0;
}

// Of what was appended but never synced, a random first part survives.
void FaultScript::LosePower() {
  const std::map<std::string, std::string> before = world_.files.files();
  world_.files.Crash();
  for (auto& [path, content] : world_.files.files()) {
    const std::string& was = before.at(path);
    if (was.size() == content.size() || dice_.Chance(50)) continue;
    content = was.substr(0, content.size() + dice_.Below(was.size() - content.size() + 1));
    Step(fmt::format("  {} keeps {} of {} bytes", path, content.size(), was.size()));
  }
}

void FaultScript::Recover() {
  Step("all faults are cleared");
  world_.dropbox().faults().Clear();
  world_.dropbox().tokens().grant().revoked = false;
  FakeElastic& elastic = world_.elastic;
  elastic.ClearFaults();
  elastic.read_only = false;
  elastic.max_body_bytes = std::size_t{100} << 20;
  elastic.poison_ids.clear();
  elastic.garbling_ids.clear();
  elastic.unmappable_ids.clear();
  promises_.AllowNothing();
  // What failed again and again waits for its time, which jumps of the clock put off.
  const bool waited = !promises_.clean();
  if (waited) world_.clock.Advance(Milliseconds(10ll * 24 * 3600 * 1000));
  // By incremental runs: a full sync would repair what a cursor that is ahead has lost.
  for (int runs = 0; runs < kMostRecoveries && promises_.broken().empty() && !promises_.clean();
       ++runs) {
    RunOnce(sync::SyncMode::kIncremental, {});
  }
  if (promises_.broken().empty() && !promises_.clean())
    promises_.Break("three runs without a fault did not bring all in order");
  // After that time, a run asks the index whether it is still ours, even without news.
  if (waited && promises_.broken().empty()) RunOnce(sync::SyncMode::kIncremental, {});
}

void FaultScript::CheckSecondRun() {
  const bool asks = world_.config.sync.state == config::StateKind::kCluster;
  // A feed may repeat its last entry, which is then written again.
  const auto asks_without_news = [this, asks] {
    const std::uint64_t entries = RunOnce(sync::SyncMode::kIncremental, {});
    return entries == 0 && world_.elastic.requests() != 0 && !asks;
  };
  // The second run after one that was killed searches for late writes, once.
  const bool looks = family_.killed || family_.power_loss;
  if (asks_without_news() && (!looks || asks_without_news())) {
    promises_.Break("a run without news asks the index");
  }
  if (!promises_.broken().empty()) return;
  RunOnce(sync::SyncMode::kFull, {});
  if (!world_.elastic.writes().empty()) promises_.Break("a second full sync writes");
}

}  // namespace dbxes
