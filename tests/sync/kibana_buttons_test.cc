// SPDX-License-Identifier: Apache-2.0
// A Kibana whose buttons are pressed at random, also while a sync runs, and runners that are
// stopped and killed: in the end everything is at rest, and true. DBX_ES_KIBANA_SEEDS=N plays more
// of them; DBX_ES_KIBANA_SEED=N repeats one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/seeds.h"
#include "sync/kibana_world.h"

namespace dbxes {
namespace {

struct Killed {};

class Buttons {
 public:
  explicit Buttons(std::uint64_t seed) : dice_(seed) {
    world_.seed = seed;
    world_.is_excluded = [this](const sim::LiveItem& item) { return item.name == excluded_; };
  }

  void Play() {
    for (int i = 0; i < 12; ++i) {
      for (std::size_t presses = Below(3); presses > 0; --presses) Press();
      Tick();
    }
  }

  // Nobody presses anything any more.
  void Rest() {
    for (const char* kind : {"full", "incremental", "access_control"}) {
      world_.Schedule(kind, "0 0 0 * * ?", false);
    }
    for (int i = 0; i < 40; ++i) {
      world_.clock.Advance(std::chrono::minutes(2));
      world_.RefreshJobs();
      if (world_.RunKibanaJob().command == "connector") break;
    }
    Note("full-sync");
    CHECK(world_.Full().exit_code == ExitCode::kOk);
    excluded_ = ActiveExclusion();
    INFO(Story());
    CHECK(world_.Difference() == "");
    CHECK(Wrong() == "");
  }

  std::string Story() const {
    std::string story;
    for (const std::string& step : steps_) story += step + "\n";
    return story;
  }

 private:
  std::size_t Below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(dice_);
  }
  void Note(std::string step) { steps_.push_back(std::move(step)); }

  void Press() {
    constexpr const char* kTypes[] = {"full", "incremental", "access_control", "sideways"};
    constexpr const char* kIntervals[] = {"0 0 * * * ?", "0 0/10 * * * ?", "0 0 0 15W * ?",
                                          "never"};
    constexpr const char* kKinds[] = {"full", "incremental", "access_control"};
    const std::size_t button = Below(10);
    Note(fmt::format("  button {}", button));
    switch (button) {
      case 0:
      case 1:
        return world_.PressSync(fmt::format("j{}", ++jobs_), kTypes[Below(4)]);
      case 2:
        return world_.CancelSyncs();
      case 3:
        return world_.EditDraft(world_.ExcludeName(fmt::format("{}.txt", Below(8))));
      case 4:
        return world_.EditDraft(R"({"id":"r1","policy":"perhaps"})");
      case 5:
      case 6:
        return world_.Schedule(kKinds[Below(3)], kIntervals[Below(4)], Below(3) > 0);
      case 7:
        // "Generate API key" writes the document as it was read a moment ago.
        return world_.elastic.Put(kConnectors, "c1", *world_.elastic.Source(kConnectors, "c1"));
      case 8:
        world_.tree().AddFile(fmt::format("/new-{}.txt", ++files_), "text");
        return;
      default:
        world_.clock.Advance(std::chrono::minutes(1 + Below(90)));
    }
  }

  // One call of the timer, which may be stopped or killed, while buttons are pressed.
  void Tick() {
    const std::size_t stop = Below(3) == 0 ? 1 + Below(60) : 0;
    const bool kill = Below(2) == 0;
    world_.stop_signal = [this, stop, kill, events = std::size_t{0}]() mutable {
      ++events;
      if (Below(40) == 0) Press();
      if (stop == 0 || events < stop) return 0;
      if (kill) throw Killed{};
      return SIGTERM;
    };
    std::string end = "killed";
    try {
      const auto summary = world_.RunKibanaJob();
      end = fmt::format("{} ended with {}", summary.command, static_cast<int>(summary.exit_code));
    } catch (const Killed&) {
    }
    world_.stop_signal = [] { return 0; };
    Note("tick: " + end);
    world_.clock.Advance(std::chrono::minutes(1));
    world_.RefreshJobs();
  }

  // The name that the active rule leaves out.
  std::string ActiveExclusion() const {
    const auto connector = ParseJson(world_.elastic.Source(kConnectors, "c1").value(), "connector");
    const auto& rules = (*connector)["filtering"][0]["active"]["rules"];
    return rules.Size() < 2 ? "" : std::string(StringMember(rules[0], "value"));
  }

  std::string Wrong() const {
    std::string wrong;
    for (const auto& [id, source] : world_.elastic.Documents(kJobs)) {
      const std::string status = world_.OfJob(id, "status");
      const bool over = status == "completed" || status == "error" || status == "canceled";
      if (!over) wrong += fmt::format("job {} is {}\n", id, status);
      if (over && world_.OfJob(id, "completed_at") == "null")
        wrong += fmt::format("job {} has no end\n", id);
      if ((status == "error") != (world_.OfJob(id, "error") != "null")) wrong += source + "\n";
    }
    for (const auto& [member, value] :
         std::vector<std::pair<const char*, const char*>>{{"status", "connected"},
                                                          {"last_sync_status", "completed"},
                                                          {"last_sync_error", "null"}}) {
      if (world_.Connector(member) != value)
        wrong += fmt::format("{} is {}\n", member, world_.Connector(member));
    }
    if (world_.Connector("last_access_control_sync_status") == "in_progress") wrong += "locked\n";
    const std::string source = *world_.elastic.Source(kConnectors, "c1");
    if (source.find(R"("state":"edited")") != std::string::npos)
      wrong += "a draft has no verdict\n";
    return wrong;
  }

  KibanaWorld world_;
  std::mt19937_64 dice_;
  std::string excluded_;
  std::vector<std::string> steps_;
  int jobs_ = 0;
  int files_ = 0;
};

TEST_CASE("whatever is pressed in Kibana, in the end everything is at rest and true") {
  const auto [first, last] = SeedsFromEnvironment("DBX_ES_KIBANA_SEED", "DBX_ES_KIBANA_SEEDS", 40);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    CAPTURE(seed);
    Buttons buttons(seed);
    buttons.Play();
    buttons.Rest();
  }
}

}  // namespace
}  // namespace dbxes
