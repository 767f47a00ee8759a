// SPDX-License-Identifier: Apache-2.0
// The files of the state folder.
#include <fmt/format.h>

#include <string>

#include "base/hash.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/failures_file.h"
#include "checkpoint/pending_deletions.h"
#include "checkpoint/run_history.h"
#include "fuzz/fuzz_target.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::fuzz {
namespace {

// The input is the body, under a checksum that matches: no fuzzer would find one.
void ReadCheckpoint(std::string_view bytes) {
  Require(!checkpoint::ParseCheckpoint(bytes, "state").has_value() || !bytes.empty(),
          "nothing is no checkpoint");
  const std::string text =
      fmt::format(R"({{"format":"dbx-es checkpoint","version":1,"xxh3":"{}","checkpoint":{}}})"
                  "\n",
                  ToHex64(Hash64(bytes)), bytes);
  const auto read = checkpoint::ParseCheckpoint(text, "state");
  if (!read) return;
  const std::string written = checkpoint::SerializeCheckpoint(*read);
  const auto again = checkpoint::ParseCheckpoint(written, "state");
  Require(again && checkpoint::SerializeCheckpoint(*again) == written,
          "a checkpoint that was written is read as it is");
}

void ReadStateFiles(std::string_view bytes) {
  MemoryFileSystem files;
  FakeClock clock;
  files.files()["/state/target.failures.ndjson"] = bytes;
  files.files()["/state/target.pending"] = bytes;
  checkpoint::RunHistory history(files, "/state/target");
  files.files()[history.path()] = bytes;
  if (const auto runs = history.Load()) Require(runs->size() <= bytes.size(), "no run is invented");
  checkpoint::FailuresFile failures(files, clock, "/state/target.failures.ndjson");
  static_cast<void>(failures.Load());
  checkpoint::PendingDeletions pending(files, "/state/target.pending");
  pending.TrackCover();
  if (!pending.Open({bytes.size(), Hash64(bytes)})) return;
  const auto read = pending.ForEachBatch(
      2, [](const std::vector<checkpoint::PendingDeletion>&) { return Result<void>(); });
  Require(read.has_value(), "deletions that were opened can be read");
}

const Registration checkpoint_file("checkpoint", ReadCheckpoint);
const Registration state_files("state_files", ReadStateFiles);

}  // namespace
}  // namespace dbxes::fuzz
