// SPDX-License-Identifier: Apache-2.0
#include "check/failure_report.h"

#include <doctest/doctest.h>

namespace dbxes::check {
namespace {

using Lines = std::vector<std::string>;

checkpoint::FailureRecord Record() {
  checkpoint::FailureRecord record{{"id:1", "/a.pdf", "download", 500, "no answer"}, 2, ""};
  record.time = "2026-08-05T10:00:00Z";
  return record;
}

}  // namespace

TEST_CASE("what failed, why, and when it is tried again") {
  checkpoint::FailureRecord waits = Record();
  waits.attempts = 1;
  waits.next = "2026-08-05T12:00:00Z";
  checkpoint::FailureRecord accepted = Record();
  accepted.accepted = "2026-08-05T11:00:00Z";
  checkpoint::FailureRecord refused = Record();
  refused.failure.operation = checkpoint::kRefusedOperation;
  CHECK(FailureLines({Record(), waits, accepted, refused}) ==
        Lines{"failed: /a.pdf (download, HTTP 500): no answer",
              "  id:1, 2 attempts, last 2026-08-05T10:00:00Z; the next run tries it again",
              "failed: /a.pdf (download, HTTP 500): no answer",
              "  id:1, 1 attempt, last 2026-08-05T10:00:00Z; tried again after "
              "2026-08-05T12:00:00Z",
              "failed: /a.pdf (download, HTTP 500): no answer",
              "  id:1, 2 attempts, last 2026-08-05T10:00:00Z; accepted 2026-08-05T11:00:00Z; "
              "tried again when the file changes",
              "refused: /a.pdf: no answer",
              "  id:1, 2 attempts, last 2026-08-05T10:00:00Z; the next run tries it again"});
}

TEST_CASE("failures as JSON") {
  CHECK(FailuresJson("/state/f", {Record()}) ==
        R"({"command":"failures","outcome":"ok","exit_code":0,"message":"",)"
        R"("failures_file":"/state/f","failures":[{"id":"id:1","path":"/a.pdf",)"
        R"("operation":"download","status":500,"reason":"no answer",)"
        R"("time":"2026-08-05T10:00:00Z","attempts":2,"next":"","accepted":""}]})");
  CHECK(FailuresJson("/state/f", {}) ==
        R"({"command":"failures","outcome":"ok","exit_code":0,"message":"","failures_file":"",)"
        R"("failures":[]})");
}

}  // namespace dbxes::check
