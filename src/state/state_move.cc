// SPDX-License-Identifier: Apache-2.0
#include "state/state_move.h"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json/json.h"

namespace dbxes::state {
namespace {

constexpr unsigned kFileMode = 0600;
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::string_view kId = ".id";
constexpr std::string_view kCheckpoint = ".json";
// What the checkpoint counts, and what nothing depends on. Those that grow may be long.
constexpr std::string_view kGrowing[] = {".seen", ".pending"};
constexpr std::string_view kOthers[] = {".failures.ndjson", ".runs.json"};

// Nothing if it is not there.
Result<std::optional<std::string>> ReadPart(checkpoint::StatePlace& place, std::string_view part) {
  auto text = place.files().ReadFile(place.base() + std::string(part));
  if (text) return std::optional<std::string>(*std::move(text));
  if (text.error().kind == ErrorKind::kNotFound) return std::optional<std::string>();
  return Fail(std::move(text.error()));
}

Result<void> CopyPart(checkpoint::StatePlace& from, checkpoint::StatePlace& to,
                      std::string_view part) {
  TRY_ASSIGN(const auto text, ReadPart(from, part));
  const std::string path = to.base() + std::string(part);
  return text ? to.files().ReplaceFile(path, *text, kFileMode) : to.files().Remove(path);
}

Result<void> CopyGrowing(checkpoint::StatePlace& from, checkpoint::StatePlace& to,
                         std::string_view part) {
  const std::string source = from.base() + std::string(part);
  const std::string path = to.base() + std::string(part);
  TRY(to.files().Remove(path));
  std::unique_ptr<AppendFile> copy;
  for (std::uint64_t at = 0;; at += kPiece) {
    auto piece = from.files().ReadRange(source, at, kPiece);
    if (!piece && piece.error().kind == ErrorKind::kNotFound) return {};
    if (!piece) return Fail(std::move(piece.error()));
    if (piece->empty()) break;
    if (!copy) {
      TRY_ASSIGN(copy, to.files().OpenAppend(path, 0));
    }
    TRY(copy->Append(*piece));
  }
  return copy ? copy->Sync() : Result<void>();
}

// What each run increases that writes.
std::uint64_t SequenceOf(const std::string& checkpoint) {
  const auto json = ParseJson(checkpoint, "the checkpoint");
  return json ? UintMember(*json, "sync_seq_reserved").value_or(0) : 0;
}

// Whether there is anything left to move.
Result<bool> CheckStates(checkpoint::StatePlace& from, checkpoint::StatePlace& to) {
  TRY_ASSIGN(const auto id, ReadPart(from, kId));
  TRY_ASSIGN(const auto there, ReadPart(to, kId));
  if (!id && there) return false;
  if (!id) {
    return Fail(ErrorKind::kConfig,
                fmt::format("there is no state in {} that could be moved", from.base()));
  }
  if (!there || *there == *id) return true;
  // A run that wrote nothing leaves no checkpoint.
  TRY_ASSIGN(const auto used, ReadPart(to, kCheckpoint));
  if (!used) return true;
  return Fail(ErrorKind::kConfig,
              fmt::format("there is another state in {} already, with a checkpoint: remove all "
                          "that begins with this name if it is not needed",
                          to.base()));
}

Result<void> CopyAll(checkpoint::StatePlace& from, checkpoint::StatePlace& to) {
  TRY(CopyPart(from, to, kId));
  for (const std::string_view part : kGrowing) TRY(CopyGrowing(from, to, part));
  for (const std::string_view part : kOthers) TRY(CopyPart(from, to, part));
  TRY(CopyPart(from, to, kCheckpoint));
  return to.Flush();
}

Result<void> RemoveAll(checkpoint::StatePlace& place) {
  TRY(place.files().Remove(place.base() + std::string(kCheckpoint)));
  for (const std::string_view part : kGrowing) {
    TRY(place.files().Remove(place.base() + std::string(part)));
  }
  for (const std::string_view part : kOthers) {
    TRY(place.files().Remove(place.base() + std::string(part)));
  }
  // Last: a move that is repeated begins with it.
  TRY(place.files().Remove(place.base() + std::string(kId)));
  return place.Flush();
}

Result<void> MoveHeld(checkpoint::StatePlace& from, checkpoint::StatePlace& to) {
  TRY_ASSIGN(const bool left, CheckStates(from, to));
  if (!left) return {};
  // The checkpoint may be gone already: then an interrupted move had copied everything.
  TRY_ASSIGN(const auto checkpoint, ReadPart(from, kCheckpoint));
  TRY_ASSIGN(const auto copied, ReadPart(to, kCheckpoint));
  // And runs may have used what it had copied.
  const bool used_since = copied && SequenceOf(*copied) > SequenceOf(checkpoint.value_or(""));
  if (!used_since && (checkpoint || !copied)) TRY(CopyAll(from, to));
  return RemoveAll(from);
}

}  // namespace

Result<void> MoveState(checkpoint::StatePlace& from, checkpoint::StatePlace& to, int pid) {
  TRY(from.Take(pid));
  auto moved = to.Take(pid);
  if (moved) moved = MoveHeld(from, to);
  const auto given_back = to.GiveBack();
  if (moved) moved = given_back;
  const auto left = from.GiveBack();
  return moved ? left : moved;
}

}  // namespace dbxes::state
