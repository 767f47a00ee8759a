// SPDX-License-Identifier: Apache-2.0
// Whole runs with connectors and jobs in which any member has become any JSON value, before a run
// or during it: a sync that works does not fail by them. DBX_ES_KIBANA_DOCUMENTS=N plays more of
// them; DBX_ES_KIBANA_DOCUMENT=N repeats one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "connector/connector_document.h"
#include "support/mutated_json.h"
#include "support/seeds.h"
#include "sync/kibana_world.h"

namespace dbxes {
namespace {

class Spoiled {
 public:
  explicit Spoiled(std::uint64_t seed) : dice_(seed) {
    // Else they may leave out anything.
    world_.config.connector.rules = false;
    for (std::size_t at = 0; at < dice_.Below(3); ++at) {
      constexpr const char* kTypes[] = {"full", "incremental", "access_control"};
      constexpr const char* kStates[] = {"pending", "suspended", "in_progress", "completed"};
      world_.PressSync(fmt::format("j{}", at), kTypes[dice_.Below(3)], kStates[dice_.Below(4)]);
    }
  }

  void Play() {
    if (dice_.Below(2) == 0) {
      // The first run leaves documents of its own to spoil.
      Run("a run", [this] { return world_.Full(); });
      world_.RefreshJobs();
    }
    for (std::size_t times = 1 + dice_.Below(3); times > 0; --times) Mutate();
    const bool usable = IsUsable();
    const bool meanwhile = dice_.Below(2) == 0;
    world_.stop_signal = [this, meanwhile, events = std::size_t{0}]() mutable {
      if (meanwhile && ++events % 20 == 0) Mutate();
      // Long enough for signs of life.
      if (meanwhile) world_.clock.Advance(Milliseconds(500));
      return 0;
    };
    const bool looks = dice_.Below(2) == 0;
    const auto code = looks ? Run("a look", [this] { return world_.RunKibanaJob(); })
                            : Run("a sync", [this] { return world_.Full(); });
    world_.stop_signal = [] { return 0; };
    if (usable && !meanwhile && code == ExitCode::kConfiguration) Wrong("a sync that works fails");
    const bool synced = code == ExitCode::kOk && !looks;
    if (synced && !world_.Difference().empty()) Wrong(world_.Difference());
  }

  std::string Story() const {
    std::string story;
    for (const std::string& step : dice_.steps()) story += step + "\n";
    for (const std::string& step : steps_) story += step + "\n";
    return story;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  void Mutate() {
    std::vector<std::pair<const char*, std::string>> documents{{kConnectors, "c1"}};
    for (const auto& [id, source] : world_.elastic.Documents(kJobs))
      documents.emplace_back(kJobs, id);
    const auto& [index, id] = documents[dice_.Below(documents.size())];
    auto document = ParseJson(*world_.elastic.Source(index, id), "a document");
    dice_.Mutate(*document);
    world_.elastic.Put(index, id, JsonText(*document));
  }

  bool IsUsable() const {
    const auto connector = ParseJson(*world_.elastic.Source(kConnectors, "c1"), "connector");
    return connector::CheckConnector(*connector, world_.config, /*registers=*/false).has_value();
  }

  template <class Command>
  ExitCode Run(const char* what, Command command) {
    const auto summary = command();
    const ExitCode code = summary.exit_code;
    steps_.push_back(fmt::format("{}: {} {}", what, static_cast<int>(code), summary.message));
    // The connector cannot be used, another program seems to sync it, or somebody has canceled it.
    // A time that is ahead of the clock, or behind it, makes a schedule due.
    const bool may = code == ExitCode::kOk || code == ExitCode::kConfiguration ||
                     code == ExitCode::kLocked || code == ExitCode::kCanceled;
    if (!may) Wrong(steps_.back());
    return code;
  }

  void Wrong(const std::string& what) { wrong_ += what + "\n"; }

  KibanaWorld world_;
  JsonMutator dice_;
  std::vector<std::string> steps_;
  std::string wrong_;
};

TEST_CASE("whatever connectors and jobs have become, a sync that works does not fail") {
  const auto [first, last] =
      SeedsFromEnvironment("DBX_ES_KIBANA_DOCUMENT", "DBX_ES_KIBANA_DOCUMENTS", 60);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    CAPTURE(seed);
    Spoiled spoiled(seed);
    spoiled.Play();
    CAPTURE(spoiled.Story());
    CHECK(spoiled.wrong() == "");
  }
}

}  // namespace
}  // namespace dbxes
