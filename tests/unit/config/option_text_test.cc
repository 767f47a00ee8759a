// SPDX-License-Identifier: Apache-2.0
#include "config/option_text.h"

#include <doctest/doctest.h>

#include "world.h"

namespace dbxes::config {

TEST_CASE("every default reads back as it is written") {
  World world;
  const LoadedConfig defaults = InspectConfig({.for_a_run = false}, world.Sources());
  for (const OptionRow& row : OptionTable()) {
    if (row.default_text.empty()) continue;
    CAPTURE(SettingName(row));
    World copy;
    copy.files[World::kUserFile] = SettingName(row) + " = " + OptionText(row, defaults) + "\n";
    const LoadedConfig read = InspectConfig({.for_a_run = false}, copy.Sources());
    CHECK(read.problems.empty());
    CHECK(OptionText(row, read) == OptionText(row, defaults));
    CHECK(read.OriginOf(row) == std::string(World::kUserFile) + ":1");
  }
}

TEST_CASE("values are written as a person would") {
  World world;
  world.files[World::kUserFile] =
      "[dropbox]\npath = \"/\"\napp_key = \"a\\\"b\\\\c\\u0001\"\n"
      "app_secret_command = [\"pass\", \"a b\"]\nrefresh_token_command = \"cat x\"\n"
      "[elasticsearch]\nrequest_timeout = 0.5\nbulk_max_bytes = \"1GiB\"\ncompression = \"off\"\n"
      "[extraction]\npaper_format = \"html\"\nmax_file_download_size = 1500\n"
      "[extraction_service]\nprotocol = \"tika\"\n[sync]\nmax_delete = 7\n";
  const LoadedConfig loaded = InspectConfig({.for_a_run = false}, world.Sources());
  REQUIRE(loaded.problems.empty());
  const auto text = [&](std::string_view section, std::string_view key) {
    return OptionText(*FindOption(section, key), loaded);
  };
  CHECK(text("dropbox", "path") == "\"/\"");
  CHECK(text("dropbox", "app_key") == "\"a\\\"b\\\\c\\u0001\"");
  CHECK(text("dropbox", "app_secret_command") == "[\"pass\", \"a b\"]");
  CHECK(text("dropbox", "refresh_token_command") == "\"cat x\"");
  CHECK(text("dropbox", "refresh_token") == "<redacted>");
  CHECK(text("elasticsearch", "request_timeout") == "0.5");
  CHECK(text("elasticsearch", "bulk_max_bytes") == "\"1GiB\"");
  CHECK(text("elasticsearch", "compression") == "\"off\"");
  CHECK(text("elasticsearch", "verify_certs") == "true");
  CHECK(text("extraction", "paper_format") == "\"html\"");
  CHECK(text("extraction", "max_file_download_size") == "1500");
  CHECK(text("extraction", "mode") == "\"local\"");
  CHECK(text("extraction_service", "protocol") == "\"tika\"");
  CHECK(text("sync", "max_delete") == "7");
}

}  // namespace dbxes::config
