// SPDX-License-Identifier: Apache-2.0
#include "sync/runs/failed_documents.h"

#include <doctest/doctest.h>

#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace dbxes::sync {

TEST_CASE("a failure is of a received file if it has a name in place of a path") {
  CHECK(IsReceived({"id:a", "offer.docx", "index", 0, ""}));
  CHECK(IsReceived({"id:a", "", "read", 0, ""}));
  CHECK_FALSE(IsReceived({"id:a", "/offer.docx", "index", 0, ""}));
  CHECK_FALSE(IsReceived({"id:a", "", "delete", 0, ""}));
}

TEST_CASE("an error of one document is recorded with it, and one of the run ends the run") {
  MemoryFileSystem files;
  FakeClock clock;
  checkpoint::FailuresFile failures(files, clock, "");
  Error error{ErrorKind::kNotFound, "it is gone"};
  error.http_status = 409;
  error.concern = Concern::kDocument;
  REQUIRE(FailDocument({"id:a", "/a", "update", 0, ""}, error, failures));
  CHECK(failures.count() == 1);
  const auto recorded = failures.current();
  REQUIRE(recorded);
  REQUIRE(recorded->size() == 1);
  CHECK(recorded->front().status == 409);
  CHECK(recorded->front().reason.find("it is gone") != std::string::npos);
  error.concern = Concern::kRun;
  const auto done = FailDocument({"id:b", "/b", "update", 0, ""}, error, failures);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::kNotFound);
  CHECK(failures.count() == 1);
}

}  // namespace dbxes::sync
