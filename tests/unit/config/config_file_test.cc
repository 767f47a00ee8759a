// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace dbxes::config {
namespace {

std::vector<std::string> Problems(std::string_view text) {
  const auto file = ParseConfigFile(text, "f.toml");
  INFO((file ? std::string() : file.error().message));
  REQUIRE(file.has_value());
  return file->problems;
}

}  // namespace

TEST_CASE("settings come with their type and line") {
  const auto file = ParseConfigFile(
      "# comment\n[dropbox]\npath = \"/a\"\nretry_count = 0x10\n\n[sync]\nstall_timeout = 1.5\n"
      "[elasticsearch]\nverify_certs = false\nhost = [1]\n",
      "f.toml");
  REQUIRE(file.has_value());
  CHECK(file->problems.empty());
  REQUIRE(file->settings.size() == 5);
  CHECK(std::is_sorted(file->settings.begin(), file->settings.end(),
                       [](const auto& a, const auto& b) { return a.line < b.line; }));
  const auto find = [&](std::string_view key) -> const RawValue& {
    for (const FileSetting& setting : file->settings) {
      if (setting.row->key == key) return setting.value;
    }
    FAIL("no such setting");
    return file->settings[0].value;
  };
  CHECK(find("path").kind == RawValue::kString);
  CHECK(find("path").text == "/a");
  CHECK(find("path").origin == "f.toml:3");
  CHECK(find("retry_count").kind == RawValue::kInteger);
  CHECK(find("retry_count").text == "16");
  CHECK(find("stall_timeout").kind == RawValue::kFloat);
  CHECK(find("stall_timeout").text == "1.5");
  CHECK(find("stall_timeout").origin == "f.toml:7");
  CHECK(find("verify_certs").kind == RawValue::kBoolean);
  CHECK(find("verify_certs").text == "false");
  CHECK(find("host").kind == RawValue::kOther);
  CHECK(find("host").text == "a list");
}

TEST_CASE("the element that spoils a list of strings is named") {
  const auto flaw = [](const std::string& list) {
    const auto file = ParseConfigFile("[sync]\nexclude = " + list + "\n", "f.toml");
    REQUIRE(file.has_value());
    REQUIRE(file->settings.size() == 1);
    return file->settings[0].value.flaw;
  };
  CHECK(flaw("[\"a\", 5]") == "whose element 2 is a number");
  CHECK(flaw("[[\"a\"]]") == "whose element 1 is a list");
  CHECK(flaw("[]") == "");
  CHECK(flaw("[\"a\"]") == "");
}

TEST_CASE("dotted keys are the same as sections") {
  const auto file = ParseConfigFile("dropbox.path = \"/a\"\n", "f.toml");
  REQUIRE(file.has_value());
  REQUIRE(file->settings.size() == 1);
  CHECK(SettingName(*file->settings[0].row) == "dropbox.path");
  CHECK(file->settings[0].value.origin == "f.toml:1");
}

TEST_CASE("unknown names are refused with the nearest one and their line") {
  CHECK(Problems("[elasticsearch]\nindx = \"a\"\n") ==
        std::vector<std::string>{
            "f.toml:2: unknown setting \"elasticsearch.indx\"; did you mean \"index\"?"});
  CHECK(Problems("\n[elastisearch]\nindex = \"a\"\n") ==
        std::vector<std::string>{
            "f.toml:2: unknown section \"elastisearch\"; did you mean \"elasticsearch\"?"});
  CHECK(Problems("[dropbox]\ncolour = 1\n") ==
        std::vector<std::string>{"f.toml:2: unknown setting \"dropbox.colour\""});
  CHECK(Problems("index = \"a\"\n") ==
        std::vector<std::string>{"f.toml:1: \"index\" belongs under [elasticsearch]"});
  CHECK(Problems("dropbox = 3\n") ==
        std::vector<std::string>{"f.toml:1: expected a section [dropbox], found a number"});
  CHECK(Problems("[[dropbox]]\npath = \"/\"\n") ==
        std::vector<std::string>{"f.toml:1: expected a section [dropbox], found a list"});
}

TEST_CASE("several problems come in the order of their lines") {
  const auto problems = Problems("[sync]\nzzz = 1\nmax_delet = 2\n[dropbox]\naaa = 3\n");
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].starts_with("f.toml:2: "));
  CHECK(problems[1].starts_with("f.toml:3: "));
  CHECK(problems[2].starts_with("f.toml:5: "));
}

TEST_CASE("text that is no TOML is refused with line and column") {
  const auto file = ParseConfigFile("[dropbox]\npath = /a\n", "f.toml");
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error().kind == ErrorKind::kConfig);
  CHECK(file.error().message.starts_with("f.toml:2:8: "));
  // A parser's message may not carry the secret on that line.
  const auto secret = ParseConfigFile("[dropbox]\nrefresh_token = s3cretvalue\n", "f.toml");
  REQUIRE_FALSE(secret.has_value());
  CHECK(secret.error().message.find("s3cretvalue") == std::string::npos);
  const auto twice = ParseConfigFile("[dropbox]\npath = \"/\"\npath = \"/b\"\n", "f.toml");
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().message.starts_with("f.toml:3:"));
}

TEST_CASE("a secret without its quotes is not in a message") {
  for (const char* value : {"123456789012345678901234567890", "1e9999", "0xfffffffffffffffffffffff",
                            "123456789012345678901234567890x", "sl.123456789", "n123456789",
                            "1979-05-27T123456789", "'123456789'123456789"}) {
    CAPTURE(value);
    const auto file =
        ParseConfigFile(std::string("[dropbox]\nrefresh_token = ") + value + "\n", "/f.toml");
    REQUIRE_FALSE(file);
    CHECK(file.error().message.find("/f.toml:2:") == 0);
    for (const char* part : {"1234", "9999", "ffff"}) {
      CHECK(file.error().message.find(part) == std::string::npos);
    }
  }
}

TEST_CASE("an empty file is no error") {
  const auto file = ParseConfigFile("", "f.toml");
  REQUIRE(file.has_value());
  CHECK(file->settings.empty());
  CHECK(file->problems.empty());
}

TEST_CASE("a section header without a name is a mistake in the file") {
  for (const std::string_view text :
       {"[= 1]\n", "[[= 1]]\n", "[.a]\n", "[a.=]\n", "[", "[[", "[]"}) {
    CAPTURE(text);
    const auto file = ParseConfigFile(text, "dbx-es.toml");
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::kConfig);
    CHECK(file.error().message.starts_with("dbx-es.toml:"));
  }
}

}  // namespace dbxes::config
