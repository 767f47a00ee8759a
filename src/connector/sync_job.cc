// SPDX-License-Identifier: Apache-2.0
#include "connector/sync_job.h"

#include <fmt/format.h>

#include <utility>

#include "connector/protocol_time.h"
#include "elastic/meaning.h"

namespace dbxes::connector {
namespace {

// Connectors before 8.13 take a job without a sign of life for 60 s as ended.
constexpr Milliseconds kBeat{10'000};
// Kibana calls a connector dead after 30 minutes.
constexpr Milliseconds kBeatOfConnector{300'000};

}  // namespace

SyncJob::SyncJob(elastic::Client& client, const config::Config& config, JobFacts facts,
                 Callbacks callbacks)
    : loop_(client.loop()),
      store_(client),
      facts_(std::move(facts)),
      lock_(loop_, store_, config, facts_),
      callbacks_of_run_(std::move(callbacks)) {}

Result<void> SyncJob::Begin() {
  auto held = lock_.Take();
  if (!held) {
    // What was written is ended with the run.
    if (held.error().kind == ErrorKind::kInterrupted) held_ = lock_.tentative();
    return Fail(held.error());
  }
  held_ = *std::move(held);
  rules_ = held_->rules;
  active_rules_ = held_->active_rules;
  next_of_connector_ = loop_.clock().Now() + kBeatOfConnector;
  BeatLater();
  return {};
}

void SyncJob::BeatLater() {
  loop_.After(kBeat, callbacks_.Bind([this] { Beat(); }));
}

// An update cannot show that somebody cancels the job, so it is read first. An error is no reason
// to stop: the next beat tries again.
void SyncJob::Beat() {
  if (!held_) return;
  store_.Read(ProtocolIndex::kSyncJobs, held_->id,
              callbacks_.Bind([this](Result<std::optional<StoredDocument>> found) {
                OnJob(std::move(found));
              }));
  if (loop_.clock().Now() >= next_of_connector_) BeatOfConnector();
}

void SyncJob::OnJob(Result<std::optional<StoredDocument>> found) {
  if (!held_) return;
  if (!found) return BeatLater();
  if (!*found) return Lose("its job is gone");
  const StoredDocument& job = **found;
  const std::string_view status = StringMember(job.source, "status");
  held_->job = job.version;
  // Who canceled it while this run was taking it has ended it as well.
  if (status == "canceling" || status == "canceled") {
    // However the run ends, the job is read again before it changes.
    held_->job = {};
    return callbacks_of_run_.cancel();
  }
  if (status != "in_progress") return Lose(fmt::format("its job is {}", status));
  store_.Apply({{Change::kUpdate, ProtocolIndex::kSyncJobs, held_->id,
                 RunningJob(Counts(), FormatTime(loop_.clock().WallMicros())), job.version}},
               callbacks_.Bind([this](const Result<Changed>& changed) { OnBeat(changed); }));
}

void SyncJob::OnBeat(const Result<Changed>& changed) {
  if (!held_) return;
  // After a conflict, the next beat reads the job again.
  if (changed && changed->front()) held_->job = *changed->front();
  BeatLater();
}

void SyncJob::BeatOfConnector() {
  next_of_connector_ = loop_.clock().Now() + kBeatOfConnector;
  const auto written = callbacks_.Bind([this](const Result<Changed>& changed) {
    if (held_ && changed && changed->front()) held_->connector = *changed->front();
  });
  store_.Read(ProtocolIndex::kConnectors, facts_.connector,
              callbacks_.Bind([this, written](const Result<std::optional<StoredDocument>>& found) {
                if (!held_ || !found || !*found) return;
                if (LastJobOf((*found)->source, facts_.type) != held_->id) return;
                const std::string now = FormatTime(loop_.clock().WallMicros());
                held_->connector = (*found)->version;
                store_.Apply({{Change::kUpdate, ProtocolIndex::kConnectors, facts_.connector,
                               fmt::format(R"({{"last_seen":"{}"}})", now), (*found)->version}},
                             written);
              }));
}

// Whatever ended the job, or the next run, unlocks the connector.
void SyncJob::Lose(const std::string& why) {
  callbacks_of_run_.warn(fmt::format("Kibana does not follow this run any more: {}", why));
  held_.reset();
}

void SyncJob::End(JobEnd end) {
  if (!held_) return;
  const HeldJob held = *std::exchange(held_, std::nullopt);
  const auto ended = lock_.Return(held, std::move(end), held.counts + callbacks_of_run_.counts());
  if (ended) return;
  callbacks_of_run_.warn(
      fmt::format("Kibana does not show how this run ended: {}; the next run "
                  "repairs it",
                  ended.error().ToLine()));
}

}  // namespace dbxes::connector
