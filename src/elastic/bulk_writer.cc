// SPDX-License-Identifier: Apache-2.0
#include "elastic/bulk_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/http/url.h"
#include "elastic/bulk_response.h"
#include "elastic/ndjson_encoder.h"

namespace dbxes::elastic {
namespace {

std::string BulkTarget(const BulkSettings& settings) {
  std::string target =
      fmt::format("/{}/_bulk?filter_path={}", PercentEncode(settings.index), kBulkFilterPath);
  if (!settings.pipeline.empty()) target += "&pipeline=" + PercentEncode(settings.pipeline);
  return target;
}

}  // namespace

BulkSettings BulkSettings::From(const config::Config& config, std::uint64_t seed) {
  BulkSettings settings;
  settings.index = config.elasticsearch.index;
  settings.pipeline = config.elasticsearch.pipeline;
  settings.max_bytes = config.elasticsearch.bulk_max_bytes;
  settings.max_actions = config.elasticsearch.bulk_max_actions;
  settings.max_concurrency = config.elasticsearch.bulk_max_concurrency;
  settings.give_up_after = config.sync.give_up_after;
  settings.seed = seed;
  return settings;
}

BulkWriter::BulkWriter(Client& client, BulkSettings settings,
                       std::function<void(report::FailedDocument)> on_rejected,
                       std::function<void(report::FailedDocument)> on_conflict,
                       std::function<void(const report::Change&)> on_change)
    : loop_(client.loop()),
      max_bytes_(settings.max_bytes),
      max_actions_(settings.max_actions),
      max_concurrency_(static_cast<std::size_t>(settings.max_concurrency)),
      route_{client,
             BulkTarget(settings),
             ConflictTarget(settings.index),
             settings.give_up_after,
             std::move(on_rejected),
             std::move(on_conflict),
             std::move(on_change),
             settings.max_bytes,
             Backoff(settings.seed)},
      open_(settings.max_bytes) {}

Result<void> BulkWriter::Add(const BulkAction& action) {
  Pump();
  if (failure_) return Fail(*failure_);
  const std::uint64_t id_hash = Hash64(action.id);
  TRY(AwaitHash(id_hash));
  if (IsFull(action)) {
    TRY(Launch());
  }
  open_.Append(action, id_hash);
  // Sends a full batch at once if there is room: the next Add may come much later.
  const bool full = open_.size() >= max_actions_ || open_.bytes() >= route_.max_bytes;
  if (full && flights_.size() < max_concurrency_) return Launch();
  return {};
}

bool BulkWriter::IsFull(const BulkAction& next) const {
  return !open_.empty() &&
         (open_.size() >= max_actions_ || open_.bytes() + NdjsonSize(next) > route_.max_bytes);
}

const BulkFlight* BulkWriter::FlightWith(std::uint64_t id_hash) const {
  for (const auto& flight : flights_) {
    if (flight->batch().Contains(id_hash)) return flight.get();
  }
  return nullptr;
}

Result<void> BulkWriter::AwaitHash(std::uint64_t id_hash) {
  if (open_.Contains(id_hash)) {
    TRY(Launch());
  }
  return WaitUntil([&] { return FlightWith(id_hash) == nullptr; });
}

Result<void> BulkWriter::Launch() {
  if (open_.empty()) return {};
  auto room = WaitUntil([&] { return flights_.size() < max_concurrency_; });
  if (room) LaunchNow();
  return room;
}

void BulkWriter::LaunchNow() {
  BulkBatch next(spare_.empty() ? max_bytes_ : 0);
  if (!spare_.empty()) {
    next = std::move(spare_.back());
    spare_.pop_back();
  }
  flights_.push_back(
      std::make_unique<BulkFlight>(route_, std::exchange(open_, std::move(next)), open_number_++));
  // Starts the request now, not when the caller waits for something the next time.
  loop_.RunOnce(Milliseconds(0));
}

void BulkWriter::Mark(std::uint64_t token) {
  marks_.push_back({token, open_.empty() ? open_number_ - 1 : open_number_});
  // While nothing is in flight, a mark does not wait until its batch is full: small pages become
  // durable one by one, and large ones still share requests.
  if (flights_.empty() && !open_.empty() && !failure_) LaunchNow();
  ReleaseMarks();
}

std::optional<std::uint64_t> BulkWriter::TakeReleasedMark() {
  Pump();
  return std::exchange(released_, std::nullopt);
}

Result<void> BulkWriter::Flush() {
  Pump();
  if (failure_) return Fail(*failure_);
  return Launch();
}

Result<void> BulkWriter::Drain() {
  TRY(Flush());
  return WaitUntil([&] { return flights_.empty(); });
}

void BulkWriter::StartOver() {
  flights_.clear();
  open_.Clear();
  marks_.clear();
  released_.reset();
  failure_.reset();
}

std::size_t BulkWriter::BufferedBytes() const {
  std::size_t bytes = open_.bytes();
  for (const auto& flight : flights_) bytes += flight->batch().bytes();
  return bytes;
}

template <class Condition>
Result<void> BulkWriter::WaitUntil(Condition condition) {
  while (!condition()) {
    if (const int signal = loop_.StopSignal(); signal != 0) {
      return Fail(EventLoop::Interrupted(signal));
    }
    loop_.RunOnce();
    Pump();
    if (failure_) return Fail(*failure_);
  }
  return {};
}

// Every flight handles the answer that has arrived for it.
void BulkWriter::Pump() {
  if (failure_) return;
  bool settled = false;
  for (const auto& flight : flights_) {
    if (Result<void> advanced = flight->Advance(); !advanced) {
      failure_ = std::move(advanced.error());
      break;
    }
    settled = settled || flight->Settled();
  }
  if (!settled) return;
  for (auto& flight : flights_) {
    if (!flight->Settled()) continue;
    BulkBatch batch = flight->TakeBatch();
    flight.reset();
    // The memory of a batch with one huge document is not worth keeping.
    if (batch.bytes() > 2 * max_bytes_) continue;
    batch.Clear();
    spare_.push_back(std::move(batch));
  }
  flights_.erase(std::remove(flights_.begin(), flights_.end(), nullptr), flights_.end());
  ReleaseMarks();
}

void BulkWriter::ReleaseMarks() {
  // Flights are in the order of their numbers, and the open batch comes after them.
  const std::uint64_t unsettled = flights_.empty() ? open_number_ : flights_.front()->number();
  while (!marks_.empty() && marks_.front().batch < unsettled) {
    released_ = marks_.front().token;
    marks_.pop_front();
  }
}

}  // namespace dbxes::elastic
