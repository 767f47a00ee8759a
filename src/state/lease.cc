// SPDX-License-Identifier: Apache-2.0
#include "state/lease.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/random.h"

namespace dbxes::state {
namespace {

constexpr std::size_t kOwnerBytes = 16;

// Signs of life in the time of a lease, and how often somebody looks for them.
constexpr int kBeats = 4;
constexpr int kLooks = 12;
// Clocks run at slightly different speeds: a holder is careful for this part of the lease.
constexpr int kMargin = 10;

Error HeldBy(const Holder& holder) {
  return {ErrorKind::kLocked,
          fmt::format("another run holds this target ({}); nothing was done", holder.Describe())};
}

}  // namespace

Lease::Lease(EventLoop& loop, StateIndex& index, Milliseconds duration,
             std::function<void(const Error&, Milliseconds)> on_wait)
    : loop_(loop),
      index_(index),
      duration_(duration),
      on_wait_(std::move(on_wait)),
      writer_(loop, index) {}

Result<void> Lease::Read() {
  TRY_ASSIGN(auto found, index_.Read());
  writer_.Begin(std::move(found), "");
  return {};
}

// Once for each holder: somebody may try to take the state again and again, until it is free.
void Lease::Announce(const Holder& holder) {
  if (std::exchange(announced_, holder.owner) == holder.owner) return;
  on_wait_({ErrorKind::kLocked,
            fmt::format("the state is held by {}; waiting for a sign of life of that run, which "
                        "may have been killed",
                        holder.Describe())},
           holder.lease);
}

// Waits for a part of the time that it takes to be sure. kLocked if the holder is alive.
Result<bool> Lease::IsDead(const StateDocument& found, std::optional<Watched>& watched) {
  const Holder& holder = found.holder;
  const Milliseconds now = loop_.clock().Now();
  if (!watched) {
    watched = {found.nonce, now};
    Announce(holder);
  }
  if (watched->nonce != found.nonce) return Fail(HeldBy(holder));
  const Milliseconds lease = std::max(holder.lease, duration_);
  if (now - watched->since >= lease) return true;
  TRY(loop_.Wait(lease / kLooks));
  return false;
}

Result<void> Lease::Take(const std::string& host, int pid) {
  std::optional<Watched> watched;
  for (;;) {
    TRY_ASSIGN(auto found, index_.Read());
    if (found && !found->document.holder.IsNobody()) {
      TRY_ASSIGN(const bool dead, IsDead(found->document, watched));
      if (!dead) continue;
    }
    if (!found) TRY(index_.Create());
    Holder me;
    TRY_ASSIGN(me.owner, RandomHex(kOwnerBytes));
    me.host = host;
    me.pid = pid;
    me.since = FormatUtc(loop_.clock().WallMicros());
    me.lease = duration_;
    const auto claimed = Claim(std::move(found), std::move(me));
    if (claimed) break;
    // Another run was faster: it holds the state now, or has returned it already.
    const bool again = writer_.lost().has_value();
    held_ = !again && claimed.error().kind == ErrorKind::kInterrupted;
    if (!again) return claimed;
  }
  KeepAliveLater();
  return {};
}

Result<void> Lease::Claim(std::optional<StoredState> found, Holder me) {
  const bool dead = found && !found->document.holder.IsNobody();
  writer_.Begin(std::move(found), me.owner);
  StateDocument& document = writer_.Change();
  document.after_kill = document.after_kill || dead;
  after_dead_ = document.after_kill;
  document.holder = std::move(me);
  ++document.epoch;
  held_ = true;
  return writer_.Await();
}

Result<void> Lease::GiveBack() {
  if (!held_) return {};
  if (writer_.lost()) return Fail(*writer_.lost());
  writer_.Change().holder = {};
  auto done = writer_.Await();
  held_ = false;
  return done;
}

// Others count from the moment when they see a write, which is not before it is sent.
bool Lease::IsFresh() const {
  return loop_.clock().Now() < writer_.last_sent() + duration_ - duration_ / kMargin;
}

void Lease::WhenHeld(StateWriter::Done done) {
  if (writer_.lost()) return done(Fail(*writer_.lost()));
  if (!held_) return done(Fail(ErrorKind::kLocked, "this run does not hold the state"));
  if (IsFresh()) return done({});
  Renew(std::move(done));
}

// The write that is waited for may have been sent long ago.
void Lease::Renew(StateWriter::Done done) {
  writer_.Write(callbacks_.Bind([this, done = std::move(done)](const Result<void>& written) {
    if (!written || IsFresh()) return done(written);
    Renew(done);
  }));
}

void Lease::KeepAliveLater() {
  loop_.After(duration_ / kBeats, callbacks_.Bind([this] { KeepAlive(); }));
}

void Lease::KeepAlive() {
  if (!is_held()) return;
  // What is under way is a sign of life, too. An error is that of the next write, which somebody
  // waits for.
  if (!writer_.is_busy()) writer_.Write([](const Result<void>&) {});
  KeepAliveLater();
}

}  // namespace dbxes::state
