// SPDX-License-Identifier: Apache-2.0
#include "state/state_writer.h"

#include <fmt/format.h>

#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "elastic/meaning.h"

namespace dbxes::state {
namespace {

constexpr std::size_t kNonceBytes = 16;

// A write of this run that arrives late changes the version under a later one.
constexpr int kMostConflicts = 3;

}  // namespace

StateWriter::StateWriter(EventLoop& loop, StateIndex& index) : loop_(loop), index_(index) {}

void StateWriter::Begin(std::optional<StoredState> stored, std::string owner) {
  version_ = stored ? stored->version : elastic::DocumentVersion{};
  document_ = stored ? std::move(stored->document) : StateDocument{};
  owner_ = std::move(owner);
  lost_.reset();
  dirty_ = false;
}

StateDocument& StateWriter::Change() {
  dirty_ = true;
  return document_;
}

Result<void> StateWriter::Await() {
  const Pending<bool> over;
  Write([over](const Result<void>& outcome) {
    over.Fulfil(outcome ? Result<bool>(true) : Fail(outcome.error()));
  });
  TRY(loop_.Await(over));
  return {};
}

Result<void> StateWriter::Flush() {
  if (lost_) return Fail(*lost_);
  return dirty_ || write_.busy ? Await() : Result<void>();
}

void StateWriter::Write(Done done) {
  if (lost_) return done(Fail(*lost_));
  if (write_.busy && !dirty_) return write_.served.push_back(std::move(done));
  queue_.push_back(std::move(done));
  if (!write_.busy) StartWrite();
}

void StateWriter::StartWrite() {
  write_.busy = true;
  write_.served = std::exchange(queue_, {});
  write_.conflicts = 0;
  auto nonce = RandomHex(kNonceBytes);
  if (!nonce) return Finish(Fail(nonce.error()));
  document_.nonce = *std::move(nonce);
  if (!document_.holder.IsNobody()) {
    document_.holder.seen = FormatUtc(loop_.clock().WallMicros());
  }
  dirty_ = false;
  write_.document = document_;
  Send();
}

void StateWriter::Send() {
  write_.sent = loop_.clock().Now();
  index_.Write(write_.document, version_,
               callbacks_.Bind(
                   [this](const Result<elastic::DocumentVersion>& answer) { OnAnswer(answer); }));
}

void StateWriter::OnAnswer(const Result<elastic::DocumentVersion>& answer) {
  if (answer) {
    version_ = *answer;
    return Finish({});
  }
  const Error error = answer.error();
  const bool unclear = elastic::IsVersionConflict(error) || error.kind == ErrorKind::kTemporary;
  if (!unclear) return Finish(Fail(error));
  // An attempt may have taken effect although its answer was lost: what is stored decides.
  index_.Read(callbacks_.Bind([this, error](const Result<std::optional<StoredState>>& found) {
    OnReadBack(error, found);
  }));
}

void StateWriter::OnReadBack(const Error& error, const Result<std::optional<StoredState>>& found) {
  if (!found) return Finish(Fail(found.error()));
  if (!*found) {
    // Never stored: the first write of all.
    if (!version_.IsKnown()) return Finish(Fail(error));
    Lose("somebody has deleted the state in the cluster");
    return Finish(Fail(*lost_));
  }
  const StoredState& stored = **found;
  if (stored.document.nonce == write_.document.nonce) {
    version_ = stored.version;
    return Finish({});
  }
  // Nothing was stored.
  const bool unchanged = stored.version.seq_no == version_.seq_no &&
                         stored.version.primary_term == version_.primary_term;
  if (unchanged) return Finish(Fail(error));
  if (stored.document.holder.owner != owner_) {
    Lose(stored.document.holder.IsNobody() ? "another run has taken the state, and has ended since"
                                           : fmt::format("another run has taken the state ({})",
                                                         stored.document.holder.Describe()));
    return Finish(Fail(*lost_));
  }
  // An attempt of an earlier write, for which this run no longer waited, has arrived since.
  version_ = stored.version;
  const bool again = elastic::IsVersionConflict(error) && ++write_.conflicts < kMostConflicts;
  if (again) return Send();
  Finish(Fail(error));
}

void StateWriter::Finish(Result<void> outcome) {
  if (outcome) last_sent_ = write_.sent;
  if (!outcome) dirty_ = true;
  write_.busy = false;
  const std::vector<Done> served = std::exchange(write_.served, {});
  const std::vector<Done> refused = lost_ ? std::exchange(queue_, {}) : std::vector<Done>{};
  // Before the callbacks, which may write again.
  if (!queue_.empty()) StartWrite();
  for (const Done& done : refused) done(outcome);
  for (const Done& done : served) done(outcome);
}

void StateWriter::Lose(std::string_view how) {
  // No kLocked, which says that a run has done nothing and that nobody has to know.
  lost_ = Error{ErrorKind::kKeptElsewhere,
                fmt::format("{}: this run has been silent for too long, and stops; what it has "
                            "saved is kept",
                            how)};
}

}  // namespace dbxes::state
