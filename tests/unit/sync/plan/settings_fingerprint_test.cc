// SPDX-License-Identifier: Apache-2.0
#include "sync/plan/settings_fingerprint.h"

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
  config.dropbox.paths = {"/b"};
  CHECK(DescribeDifference(before, FingerprintOf(config, {})) ==
        "dropbox.path was \"/\" and is now \"/b\"");
  CHECK(PathsOf(before) == FolderList{""});
  CHECK(PathsOf(FingerprintOf(config, {})) == FolderList{"/b"});
}

TEST_CASE("several folders are a list of the settings") {
  config::Config config;
  config.dropbox.paths = {"/a", "/b"};
  const checkpoint::SettingsFingerprint before = FingerprintOf(config, {});
  CHECK(PathsOf(before) == config.dropbox.paths);
  CHECK(DescribeDifference(before, FingerprintOf(config, {})).empty());
  config.dropbox.paths = {"/a"};
  CHECK(DescribeDifference(before, FingerprintOf(config, {})) ==
        "the list dropbox.path has changed");
}

TEST_CASE("patterns that decide alike are no change") {
  config::Config config;
  const checkpoint::SettingsFingerprint before = FingerprintOf(config, {});
  config.sync.exclude = {"*.tmp", "/b"};
  config.sync.include = {"a b"};
  const checkpoint::SettingsFingerprint now = FingerprintOf(config, {});
  CHECK(std::is_sorted(now.begin(), now.end()));
  CHECK(DescribeDifference(before, now) ==
        "sync.exclude is new (\"*.tmp /b\"); sync.include is new (\"a b\")");
  config.sync.exclude = {"/b", "*.tmp", "/b"};
  CHECK(DescribeDifference(now, FingerprintOf(config, {})).empty());
  config.sync.include = {"a", "b"};
  CHECK(DescribeDifference(now, FingerprintOf(config, {})) == "the list sync.include has changed");
}

TEST_CASE("a setting that older versions lack is named only where it is on") {
  config::Config config;
  const checkpoint::SettingsFingerprint before = FingerprintOf(config, {});
  config.extraction.guess_language = true;
  const checkpoint::SettingsFingerprint now = FingerprintOf(config, {});
  CHECK(std::is_sorted(now.begin(), now.end()));
  CHECK(DescribeDifference(before, now) == "extraction.guess_language is new (\"true\")");
  CHECK(DescribeDifference(now, before) == "extraction.guess_language (\"true\") is no longer set");
  config.extraction.ocr.on = true;
  config.extraction.ocr.languages = "deu";
  CHECK(DescribeDifference(now, FingerprintOf(config, {})) == "extraction.ocr is new (\"deu\")");
  // It has no effect there.
  config.extraction.mode = config::ExtractionMode::kPipeline;
  const auto has_it = [](const auto& setting) {
    return setting.first == "extraction.guess_language" || setting.first == "extraction.ocr";
  };
  const checkpoint::SettingsFingerprint without = FingerprintOf(config, {});
  CHECK(std::none_of(without.begin(), without.end(), has_it));
}

}  // namespace dbxes::sync
