// SPDX-License-Identifier: Apache-2.0
#include "connector/sync_job.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include "unit/connector/connector_world.h"

namespace dbxes::connector {
namespace {

constexpr Milliseconds kBeats{25'000};

JobFacts FactsOf(JobType type = JobType::kFull) {
  return {.type = type,
          .connector = "c1",
          .index = "docs",
          .host = "one",
          .target = "http://search.test:9200/docs"};
}

struct JobWorld : ConnectorWorld {
  explicit JobWorld(JobFacts of_run = FactsOf()) : facts(std::move(of_run)) {
    RegisterNow();
    elastic.ClearBooks();
  }

  SyncJob& NewRun() {
    job.emplace(client, config, facts,
                SyncJob::Callbacks{[this] { return counts; }, [this] { canceled = true; },
                                   [this](const std::string& text) { warnings.push_back(text); }});
    return *job;
  }
  std::string Begin() {
    const auto begun = NewRun().Begin();
    return begun ? "" : begun.error().ToLine();
  }
  void End(ExitCode code, const std::string& message = "") {
    job->End({.exit_code = code, .message = message, .total = 7, .unchanged = 3, .failed = 1});
  }
  // The process is killed.
  void Kill() { job.reset(); }
  void Live(Milliseconds time) { CHECK(loop.Wait(time)); }

  // The only job, or the one that the connector names.
  std::string JobId() const {
    const std::string id = Shows(fmt::format("dbx_es.{}", LastJobMember(facts.type)));
    return id.substr(1, id.size() - 2);
  }
  std::string Job(std::string_view path) const { return At(Document(kJobIndex, JobId()), path); }
  std::size_t Jobs() const { return elastic.Documents(kJobIndex).size(); }

  JobFacts facts;
  JobCounts counts;
  bool canceled = false;
  std::vector<std::string> warnings;
  std::optional<SyncJob> job;
};

TEST_CASE("a run begins as a job, and locks the connector") {
  JobWorld world;
  CHECK(world.Begin() == "");
  CHECK(world.elastic.requests() == 2);
  CHECK(world.Shows("last_sync_status") == R"("in_progress")");
  CHECK(world.Shows("status") == R"("connected")");
  CHECK(world.Shows("last_access_control_sync_status") == "null");
  CHECK(world.Job("status") == R"("in_progress")");
  CHECK(world.Job("job_type") == R"("full")");
  CHECK(world.Job("trigger_method") == R"("scheduled")");
  CHECK(world.Job("worker_hostname") == R"("one")");
  CHECK(world.Job("started_at") == world.Job("created_at"));
  CHECK(world.Job("completed_at") == "null");
  CHECK(world.Job("total_document_count") == "null");
  CHECK(world.Job("connector.id") == R"("c1")");
  CHECK(world.Job("connector.index_name") == R"("docs")");
  CHECK(world.Job("connector.filtering.validation.state") == R"("valid")");
  CHECK(world.Job("connector.sync_cursor") == "null");
  CHECK(world.Job("metadata.dbx_es.target") == R"("http://search.test:9200/docs")");
}

TEST_CASE("secrets that a peer left in the connector are not in jobs") {
  JobWorld world;
  world.Change(kConnectorIndex, "c1",
               R"({"configuration":{"app_secret":{"value":"very secret"},"path":{"value":"/p"}}})");
  CHECK(world.Begin() == "");
  CHECK(world.elastic.Source(kJobIndex, world.JobId())->find("very secret") == std::string::npos);
  CHECK(world.Job("connector.configuration.path.value") == R"("/p")");
}

TEST_CASE("a job shows what the run has done, and ends with it") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string begun = world.Job("last_seen");
  world.counts = {.indexed = 5, .deleted = 2, .bytes = 3u << 20};
  world.Live(kBeats);
  CHECK(world.Job("indexed_document_count") == "5");
  CHECK(world.Job("last_seen") != begun);
  world.counts.indexed = 6;
  world.End(ExitCode::kOk);
  CHECK(world.Job("status") == R"("completed")");
  CHECK(world.Job("indexed_document_count") == "6");
  CHECK(world.Job("deleted_document_count") == "2");
  CHECK(world.Job("indexed_document_volume") == "3");
  CHECK(world.Job("total_document_count") == "7");
  CHECK(world.Job("completed_at") != "null");
  CHECK(world.Job("error") == "null");
  CHECK(world.Job("metadata.dbx_es.unchanged") == "3");
  CHECK(world.Job("metadata.dbx_es.version") != "absent");
  CHECK(world.Job("metadata.dbx_es.full_sync") == "absent");
  CHECK(world.Shows("last_sync_status") == R"("completed")");
  CHECK(world.Shows("last_sync_error") == "null");
  CHECK(world.Shows("last_indexed_document_count") == "6");
  CHECK(world.Shows("last_synced") != "null");
  CHECK(world.warnings.empty());
}

TEST_CASE("a job shows why it was a full sync, whatever its type is") {
  JobWorld world(FactsOf(JobType::kIncremental));
  CHECK(world.Begin() == "");
  world.job->End({.full_because = "no state yet"});
  CHECK(world.Job("job_type") == R"("incremental")");
  CHECK(world.Job("status") == R"("completed")");
  CHECK(world.Job("metadata.dbx_es.full_sync") == R"("no state yet")");
  CHECK(world.Job("metadata.dbx_es.target") != "absent");
}

TEST_CASE("how a run ended is what Kibana shows") {
  struct Row {
    ExitCode code;
    const char* job;
    const char* connector;
    const char* job_error;
    const char* connector_error;
  };
  const Row rows[] = {
      {ExitCode::kDocumentsFailed, R"("completed")", R"("connected")", "null", R"("the reason")"},
      {ExitCode::kUnavailable, R"("error")", R"("error")", R"("the reason")", R"("the reason")"},
      {ExitCode::kSafetyStop, R"("error")", R"("error")", R"("the reason")", R"("the reason")"},
      {ExitCode::kTerminated, R"("suspended")", R"("connected")", "null", "null"},
      {ExitCode::kTimeLimit, R"("suspended")", R"("connected")", "null", "null"},
      {ExitCode::kInterrupted, R"("suspended")", R"("connected")", "null", "null"},
      {ExitCode::kCanceled, R"("canceled")", R"("connected")", "null", "null"},
  };
  for (const Row& row : rows) {
    JobWorld world;
    CHECK(world.Begin() == "");
    world.End(row.code, "the reason");
    CAPTURE(row.job);
    CHECK(world.Job("status") == row.job);
    CHECK(world.Job("error") == row.job_error);
    CHECK((world.Job("completed_at") == "null") == (std::string(row.job) == R"("suspended")"));
    CHECK(world.Shows("last_sync_status") == row.job);
    CHECK(world.Shows("last_sync_error") == row.job_error);
    CHECK(world.Shows("status") == row.connector);
    CHECK(world.Shows("error") == row.connector_error);
  }
}

TEST_CASE("a success after an error clears it") {
  JobWorld world;
  CHECK(world.Begin() == "");
  world.End(ExitCode::kFailed, "it broke");
  CHECK(world.Shows("last_sync_error") == R"("it broke")");
  CHECK(world.Begin() == "");
  world.End(ExitCode::kOk);
  CHECK(world.Shows("last_sync_error") == "null");
  CHECK(world.Shows("error") == "null");
  CHECK(world.Jobs() == 2);
}

TEST_CASE("a long reason is cut, and one that is not text is replaced") {
  JobWorld world;
  CHECK(world.Begin() == "");
  world.End(ExitCode::kFailed, std::string(100'000, 'x'));
  CHECK(world.Job("error").size() == 8 * 1024 + 2);
  CHECK(world.Begin() == "");
  world.End(ExitCode::kFailed, "\xff\xfe");
  CHECK(world.Job("error") == R"("the reason is not valid UTF-8; see the log")");
}

TEST_CASE("identities are another kind of job") {
  JobWorld world(FactsOf(JobType::kAccessControl));
  world.facts.index = ".search-acl-filter-docs";
  CHECK(world.Begin() == "");
  CHECK(world.Job("job_type") == R"("access_control")");
  CHECK(world.Job("connector.index_name") == R"(".search-acl-filter-docs")");
  CHECK(world.Shows("last_access_control_sync_status") == R"("in_progress")");
  CHECK(world.Shows("last_sync_status") == "null");
  world.End(ExitCode::kFailed, "no");
  CHECK(world.Shows("last_access_control_sync_error") == R"("no")");
  CHECK(world.Shows("last_sync_error") == "null");
}

TEST_CASE("somebody cancels the job while it runs") {
  JobWorld world;
  CHECK(world.Begin() == "");
  // As Kibana and the API do it.
  world.Change(kJobIndex, world.JobId(),
               R"({"status":"canceling","cancelation_requested_at":"2026-08-05T10:00:05Z"})");
  world.Change(kConnectorIndex, "c1",
               R"({"last_sync_status":"canceled","last_access_control_sync_status":"canceled"})");
  CHECK(!world.canceled);
  world.Live(kBeats);
  CHECK(world.canceled);
  CHECK(world.Job("status") == R"("canceling")");
  world.End(ExitCode::kCanceled, "canceled in Kibana");
  CHECK(world.Job("status") == R"("canceled")");
  CHECK(world.Job("canceled_at") != "null");
  CHECK(world.Job("completed_at") != "null");
  CHECK(world.Shows("last_sync_status") == R"("canceled")");
}

// Kibana saw it wait, and cancels such a job at once.
TEST_CASE("somebody cancels the job at the moment in which a run takes it") {
  JobWorld world;
  CHECK(world.Begin() == "");
  world.Change(kJobIndex, world.JobId(),
               R"({"status":"canceled","cancelation_requested_at":"2026-08-05T10:00:05Z",)"
               R"("canceled_at":"2026-08-05T10:00:05Z","completed_at":"2026-08-05T10:00:05Z"})");
  world.Live(kBeats);
  CHECK(world.canceled);
  const auto before = world.elastic.Documents(kJobIndex);
  world.End(ExitCode::kCanceled, "canceled in Kibana");
  CHECK(world.elastic.Documents(kJobIndex) == before);
  CHECK(world.Shows("last_sync_status") == R"("canceled")");
  CHECK(world.Shows("last_sync_error") == "null");
  CHECK(world.warnings.empty());
}

TEST_CASE("a job that is canceled in its last moment is canceled") {
  JobWorld world;
  CHECK(world.Begin() == "");
  SUBCASE("while it runs") { world.Change(kJobIndex, world.JobId(), R"({"status":"canceling"})"); }
  SUBCASE("as one that waits") {
    world.Change(kJobIndex, world.JobId(), R"({"status":"canceled"})");
  }
  world.End(ExitCode::kOk);
  CHECK(world.Job("status") == R"("canceled")");
  CHECK(world.Shows("last_sync_status") == R"("canceled")");
  CHECK(world.warnings.empty());
}

TEST_CASE("what Kibana changes in the connector during a run stays") {
  JobWorld world;
  CHECK(world.Begin() == "");
  world.Change(kConnectorIndex, "c1", R"({"name":"Renamed","description":"new"})");
  world.End(ExitCode::kOk);
  CHECK(world.Shows("name") == R"("Renamed")");
  CHECK(world.Shows("last_sync_status") == R"("completed")");
  CHECK(world.Job("status") == R"("completed")");
}

TEST_CASE("the connector is seen at least every five minutes") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string begun = world.Shows("last_seen");
  world.Live(Milliseconds(200'000));
  CHECK(world.Shows("last_seen") == begun);
  world.Live(Milliseconds(130'000));
  CHECK(world.Shows("last_seen") != begun);
  world.End(ExitCode::kOk);
  CHECK(world.warnings.empty());
}

TEST_CASE("a job that was deleted, or that somebody ended, is left alone") {
  JobWorld world;
  CHECK(world.Begin() == "");
  SUBCASE("deleted") { world.elastic.Delete(kJobIndex, world.JobId()); }
  SUBCASE("ended") {
    world.Change(kJobIndex, world.JobId(), R"({"status":"error","error":"idle"})");
  }
  world.Live(kBeats);
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].starts_with("Kibana does not follow this run any more: its job is "));
  const auto before = world.elastic.Documents(kJobIndex);
  world.End(ExitCode::kOk);
  world.Live(kBeats);
  CHECK(world.elastic.Documents(kJobIndex) == before);
  CHECK(!world.canceled);
  // The next run repairs the lock.
  CHECK(world.Begin() == "");
  CHECK(world.Shows("last_sync_status") == R"("in_progress")");
}

TEST_CASE("a run that was killed leaves nothing behind that the next one does not repair") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string dead = world.JobId();
  world.Live(kBeats);
  world.Kill();
  CHECK(world.Begin() == "");
  CHECK(world.JobId() != dead);
  const auto job = world.Document(kJobIndex, dead);
  CHECK(ConnectorWorld::At(job, "status") == R"("error")");
  CHECK(ConnectorWorld::At(job, "error")
            .starts_with(
                "\"The run on one did not end by itself; it was last seen at 2026-08-05T10:00:2"));
  CHECK(ConnectorWorld::At(job, "completed_at") != "null");
  world.End(ExitCode::kOk);
  CHECK(world.Shows("last_sync_status") == R"("completed")");
}

TEST_CASE("a run that was killed while somebody canceled it is canceled") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string dead = world.JobId();
  world.Change(kJobIndex, dead, R"({"status":"canceling"})");
  world.Change(kConnectorIndex, "c1", R"({"last_sync_status":"canceled"})");
  world.Kill();
  CHECK(world.Begin() == "");
  CHECK(ConnectorWorld::At(world.Document(kJobIndex, dead), "status") == R"("canceled")");
}

TEST_CASE("another program that syncs the connector keeps a run out, as long as it lives") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string theirs = world.JobId();
  const std::string seen = world.Job("last_seen");
  world.Kill();
  world.facts.host = "two";
  CHECK(world.Begin() == "another program syncs connector c1: job " + theirs +
                             " on host one, last seen at " + seen.substr(1, seen.size() - 2) +
                             "; nothing was done");
  CHECK(world.Jobs() == 1);
  SUBCASE("the state is in the cluster, which this run holds") { world.facts.shared_state = true; }
  SUBCASE("it is silent for five minutes") { world.clock.JumpWall(301'000'000); }
  CHECK(world.Begin() == "");
  CHECK(ConnectorWorld::At(world.Document(kJobIndex, theirs), "status") == R"("error")");
}

TEST_CASE("the clock of another program that is ahead keeps no run out for ever") {
  JobWorld world;
  CHECK(world.Begin() == "");
  world.Kill();
  world.facts.host = "two";
  world.clock.JumpWall(-3'600'000'000);
  CHECK(world.Begin() == "");
}

TEST_CASE("a run whose job somebody has replaced leaves the connector to the other run") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string ours = world.JobId();
  world.Change(kJobIndex, ours, R"({"status":"error","error":"idle"})");
  world.Change(kConnectorIndex, "c1",
               R"({"dbx_es":{"job":"theirs"},"last_sync_status":"in_progress"})");
  const auto before = world.elastic.Source(kConnectorIndex, "c1");
  world.End(ExitCode::kOk);
  CHECK(world.elastic.Source(kConnectorIndex, "c1") == before);
  CHECK(ConnectorWorld::At(world.Document(kJobIndex, ours), "error") == R"("idle")");
}

TEST_CASE("a run of the other kind leaves the connector to the run that began before") {
  JobWorld world;
  CHECK(world.Begin() == "");
  // Of another service, whose state does not hold this run.
  JobFacts facts = FactsOf(JobType::kAccessControl);
  facts.host = "two";
  SyncJob other(world.client, world.config, facts,
                SyncJob::Callbacks{[] { return JobCounts(); }, [] {}, [](const std::string&) {}});
  REQUIRE(other.Begin());
  other.End({.exit_code = ExitCode::kFailed, .message = "refused"});
  world.End(ExitCode::kOk);
  CHECK(world.Job("status") == R"("completed")");
  CHECK(world.Shows("last_sync_status") == R"("completed")");
  CHECK(world.Shows("last_access_control_sync_status") == R"("error")");
}

TEST_CASE("a lock without a job is taken") {
  JobWorld world;
  world.Change(kConnectorIndex, "c1", R"({"last_sync_status":"in_progress"})");
  CHECK(world.Begin() == "");
  world.End(ExitCode::kOk);
  CHECK(world.Shows("last_sync_status") == R"("completed")");
}

TEST_CASE("a suspended job continues with its start and its counts") {
  JobWorld world;
  CHECK(world.Begin() == "");
  const std::string id = world.JobId();
  const std::string started = world.Job("started_at");
  world.counts = {.indexed = 5, .deleted = 1, .bytes = 2u << 20};
  world.End(ExitCode::kTerminated, "stopped by SIGTERM");
  world.clock.Advance(Milliseconds(3'600'000));
  world.facts.type = JobType::kIncremental;
  world.counts = {.indexed = 3, .deleted = 0, .bytes = 1u << 20};
  CHECK(world.Begin() == "");
  CHECK(world.JobId() == id);
  CHECK(world.Job("status") == R"("in_progress")");
  world.End(ExitCode::kOk);
  CHECK(world.Job("started_at") == started);
  CHECK(world.Job("indexed_document_count") == "8");
  CHECK(world.Job("deleted_document_count") == "1");
  CHECK(world.Job("indexed_document_volume") == "3");
  CHECK(world.Job("status") == R"("completed")");
  CHECK(world.Jobs() == 1);
}

TEST_CASE("the answer to a write that was applied is lost") {
  JobWorld world;
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kResetApplied;
  SUBCASE("at the beginning") { fault.skip = 0; }
  SUBCASE("at the end") { fault.skip = 1; }
  world.elastic.Inject(fault);
  CHECK(world.Begin() == "");
  CHECK(world.Jobs() == 1);
  CHECK(world.Job("status") == R"("in_progress")");
  world.End(ExitCode::kOk);
  CHECK(world.Jobs() == 1);
  CHECK(world.Job("status") == R"("completed")");
  CHECK(world.Shows("last_sync_status") == R"("completed")");
  CHECK(world.warnings.empty());
}

TEST_CASE("two runs race for the lock, and one of them wins") {
  JobWorld world;
  bool first = true;
  JobWorld* const other = &world;
  world.elastic.before_write = [&](const FakeBulkOperation& operation) {
    if (!std::exchange(first, false) || operation.operation != "update") return;
    other->elastic.Put(kJobIndex, "theirs",
                       R"({"connector":{"id":"c1"},"status":"in_progress","job_type":"full",)"
                       R"("created_at":"2026-08-05T10:00:00Z","worker_hostname":"peer",)"
                       R"("last_seen":"2026-08-05T10:00:00Z"})");
    other->Change(kConnectorIndex, "c1", R"({"last_sync_status":"in_progress"})");
  };
  CHECK(world.Begin().starts_with("another program syncs connector c1: job theirs on host peer"));
  CHECK(world.Jobs() == 1);
}

TEST_CASE("a job that somebody deletes before a run has taken it is not run") {
  JobFacts facts = FactsOf();
  facts.job = "pressed";
  JobWorld world(facts);
  world.elastic.Put(kJobIndex, "pressed",
                    WaitingJob(world.Connector(), FactsOf(), "2026-08-05T09:00:00Z"));
  world.elastic.before_write = [&world](const FakeBulkOperation&) {
    world.elastic.Delete(kJobIndex, "pressed");
  };
  CHECK(world.Begin().find("job pressed of connector c1 is deleted by now") != std::string::npos);
  CHECK(world.Shows("last_sync_status") == "null");
  CHECK(world.Jobs() == 0);
}

TEST_CASE("a job that cannot be written leaves no lock behind") {
  JobWorld world;
  const std::string before = world.Shows("last_sync_status");
  world.elastic.RemoveAlias(kJobIndex);
  const std::string problem = world.Begin();
  CHECK(problem.find("is not an alias") != std::string::npos);
  CHECK(world.Shows("last_sync_status") == before);
  CHECK(world.Shows("status") == R"("configured")");
}

TEST_CASE("a connector that cannot be used ends a run at once") {
  JobWorld world;
  SUBCASE("unknown") {
    world.elastic.Delete(kConnectorIndex, "c1");
    CHECK(world.Begin() ==
          "there is no connector c1 in http://search.test:9200; run dbx-es connector register");
  }
  SUBCASE("without an index") {
    world.Change(kConnectorIndex, "c1", R"({"index_name":null})");
    CHECK(world.Begin() == "connector c1: it has no index yet; run dbx-es connector register");
  }
  SUBCASE("deleted") {
    world.Change(kConnectorIndex, "c1", R"({"deleted":true})");
    CHECK(world.Begin() == "connector c1: it was deleted in Kibana; choose another id");
  }
  CHECK(world.Jobs() == 0);
}

TEST_CASE("a cluster that answers no more does not hold up the end of a run") {
  JobWorld world;
  world.config.sync.give_up_after = Milliseconds(10'000);
  CHECK(world.Begin() == "");
  ElasticFault fault;
  fault.kind = ElasticFault::Kind::kStatus;
  fault.route = "";
  fault.status = 400;
  fault.body = R"({"error":{"type":"illegal_argument_exception","reason":"no"},"status":400})";
  fault.times = -1;
  world.elastic.Inject(fault);
  world.Live(kBeats);
  CHECK(world.warnings.empty());
  world.End(ExitCode::kOk);
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].starts_with("Kibana does not show how this run ended: "));
  world.elastic.ClearFaults();
  CHECK(world.Begin() == "");
  world.End(ExitCode::kOk);
  CHECK(world.Job("status") == R"("completed")");
}

}  // namespace
}  // namespace dbxes::connector
