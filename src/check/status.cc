// SPDX-License-Identifier: Apache-2.0
#include "check/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <ctime>

#include "base/exit_code.h"
#include "base/json/json_write.h"
#include "base/safe_text.h"
#include "check/age.h"
#include "checkpoint/checkpoint_store.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/side_file.h"
#include "report/result_json.h"
#include "report/text.h"

namespace dbxes::check {
namespace {

constexpr std::size_t kChunk = 1 << 20;

// One deletion a line, in the part of the file that the checkpoint covers.
Result<std::uint64_t> CountPending(DurableFiles& files, const std::string& path,
                                   const checkpoint::SideFileExtent& extent) {
  std::uint64_t count = 0;
  for (std::uint64_t at = 0; at < extent.bytes;) {
    const auto wanted = std::min<std::uint64_t>(kChunk, extent.bytes - at);
    TRY_ASSIGN(auto chunk, files.ReadRange(path, at, static_cast<std::size_t>(wanted)));
    if (chunk.empty()) return Fail(ErrorKind::kConfig, path + " is shorter than it should be");
    count += static_cast<std::uint64_t>(std::count(chunk.begin(), chunk.end(), '\n'));
    at += chunk.size();
  }
  return count;
}

// Nothing if it could not be read.
template <class T>
std::optional<T> Take(Result<T> result, std::vector<Error>& problems) {
  if (result) return *std::move(result);
  problems.push_back(result.error());
  return std::nullopt;
}

void WriteNull(JsonWriter& writer, std::string_view key) {
  WriteKey(writer, key);
  writer.Null();
}

void WriteCount(JsonWriter& writer, std::string_view key, std::optional<std::uint64_t> count) {
  if (count) return WriteNumber(writer, key, *count);
  WriteNull(writer, key);
}

void WriteRun(JsonWriter& writer, const checkpoint::RunRecord& run) {
  writer.StartObject();
  WriteText(writer, "command", run.command);
  WriteText(writer, "started_at", run.started_at);
  WriteNumber(writer, "duration_ms", run.duration_ms);
  WriteNumber(writer, "exit_code", run.exit_code);
  WriteText(writer, "outcome", OutcomeName(static_cast<ExitCode>(run.exit_code)));
  WriteText(writer, "message", run.message);
  std::string_view group;
  for (const report::CounterRow& row : report::kCounterTable) {
    if (row.group != group) {
      if (!group.empty()) writer.EndObject();
      group = row.group;
      WriteKey(writer, group);
      writer.StartObject();
    }
    WriteNumber(writer, row.name, run.counters.*row.member);
  }
  writer.EndObject();
  writer.EndObject();
}

std::string RunLine(const checkpoint::RunRecord& run) {
  std::string started = run.started_at;
  std::replace(started.begin(), started.end(), 'T', ' ');
  started = started.substr(0, 19);
  return fmt::format("{:<19}  {:<11}  {:>10}  {:>4}  {:>7}  {:>7}  {:>7}", started, run.command,
                     report::FormatDuration(Milliseconds(run.duration_ms)), run.exit_code,
                     run.counters.created + run.counters.updated, run.counters.deleted,
                     run.counters.failed);
}

std::string StandOf(const checkpoint::Checkpoint& checkpoint) {
  if (!checkpoint.full_sync) {
    return "last full sync: " +
           (checkpoint.last_full_sync_at.empty() ? "never" : checkpoint.last_full_sync_at);
  }
  return fmt::format("full sync: under way since {}, {} so far", checkpoint.full_sync->started_at,
                     report::CountOf(checkpoint.full_sync->entries, "entry"));
}

constexpr std::string_view kSince = ", since ";  // in the note of the lock

// `note`: of the lock, which is free. A recorded run that ended after the start of this one is this
// one or a later one.
std::optional<std::string> LostRun(const std::string& note,
                                   const std::vector<checkpoint::RunRecord>& runs) {
  constexpr std::int64_t kSecond = 1'000'000;  // times are cut to seconds
  const std::size_t at = note.rfind(kSince);
  if (at == std::string::npos) return std::nullopt;
  const auto began = ParseUtc(note.substr(at + kSince.size()));
  if (!began) return std::nullopt;
  const bool over = std::any_of(runs.begin(), runs.end(), [&](const checkpoint::RunRecord& run) {
    const auto started = ParseUtc(run.started_at);
    return started && *started + run.duration_ms * 1000 + kSecond >= *began;
  });
  return over ? std::nullopt : std::optional(note);
}

// "killed: the run of 2026-08-05T10:00:00Z (pid 12) did not end by itself" of a note "pid 12,
// since 2026-08-05T10:00:00Z".
std::string DescribeLost(const std::string& note) {
  const std::size_t at = note.rfind(kSince);
  return fmt::format("killed: the run of {} ({}) did not end by itself",
                     note.substr(at + kSince.size()), note.substr(0, at));
}

// A run under way changes them meanwhile, so they are read only without one.
void VerifySideFiles(const checkpoint::CheckpointStore& store,
                     const checkpoint::Checkpoint& checkpoint, std::vector<Error>& problems) {
  using checkpoint::SideFile;
  const auto verify = [&](const std::string& path, const checkpoint::SideFileExtent& extent) {
    const auto intact = SideFile(store.files(), path).Verify(extent);
    if (!intact) problems.push_back(intact.error());
  };
  verify(store.pending_path(), checkpoint.pending);
  if (checkpoint.full_sync) verify(store.seen_path(), checkpoint.full_sync->seen);
}

std::string WithAdvice(const IndexLook& look) {
  return look.advice.empty() ? look.text : look.text + ": " + look.advice;
}

void WriteStops(JsonWriter& writer, const SyncStatus& status) {
  WriteKey(writer, "safety_stops");
  writer.StartArray();
  for (const checkpoint::RunRecord& stop : checkpoint::StandingStops(status.runs)) {
    writer.StartObject();
    WriteText(writer, "command", stop.command);
    WriteText(writer, "since", stop.stopped_since);
    WriteText(writer, "message", stop.message);
    writer.EndObject();
  }
  writer.EndArray();
}

// Of the settings that the index was built with (sync/plan/settings_fingerprint.h), each pattern on
// its own line.
std::vector<std::string> PatternsIn(const checkpoint::SettingsFingerprint& settings,
                                    std::string_view name) {
  std::vector<std::string> patterns;
  for (const auto& [setting, value] : settings) {
    if (setting != name) continue;
    std::size_t at = 0;
    while (at <= value.size()) {
      const std::size_t end = std::min(value.find('\n', at), value.size());
      patterns.push_back(InOneLine(value.substr(at, end - at)));
      at = end + 1;
    }
  }
  return patterns;
}

std::int64_t SecondsSince(const SyncStatus& status, std::int64_t then) {
  return std::max<std::int64_t>(0, (status.now - then) / 1'000'000);
}

void ReadCheckpoint(checkpoint::CheckpointStore& store, SyncStatus& status) {
  auto checkpoint = Take(store.Load(), status.problems);
  status.checkpoint_unread = !checkpoint;
  if (checkpoint) status.checkpoint = *std::move(checkpoint);
  if (!status.checkpoint) {
    if (status.checkpoint_unread) status.pending_deletions.reset();
    return;
  }
  status.pending_deletions =
      Take(CountPending(store.files(), store.pending_path(), status.checkpoint->pending),
           status.problems);
  if (!status.running && status.problems.empty()) {
    VerifySideFiles(store, *status.checkpoint, status.problems);
  }
}

void ReadRuns(checkpoint::StatePlace& place, SyncStatus& status) {
  auto runs = Take(checkpoint::RunHistory(place.files(), place.base()).Load(), status.problems);
  status.runs_unread = !runs;
  if (!runs) return;
  status.runs = *std::move(runs);
  if (!status.running) status.lost = LostRun(place.LastHolder(), status.runs);
  if (!status.runs.empty()) status.feed_read = ParseUtc(status.runs.front().feed_read_at);
}

// What the checkpoint, or its absence, and the record of runs say.
void AddStand(const SyncStatus& status, std::vector<std::string>& lines) {
  if (status.checkpoint) {
    lines.push_back(StandOf(*status.checkpoint));
    for (const char* name : {"sync.include", "sync.exclude"}) {
      const std::vector<std::string> patterns = PatternsIn(status.checkpoint->settings, name);
      if (!patterns.empty()) lines.push_back(fmt::format("{}: {}", name, fmt::join(patterns, " ")));
    }
  } else if (!status.checkpoint_unread) {
    lines.emplace_back("last full sync: never; nothing is saved yet");
    return;
  }
  if (status.feed_read) {
    lines.push_back(fmt::format("changes read: {} ({})", FormatUtc(*status.feed_read),
                                FormatAgo(*status.feed_read, status.now)));
  }
  if (status.checkpoint && status.pending_deletions) {
    lines.push_back("pending deletions: " + report::CountOf(*status.pending_deletions, "entry"));
    if (*status.pending_deletions > 0) lines.back() += " (one may be a folder)";
  }
}

void AddFailures(const SyncStatus& status, std::vector<std::string>& lines) {
  if (!status.pending_failures) return;
  lines.push_back("failed documents: " + report::WithThousands(*status.pending_failures));
  const std::uint64_t accepted = status.accepted_failures.value_or(0);
  if (accepted > 0)
    lines.back() += fmt::format(", and {} accepted", report::WithThousands(accepted));
}

}  // namespace

SyncStatus UnreadStatus(Error problem) {
  SyncStatus status;
  status.problems.push_back(std::move(problem));
  status.checkpoint_unread = true;
  status.runs_unread = true;
  status.pending_deletions.reset();
  status.pending_failures.reset();
  status.accepted_failures.reset();
  return status;
}

SyncStatus ReadStatus(checkpoint::StatePlace& place, const Clock& clock,
                      const config::Config& config) {
  checkpoint::CheckpointStore store(place);
  const auto opened = place.Open();
  SyncStatus status = opened ? SyncStatus{} : UnreadStatus(opened.error());
  status.target = fmt::format("{} at {}", config.elasticsearch.index, config.elasticsearch.host);
  status.state_file = store.checkpoint_path();
  status.now = clock.WallMicros();
  if (!opened) return status;
  status.running = Take(place.HeldBy(), status.problems).value_or(std::nullopt);
  ReadCheckpoint(store, status);
  ReadRuns(place, status);
  checkpoint::FailuresFile failures(store.files(), clock, store.failures_path());
  if (auto loaded = failures.Load(); !loaded) {
    status.problems.push_back(loaded.error());
    status.pending_failures.reset();
    status.accepted_failures.reset();
  } else {
    status.accepted_failures = failures.CountAccepted();
    status.pending_failures = failures.CountEarlierFailures() - failures.CountAccepted();
  }
  return status;
}

std::string StopLine(const checkpoint::RunRecord& stop) {
  return fmt::format("stopped for safety: since {}{}", stop.stopped_since,
                     stop.message.empty() ? "" : "; " + stop.message);
}

std::vector<std::string> StatusLines(const SyncStatus& status) {
  std::vector<std::string> lines{"target: " + status.target, "state: " + status.state_file};
  if (status.index) lines.push_back("index: " + WithAdvice(*status.index));
  lines.push_back(status.running ? "running now: " + *status.running : "running now: no");
  if (status.lost) {
    lines.push_back(DescribeLost(*status.lost));
  }
  for (const checkpoint::RunRecord& stop : checkpoint::StandingStops(status.runs)) {
    lines.push_back(StopLine(stop));
  }
  AddStand(status, lines);
  AddFailures(status, lines);
  lines.insert(lines.end(), status.connector.begin(), status.connector.end());
  if (status.runs.empty()) return lines;
  lines.push_back(fmt::format("{:<19}  {:<11}  {:>10}  {:>4}  {:>7}  {:>7}  {:>7}",
                              "last runs (UTC)", "command", "took", "exit", "written", "deleted",
                              "failed"));
  for (const checkpoint::RunRecord& run : status.runs) lines.push_back(RunLine(run));
  return lines;
}

ExitCode CodeOf(const SyncStatus& status) {
  if (!status.problems.empty()) return ExitCode::kConfiguration;
  const bool elsewhere = status.index && status.index->stand == IndexStand::kKeptElsewhere;
  return elsewhere ? ExitCode::kLocked : ExitCode::kOk;
}

std::string MessageOf(const SyncStatus& status) {
  if (CodeOf(status) == ExitCode::kLocked) return WithAdvice(*status.index);
  std::string text;
  for (const Error& problem : status.problems) {
    text += (text.empty() ? "" : "\n") + problem.ToLine();
  }
  return text;
}

std::string StatusJson(const SyncStatus& status) {
  JsonBuffer buffer;
  JsonWriter writer(buffer);
  report::StartResult(writer, "status", CodeOf(status), MessageOf(status));
  WriteStatus(writer, status);
  writer.EndObject();
  return std::string(View(buffer));
}

void WriteStatus(JsonWriter& writer, const SyncStatus& status) {
  WriteText(writer, "target", status.target);
  WriteText(writer, "state_file", status.state_file);
  const IndexLook look = status.index.value_or(IndexLook{});
  WriteText(writer, "index", ToString(look.stand));
  WriteText(writer, "index_message", WithAdvice(look));
  WriteText(writer, "running", status.running.value_or(""));
  WriteText(writer, "lost_run", status.lost.value_or(""));
  if (status.checkpoint_unread) {
    WriteNull(writer, "last_full_sync_at");
    WriteNull(writer, "full_sync_under_way");
  } else {
    WriteText(writer, "last_full_sync_at",
              status.checkpoint ? status.checkpoint->last_full_sync_at : "");
    WriteFlag(writer, "full_sync_under_way", status.checkpoint && status.checkpoint->full_sync);
  }
  WriteText(writer, "changes_read_at", status.feed_read ? FormatUtc(*status.feed_read) : "");
  WriteKey(writer, "changes_age_seconds");
  if (status.feed_read) {
    writer.Int64(SecondsSince(status, *status.feed_read));
  } else {
    writer.Null();
  }
  const checkpoint::SettingsFingerprint settings =
      status.checkpoint ? status.checkpoint->settings : checkpoint::SettingsFingerprint();
  WriteTexts(writer, "include", PatternsIn(settings, "sync.include"));
  WriteTexts(writer, "exclude", PatternsIn(settings, "sync.exclude"));
  WriteCount(writer, "pending_deletions", status.pending_deletions);
  WriteCount(writer, "pending_failures", status.pending_failures);
  WriteCount(writer, "accepted_failures", status.accepted_failures);
  WriteTexts(writer, "connector", status.connector);
  WriteStops(writer, status);
  WriteKey(writer, "runs");
  writer.StartArray();
  for (const checkpoint::RunRecord& run : status.runs) WriteRun(writer, run);
  writer.EndArray();
}

}  // namespace dbxes::check
