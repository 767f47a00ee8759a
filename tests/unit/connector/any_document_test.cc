// SPDX-License-Identifier: Apache-2.0
// Connectors and jobs in which any member has become any JSON value: nothing crashes, only what is
// ours is written, and a look that follows has nothing more to write. DBX_ES_KIBANA_DOCUMENTS=N
// plays more of them; DBX_ES_KIBANA_DOCUMENT=N repeats one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/check_in.h"
#include "connector/sync_job.h"
#include "support/mutated_json.h"
#include "support/seeds.h"
#include "unit/connector/connector_world.h"

namespace dbxes::connector {
namespace {

constexpr Milliseconds kBeats{25'000};
constexpr const char* kTarget = "http://search.test:9200/docs";
// Members that only people and other programs write.
constexpr std::string_view kOfOthers[] = {
    "api_key_id", "api_key_secret_id", "custom_scheduling", "deleted",  "description",
    "index_name", "is_native",         "language",          "name",     "pipeline",
    "scheduling", "service_type",      "sync_cursor",       "sync_now", "configuration"};
constexpr std::string_view kOfCreators[] = {"connector", "job_type", "trigger_method", "created_at",
                                            "cancelation_requested_at"};
constexpr ExitCode kEnds[] = {
    ExitCode::kOk,       ExitCode::kDocumentsFailed, ExitCode::kFailed,    ExitCode::kUnavailable,
    ExitCode::kCanceled, ExitCode::kTerminated,      ExitCode::kSafetyStop};

using Documents = std::map<std::string, std::string>;

// Whether everything in `before` is in `after`, which may have more, also in place of null.
bool Keeps(const rapidjson::Value& before, const rapidjson::Value& after) {
  if (before.IsNull()) return true;
  if (!before.IsObject() || !after.IsObject()) return before == after;
  const auto members = before.GetObject();
  return std::all_of(members.begin(), members.end(), [&after](const auto& member) {
    const auto found = after.FindMember(member.name);
    const bool absent = found == after.MemberEnd();
    return absent ? member.value.IsNull() : Keeps(member.value, found->value);
  });
}

class Spoiled {
 public:
  explicit Spoiled(std::uint64_t seed) : dice_(seed) {
    world_.RegisterNow();
    world_.config.dropbox.use_document_level_security = dice_.Below(2) == 0;
    world_.elastic.Put(kConnectorIndex, "c2", *world_.elastic.Source(kConnectorIndex, "c1"));
    world_.elastic.Put(kJobIndex, "theirs", WaitingJob(world_.Connector(), FactsOf("c2"), kNow));
    Arrange();
    for (std::size_t times = 1 + dice_.Below(4); times > 0; --times) MutateOne();
  }

  void Play() {
    Note("a look", Look(StateHold::kUnknown));
    world_.clock.Advance(std::chrono::hours(dice_.Below(3)));
    const auto waiting = Look(StateHold::kOurs);
    Note("another look", waiting);
    Run(waiting && *waiting ? **waiting : WaitingRun());
    Refresh();
    // What one adds, such as the interval of a schedule, another one may have to judge.
    for (const char* look : {"the next look", "the one after it"}) {
      Note(look, Look(StateHold::kOurs));
      Refresh();
    }
    world_.elastic.ClearBooks();
    Note("the last look", Look(StateHold::kOurs));
    if (world_.elastic.Requests("_bulk") > 0) Wrong("a look that follows writes again");
    CheckOthers();
  }

  std::string Story() const {
    std::string story;
    for (const std::string& step : dice_.steps()) story += step + "\n";
    for (const std::string& step : steps_) story += step + "\n";
    return story;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  static constexpr const char* kNow = "2026-08-05T10:00:00.000Z";

  static JobFacts FactsOf(const std::string& connector, JobType type = JobType::kFull) {
    return {
        .type = type, .connector = connector, .index = "docs", .host = "one", .target = kTarget};
  }

  // A connector in any of its usual states.
  void Arrange() {
    constexpr const char* kStates[] = {"pending", "suspended", "in_progress", "canceling",
                                       "completed"};
    const auto connector = world_.Connector();
    for (std::size_t at = 0; at < dice_.Below(4); ++at) {
      const auto type = static_cast<JobType>(dice_.Below(3));
      const std::string id = fmt::format("j{}", at);
      const bool waits = dice_.Below(2) == 0;
      world_.elastic.Put(kJobIndex, id,
                         waits ? WaitingJob(connector, FactsOf("c1", type), kNow)
                               : NewJob(connector, FactsOf("c1", type), kNow));
      world_.Change(kJobIndex, id, fmt::format(R"({{"status":"{}"}})", kStates[dice_.Below(5)]));
      if (dice_.Below(2) == 0) continue;
      world_.Change(kConnectorIndex, "c1",
                    fmt::format(R"({{"dbx_es":{{"{}":"{}"}},"{}":"in_progress"}})",
                                LastJobMember(type), id, LockMember(type)));
    }
    if (dice_.Below(2) == 0) {
      world_.Change(kConnectorIndex, "c1",
                    R"({"scheduling":{"incremental":{"enabled":true,"interval":"0 0 * * * ?"}}})");
    }
    if (dice_.Below(2) == 0) EditDraft();
  }

  void EditDraft() {
    auto connector = world_.Connector();
    connector["filtering"][0]["draft"]["validation"]["state"].SetString("edited");
    world_.elastic.Put(kConnectorIndex, "c1", JsonText(connector));
  }

  void MutateOne() {
    std::vector<std::string> jobs;
    for (const auto& [id, source] : world_.elastic.Documents(kJobIndex)) {
      if (id != "theirs") jobs.push_back(id);
    }
    const bool of_connector = jobs.empty() || dice_.Below(2) == 0;
    const std::string id = of_connector ? "c1" : jobs[dice_.Below(jobs.size())];
    const char* index = of_connector ? kConnectorIndex : kJobIndex;
    rapidjson::Document document = world_.Document(index, id);
    dice_.Mutate(document);
    world_.elastic.Put(index, id, JsonText(document));
    before_ = world_.elastic.Documents(kJobIndex);
    connector_ = *world_.elastic.Source(kConnectorIndex, "c1");
  }

  // A second passes, and searches see what was written.
  void Refresh() {
    for (const auto& [id, source] : world_.elastic.Documents(kJobIndex)) {
      world_.elastic.Put(kJobIndex, id, source);
    }
  }

  Result<std::optional<WaitingRun>> Look(StateHold hold) {
    CheckIn check_in(world_.store, world_.config, world_.clock, {"one", kTarget, false});
    return check_in.Next(hold);
  }

  template <class Outcome>
  void Note(const char* what, const Outcome& outcome) {
    steps_.push_back(fmt::format("{}: {}", what, outcome ? "ok" : outcome.error().ToLine()));
    if (outcome) return;
    const ErrorKind kind = outcome.error().kind;
    // The connector cannot be used, or another program seems to sync it.
    if (kind != ErrorKind::kConfig && kind != ErrorKind::kLocked) Wrong(steps_.back());
  }

  // A sync, for a job that waits or for one of its own, while somebody spoils the documents.
  void Run(const WaitingRun& waiting) {
    JobFacts facts = FactsOf("c1", waiting.type);
    facts.job = waiting.job;
    bool canceled = false;
    SyncJob job(world_.client, world_.config, facts,
                {[] { return JobCounts{.indexed = 5, .deleted = 2, .bytes = 9}; },
                 [&canceled] { canceled = true; }, [](const std::string&) {}});
    const auto begun = job.Begin();
    Note("a run begins", begun);
    if (begun && dice_.Below(2) == 0) MutateOne();
    if (!world_.loop.Wait(kBeats)) Wrong("the loop ends");
    const ExitCode code = canceled ? ExitCode::kCanceled : kEnds[dice_.Below(std::size(kEnds))];
    job.End({.exit_code = code, .message = "as it is"});
    if (waiting.job.empty()) return;
    CheckIn check_in(world_.store, world_.config, world_.clock, {"one", kTarget, false});
    Note("the job is settled", check_in.Settle(waiting, {.exit_code = code, .message = "x"}));
  }

  void CheckOthers() {
    if (world_.elastic.Documents(kConnectorIndex).size() != 2) Wrong("other connectors");
    const rapidjson::Document before = Parse(connector_);
    const rapidjson::Document after = world_.Connector();
    for (const std::string_view member : kOfOthers) CheckMember(before, after, "c1", member);
    Documents jobs = world_.elastic.Documents(kJobIndex);
    // One for each schedule, and one of the run.
    if (jobs.size() > before_.size() + 4) Wrong("too many jobs");
    for (const auto& [id, source] : before_) {
      const rapidjson::Document now = Parse(jobs[id]);
      const rapidjson::Document then = Parse(source);
      if (now.IsNull()) Wrong("job " + id + " is gone");
      for (const std::string_view member : kOfCreators) CheckMember(then, now, id, member);
      if (id == "theirs" && now != then) Wrong("the job of another connector");
    }
  }

  void CheckMember(const rapidjson::Value& before, const rapidjson::Value& after,
                   const std::string& id, std::string_view member) {
    const rapidjson::Value* then = FindMember(before, member);
    if (then == nullptr || then->IsNull()) return;
    const rapidjson::Value* now = FindMember(after, member);
    if (now == nullptr || !Keeps(*then, *now)) Wrong(fmt::format("{} of {}", member, id));
  }

  static rapidjson::Document Parse(const std::string& text) {
    rapidjson::Document document;
    document.Parse(text.c_str());
    return document;
  }

  void Wrong(const std::string& what) { wrong_ += what + "\n"; }

  ConnectorWorld world_;
  JsonMutator dice_;
  Documents before_;  // jobs, once they were spoiled last
  std::string connector_;
  std::vector<std::string> steps_;
  std::string wrong_;
};

TEST_CASE("whatever connectors and jobs have become, only what is ours is written") {
  const auto [first, last] =
      SeedsFromEnvironment("DBX_ES_KIBANA_DOCUMENT", "DBX_ES_KIBANA_DOCUMENTS", 300);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    CAPTURE(seed);
    Spoiled spoiled(seed);
    spoiled.Play();
    CAPTURE(spoiled.Story());
    CHECK(spoiled.wrong() == "");
  }
}

}  // namespace
}  // namespace dbxes::connector
