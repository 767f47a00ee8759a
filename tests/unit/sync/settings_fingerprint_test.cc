// SPDX-License-Identifier: Apache-2.0
#include "sync/settings_fingerprint.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace dbxes::sync {

TEST_CASE("documents of another version are no change of a setting") {
  const config::Config config;
  const checkpoint::SettingsFingerprint now = FingerprintOf(config, {});
  CHECK_FALSE(HasOtherDocuments(now, now));
  CHECK(std::is_sorted(now.begin(), now.end()));
  checkpoint::SettingsFingerprint before = now;
  std::erase_if(before, [](const auto& setting) { return setting.first == "documents"; });
  REQUIRE(before.size() + 1 == now.size());
  CHECK(HasOtherDocuments(before, now));
  CHECK(DescribeDifference(before, now).empty());
  // After a return to the older version, which does not know them, it is the same.
  CHECK(DescribeDifference(now, before).empty());
}

TEST_CASE("a setting that shaped the index is named with both values") {
  config::Config config;
  const checkpoint::SettingsFingerprint before = FingerprintOf(config, {});
  config.dropbox.path = "/b";
  CHECK(DescribeDifference(before, FingerprintOf(config, {})) ==
        "dropbox.path was \"/\" and is now \"/b\"");
}

}  // namespace dbxes::sync
