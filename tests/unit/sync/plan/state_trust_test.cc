// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/state_trust.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::sync {
namespace {

std::string Refusal(const FileProbe& probe) {
  config::Config config;
  config.state_dir = "/state";
  const auto trusted = TrustStateFolder(probe, config);
  if (trusted) return "";
  CHECK(trusted.error().kind == ErrorKind::kConfig);
  return trusted.error().message;
}

}  // namespace

TEST_CASE("a state folder in which others may make files is refused before one is there") {
  FileProbe probe;
  CHECK(Refusal(probe) == "");
  probe.fillable_by_anybody = [](const std::string& folder) {
    return folder == "/state" ? "everybody may make files in /state" : "";
  };
  CHECK(Refusal(probe) ==
        "other users can change the state, and so make a run delete documents: everybody may make "
        "files in /state");
}

TEST_CASE("each file of the state is examined") {
  for (const std::string ending : {".json", ".pending", ".failures.ndjson", ".seen", ".id"}) {
    CAPTURE(ending);
    FileProbe probe;
    probe.changeable_by_anybody = [&ending](const std::string& path) {
      return path.starts_with("/state/") && path.ends_with(ending) ? "because" : "";
    };
    CHECK(Refusal(probe).ends_with("documents: because"));
  }
}

}  // namespace dbxes::sync
