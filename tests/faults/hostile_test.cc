// SPDX-License-Identifier: Apache-2.0
// An administrator of the cluster who interferes with the index between runs and in the middle of
// them. DBX_ES_HOSTILE_SCRIPTS sets how many scripts are played (1,000); DBX_ES_HOSTILE_SEED plays
// the one with that seed and prints each step.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "faults/dice.h"
#include "faults/hostile_administrator.h"
#include "support/permission_oracle.h"
#include "support/random_changes.h"
#include "support/seeds.h"
#include "support/sync_world.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kScripts = 1000;
constexpr Milliseconds kHour{3'600'000};

sim::Options SmallPages() {
  sim::Options options;
  options.default_page_size = 4;
  return options;
}

class Script {
 public:
  Script(std::uint64_t seed, bool loud)
      : dice_(seed),
        world_(SmallPages()),
        administrator_(world_, dice_),
        changes_(world_.tree(), seed),
        loud_(loud) {
    world_.seed = seed;
    world_.config.dropbox.use_document_level_security = true;
    world_.config.dropbox.include_received_files = false;
    world_.config.elasticsearch.bulk_max_actions = 4;
    world_.config.sync.give_up_after = Milliseconds(20'000);
    // How much may be deleted at once is another promise, with tests of its own.
    world_.config.sync.max_delete.unlimited = true;
    for (const char* name : {"bob", "eve"}) {
      sim::Account person;
      person.given_name = name;
      person.email = std::string(name) + "@example.com";
      world_.tree().people().AddAccount(person);
    }
    changes_.Plant(12);
  }

  // "" when all went well, else what did not.
  std::string Play() {
    Run(sync::SyncMode::kFull);
    const std::size_t steps = 2 + dice_.Below(6);
    for (std::size_t step = 0; step < steps && wrong_.empty(); ++step) Step();
    if (wrong_.empty()) End();
    return wrong_;
  }

 private:
  void Say(const std::string& line) const {
    if (loud_) std::printf("%s\n", line.c_str());
  }

  void Interfere(const char* when) {
    const auto interference = administrator_.Interfere();
    Say(fmt::format("  {}: somebody {}", when, interference.text));
    changed_number_ |= interference.reach == Reach::kNumber;
    changed_documents_ |= interference.reach == Reach::kDocuments || changed_number_;
  }

  void Step() {
    if (dice_.Chance(70)) changes_.Change(1 + static_cast<int>(dice_.Below(4)));
    if (dice_.Chance(60)) Interfere("before");
    if (dice_.Chance(30)) world_.clock.Advance(kHour);
    const bool within = dice_.Chance(40);
    int turns = within ? 1 + static_cast<int>(dice_.Below(40)) : -1;
    world_.stop_signal = [this, turns]() mutable {
      if (turns > 0 && --turns == 0) Interfere("meanwhile");
      return 0;
    };
    interfered_ = within;
    const sync::SyncMode modes[] = {sync::SyncMode::kFull, sync::SyncMode::kIncremental,
                                    sync::SyncMode::kIncremental, sync::SyncMode::kAccessControl};
    Run(dice_.Pick(modes));
    world_.stop_signal = [] { return 0; };
    interfered_ = false;
    if (dice_.Chance(50)) administrator_.Heal();
  }

  report::RunSummary Run(sync::SyncMode mode) {
    report::RunSummary summary = world_.Run(mode);
    const int code = static_cast<int>(summary.exit_code);
    Say(fmt::format("mode {}: exit {} {}", static_cast<int>(mode), code, summary.message));
    for (const std::string& line : world_.reporter.lines) Say("    " + line);
    if (summary.exit_code == ExitCode::kFailed) wrong_ = "exit 1: " + summary.message;
    if (summary.exit_code == ExitCode::kOk && !interfered_) Judge(mode, summary);
    // Somebody who lost the index to another keeper has to say so.
    if (summary.exit_code == ExitCode::kLocked && dice_.Chance(50)) TakeOver();
    return summary;
  }

  void TakeOver() {
    world_.options.take_over = true;
    const report::RunSummary summary = world_.Run(sync::SyncMode::kFull);
    world_.options.take_over = false;
    Say(fmt::format("--take-over: exit {} {}", static_cast<int>(summary.exit_code),
                    summary.message));
    if (summary.exit_code == ExitCode::kOk && !interfered_) {
      Judge(sync::SyncMode::kFull, summary);
    }
  }

  // A run said that all is well.
  void Judge(sync::SyncMode mode, const report::RunSummary& summary) {
    const bool compares = mode == sync::SyncMode::kFull && !Continued();
    if (compares) changed_documents_ = changed_number_ = false;
    const bool looked = compares || summary.counters.entries > 0;
    if (mode != sync::SyncMode::kAccessControl && looked && !changed_documents_) {
      Expect("the index differs from the Dropbox", world_.Difference());
    }
    if (compares || mode == sync::SyncMode::kAccessControl) {
      Expect("somebody sees what they must not", Leaks(world_));
    }
  }

  // A full sync that was continued has not looked again at what it compared before.
  bool Continued() const {
    return std::ranges::any_of(world_.reporter.lines, [](const std::string& line) {
      return line.starts_with("continuing the full sync");
    });
  }

  void Expect(const char* what, const std::string& difference) {
    if (difference.empty() || !wrong_.empty()) return;
    wrong_ = fmt::format("{}: {}", what, difference.substr(0, 600));
  }

  // The administrator has gone, and an hour passes: every run is right again.
  void End() {
    administrator_.Heal();
    world_.clock.Advance(2 * kHour);
    report::RunSummary quiet = Run(sync::SyncMode::kIncremental);
    if (Continued()) {
      world_.clock.Advance(kHour);
      quiet = Run(sync::SyncMode::kIncremental);
    }
    if (quiet.exit_code == ExitCode::kOk && !changed_number_) {
      Expect("a run of the next hour left the index wrong", world_.Difference());
      Expect("after an hour, somebody sees what they must not", Leaks(world_));
    }
    world_.options.take_over = true;
    report::RunSummary full = Run(sync::SyncMode::kFull);
    // It has closed what was open, and says so once.
    const bool closed = full.exit_code == ExitCode::kDocumentsFailed;
    if (closed || Continued()) full = Run(sync::SyncMode::kFull);
    world_.options.take_over = false;
    if (full.exit_code != ExitCode::kOk) wrong_ = "the last full sync failed: " + full.message;
    const report::RunSummary access = Run(sync::SyncMode::kAccessControl);
    if (access.exit_code != ExitCode::kOk) wrong_ = "the last acl-sync failed: " + access.message;
    Expect("the index differs in the end", world_.Difference());
    Expect("permissions differ in the end", PermissionDifference(world_));
  }

  Dice dice_;
  SyncWorld world_;
  HostileAdministrator administrator_;
  RandomChanges changes_;
  bool loud_;
  bool interfered_ = false;         // in the middle of the run
  bool changed_documents_ = false;  // since the last run that compared everything
  bool changed_number_ = false;     // of documents, since then
  std::string wrong_;
};

}  // namespace

TEST_CASE("whatever is done to the index, a run that says 0 has made it right") {
  if (const std::uint64_t only = NumberFromEnvironment("DBX_ES_HOSTILE_SEED", 0); only != 0) {
    CHECK(Script(only, true).Play() == "");
    return;
  }
  const std::uint64_t scripts = NumberFromEnvironment("DBX_ES_HOSTILE_SCRIPTS", kScripts);
  for (std::uint64_t seed = 1; seed <= scripts; ++seed) {
    INFO("replay with DBX_ES_HOSTILE_SEED=" << seed);
    CHECK(Script(seed, false).Play() == "");
  }
}

}  // namespace dbxes
