// SPDX-License-Identifier: Apache-2.0
#include "config/option_value.h"

#include <doctest/doctest.h>

namespace dbxes::config {
namespace {

using Kind = RawValue::Kind;

// "" if the value was taken, else the message.
std::string Assign(Config& config, const char* section, const char* key, const std::string& text,
                   Kind kind = Kind::kText, const std::string& origin = "here") {
  const OptionRow* row = FindOption(section, key);
  REQUIRE(row != nullptr);
  const auto done = AssignOption(*row, {kind, text, origin}, config);
  return done ? "" : done.error().message;
}

}  // namespace

TEST_CASE("a Dropbox path is kept as Dropbox wants it") {
  Config config;
  const std::pair<const char*, const char*> cases[] = {
      {"/", ""}, {"//", ""}, {"/a", "/a"}, {"/a/", "/a"}, {"/A b/c//", "/A b/c"}};
  for (const auto& example : cases) {
    CAPTURE(example.first);
    CHECK(Assign(config, "dropbox", "path", example.first) == "");
    CHECK(config.dropbox.paths == FolderList{example.second});
  }
  CHECK(Assign(config, "dropbox", "path", "Reports") ==
        "here: dropbox.path: expected a path that starts with a slash, such as \"/Team/Reports\", "
        "or \"/\" for everything, found \"Reports\"");
  CHECK(Assign(config, "dropbox", "path", "") != "");
}

TEST_CASE("several Dropbox folders are a list, in the environment one a line") {
  Config config;
  const OptionRow& row = *FindOption("dropbox", "path");
  const auto assign = [&](RawValue value) {
    const auto done = AssignOption(row, value, config);
    return done ? "" : done.error().message;
  };
  CHECK(assign({RawValue::kList, "an array", "here", {"/Team/", "/Finance"}}) == "");
  CHECK(config.dropbox.paths == FolderList{"/Finance", "/Team"});
  CHECK(assign({RawValue::kText, "/b\n/a b\n", "here"}) == "");
  CHECK(config.dropbox.paths == FolderList{"/a b", "/b"});
  CHECK(assign({RawValue::kText, "/x", "flag --path", {"/x", "/y"}}) == "");
  CHECK(config.dropbox.paths == FolderList{"/x", "/y"});
  const std::string expected =
      "here: dropbox.path: expected a path that starts with a slash, such as \"/Team/Reports\", "
      "or \"/\" for everything, found ";
  std::string list_expected = expected;
  list_expected.insert(list_expected.rfind(", found"), ", or a list of such paths");
  CHECK(assign({RawValue::kList, "an array", "here", {"/a", "b"}}) ==
        expected + "the string \"b\"");
  CHECK(assign({RawValue::kList, "an array", "here", {}}) == list_expected + "an empty list");
  CHECK(assign({RawValue::kOther, "a list", "here", {}, "whose element 2 is a number"}) ==
        list_expected + "a list whose element 2 is a number");
  CHECK(assign({RawValue::kInteger, "7", "here"}) == expected + "an integer 7");
  CHECK(assign({RawValue::kList, "an array", "here", {"/A", "/b", "/a/"}}) ==
        "here: dropbox.path: the folder /A is listed twice: remove one");
  CHECK(assign({RawValue::kList, "an array", "here", {"/Team/x", "/team"}}) ==
        "here: dropbox.path: the folder /Team/x is listed, and so is /team, which contains it: "
        "remove one");
  CHECK(
      assign({RawValue::kList, "an array", "here", {"/", "/team"}}) ==
      "here: dropbox.path: the folder /team is listed, and so is /, which contains it: remove one");
  // None of that is kept.
  CHECK(config.dropbox.paths == FolderList{"/x", "/y"});
}

TEST_CASE("integers keep to their range") {
  Config config;
  CHECK(Assign(config, "dropbox", "concurrent_downloads", "7") == "");
  CHECK(config.dropbox.concurrent_downloads == 7);
  for (const char* wrong : {"0", "1001", "-1", "1.5", "7x", "", " 7", "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "dropbox", "concurrent_downloads", wrong) ==
          std::string("here: dropbox.concurrent_downloads: expected an integer from 1 to 1000, "
                      "found \"") +
              wrong + "\"");
  }
  CHECK(config.dropbox.concurrent_downloads == 7);
}

TEST_CASE("durations are seconds, whole or decimal") {
  Config config;
  CHECK(Assign(config, "sync", "stall_timeout", "30", Kind::kInteger) == "");
  CHECK(config.sync.stall_timeout == Milliseconds(30'000));
  CHECK(Assign(config, "sync", "stall_timeout", "2.5", Kind::kFloat) == "");
  CHECK(config.sync.stall_timeout == Milliseconds(2'500));
  for (const char* wrong : {"nan", "inf", "1e30", "0", "-5", "5s"}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "sync", "stall_timeout", wrong) ==
          std::string("here: sync.stall_timeout: expected seconds from 0.1 to 86400, found \"") +
              wrong + "\"");
  }
  CHECK(Assign(config, "sync", "give_up_after", "0") == "");
  CHECK(config.sync.give_up_after == Milliseconds(0));
}

TEST_CASE("words are those that are known") {
  Config config;
  CHECK(Assign(config, "extraction", "mode", "off") == "");
  CHECK(config.extraction.mode == ExtractionMode::kOff);
  CHECK(Assign(config, "extraction", "mode", "local") == "");
  CHECK(config.extraction.mode == ExtractionMode::kLocal);
  CHECK(Assign(config, "extraction", "paper_format", "html") == "");
  CHECK(config.extraction.paper_format == PaperFormat::kHtml);
  CHECK(config.sync.state == StateKind::kFolder);
  CHECK(Assign(config, "sync", "state", "cluster") == "");
  CHECK(config.sync.state == StateKind::kCluster);
  CHECK(Assign(config, "sync", "state", "index") ==
        "here: sync.state: expected \"folder\" or \"cluster\", found \"index\"");
  CHECK(Assign(config, "sync", "lease", "9") != "");
  CHECK(Assign(config, "extraction", "mode", "Local") ==
        "here: extraction.mode: expected \"off\", \"local\", \"pipeline\" or \"service\", found "
        "\"Local\"");
  CHECK(Assign(config, "extraction", "paper_format", "pdf") ==
        "here: extraction.paper_format: expected \"markdown\" or \"html\", found \"pdf\"");
}

TEST_CASE("sizes are bytes, with or without a unit") {
  Config config;
  const std::pair<const char*, std::size_t> cases[] = {
      {"4096", 4096}, {"5MiB", 5u << 20}, {"64 KiB", 64u << 10}, {"1GiB", 1u << 30}};
  for (const auto& example : cases) {
    CAPTURE(example.first);
    CHECK(Assign(config, "elasticsearch", "bulk_max_bytes", example.first) == "");
    CHECK(config.elasticsearch.bulk_max_bytes == example.second);
  }
  for (const char* wrong : {"5MB", "MiB", "5 TiB", "1.5MiB", "-1", "0", "9999999999GiB"}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "elasticsearch", "bulk_max_bytes", wrong) ==
          std::string("here: elasticsearch.bulk_max_bytes: expected bytes, such as 5242880 or "
                      "\"5MiB\", from 1 KiB to 2000 MiB, found \"") +
              wrong + "\"");
  }
}

TEST_CASE("rates are written as curl and rclone write them") {
  Config config;
  const std::pair<const char*, std::size_t> cases[] = {{"off", 0},           {"0", 0},
                                                       {"2048", 2048},       {"512k", 512u << 10},
                                                       {"512K", 512u << 10}, {"10M", 10u << 20},
                                                       {"1.5M", 3u << 19},   {"10 M", 10u << 20},
                                                       {"10MiB", 10u << 20}, {"10Mi", 10u << 20},
                                                       {"10MB", 10u << 20},  {"20480B", 20u << 10},
                                                       {"1G", 1u << 30},     {"1g", 1u << 30}};
  for (const auto& example : cases) {
    CAPTURE(example.first);
    CHECK(Assign(config, "dropbox", "bwlimit", example.first) == "");
    CHECK(config.dropbox.bwlimit == example.second);
  }
  CHECK(Assign(config, "dropbox", "bwlimit", "65536", Kind::kInteger) == "");
  CHECK(config.dropbox.bwlimit == 65536);
  for (const char* wrong : {"", "M", "9", "1023", "1B", "10i", "10MM", "-10M", "fast", "nan", "inf",
                            "1e30", "2000G", "10M:5M", "08:00,512k"}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "dropbox", "bwlimit", wrong) ==
          std::string("here: dropbox.bwlimit: expected bytes a second, such as 512K, 10M or 1G, "
                      "from 1 KiB to 1024 GiB, or \"off\", found \"") +
              wrong + "\"");
  }
}

TEST_CASE("lists of patterns are checked one by one") {
  Config config;
  const auto assign = [&](RawValue value) {
    value.origin = "here";
    const auto done = AssignOption(*FindOption("sync", "exclude"), value, config);
    return done ? std::string() : done.error().message;
  };
  using List = std::vector<std::string>;
  CHECK(assign({Kind::kList, "a list", "", {"*.tmp", "/a b/"}}) == "");
  CHECK(config.sync.exclude == List{"*.tmp", "/a b/"});
  CHECK(assign({Kind::kString, "*.tmp", ""}) == "");
  CHECK(config.sync.exclude == List{"*.tmp"});
  CHECK(assign({Kind::kList, "a list", "", {}}) == "");
  CHECK(config.sync.exclude.empty());
  // The environment.
  CHECK(assign({Kind::kText, "*.tmp\n\n/b\n", ""}) == "");
  CHECK(config.sync.exclude == List{"*.tmp", "/b"});
  // Flags.
  CHECK(assign({Kind::kText, "", "", {"*.a", "x\ny"}}) == "");
  CHECK(config.sync.exclude == List{"*.a", "x\ny"});

  CHECK(assign({Kind::kList, "a list", "", {"*.tmp", "[a"}}) ==
        "here: sync.exclude: the pattern \"[a\": a bracket is not closed");
  CHECK(assign({Kind::kText, "", "", {""}}) == "here: sync.exclude: the pattern \"\": it is empty");
  CHECK(assign({Kind::kOther, "a table", ""}) ==
        "here: sync.exclude: expected patterns, such as [\"*.tmp\", \"/Archive\"], found a table");
}

TEST_CASE("max_delete is a number or one of two words") {
  Config config;
  CHECK(Assign(config, "sync", "max_delete", "250", Kind::kInteger) == "");
  CHECK_FALSE(config.sync.max_delete.automatic);
  CHECK_FALSE(config.sync.max_delete.unlimited);
  CHECK(config.sync.max_delete.count == 250);
  CHECK(Assign(config, "sync", "max_delete", "unlimited", Kind::kString) == "");
  CHECK(config.sync.max_delete.unlimited);
  CHECK_FALSE(config.sync.max_delete.automatic);
  CHECK(Assign(config, "sync", "max_delete", "auto") == "");
  CHECK(config.sync.max_delete.automatic);
  CHECK_FALSE(config.sync.max_delete.unlimited);
  for (const char* wrong : {"-1", "20%", "all", ""}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "sync", "max_delete", wrong) != "");
  }
}

TEST_CASE("choices and switches take their words only") {
  Config config;
  CHECK(Assign(config, "elasticsearch", "compression", "off") == "");
  CHECK(config.elasticsearch.compression == Compression::kOff);
  CHECK(Assign(config, "elasticsearch", "compression", "on") == "");
  CHECK(config.elasticsearch.compression == Compression::kOn);
  CHECK(Assign(config, "elasticsearch", "compression", "gzip") ==
        "here: elasticsearch.compression: expected \"auto\", \"on\" or \"off\", found \"gzip\"");
  CHECK(Assign(config, "elasticsearch", "verify_certs", "false") == "");
  CHECK_FALSE(config.elasticsearch.verify_certs);
  CHECK(Assign(config, "elasticsearch", "verify_certs", "no") ==
        "here: elasticsearch.verify_certs: expected true or false, found \"no\"");
}

TEST_CASE("URLs lose trailing slashes and may not carry credentials, queries or fragments") {
  Config config;
  CHECK(Assign(config, "elasticsearch", "host", "https://es.example.com:9200/path/") == "");
  CHECK(config.elasticsearch.host == "https://es.example.com:9200/path");
  for (const char* wrong :
       {"es.example.com", "ftp://x", "https://", "https://u:p@x", "http://x?y", "http://x#y", ""}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "elasticsearch", "host", wrong) != "");
  }
}

TEST_CASE("a proxy has a scheme that libcurl knows, and keeps its password elsewhere") {
  Config config;
  for (const char* right : {"none", "http://p:3128", "https://p", "socks5h://[::1]:1080"}) {
    CAPTURE(right);
    CHECK(Assign(config, "dropbox", "proxy", right) == "");
    CHECK(config.dropbox.proxy.url == right);
  }
  for (const char* wrong :
       {"", "p:3128", "ftp://p", "http://", "http://u:p@p:1", "http://p?x", "None"}) {
    CAPTURE(wrong);
    CHECK(
        Assign(config, "dropbox", "proxy", wrong) ==
        "here: dropbox.proxy: expected the URL of a proxy without user name and password, such as "
        "\"http://proxy.example.com:3128\", or \"none\", found something else");
  }
}

TEST_CASE("a fingerprint is read as openssl and Elasticsearch print it") {
  Config config;
  const std::string digits(64, 'b');
  std::string printed = "BB";
  for (int i = 1; i < 32; ++i) printed += ":BB";
  for (const std::string& right : {digits, printed}) {
    CHECK(Assign(config, "elasticsearch", "ca_fingerprint", right.c_str()) == "");
    CHECK(config.elasticsearch.ca_fingerprint == digits);
  }
  for (const std::string& wrong :
       {digits.substr(1), digits + "b", "g" + digits.substr(1), std::string()}) {
    CAPTURE(wrong);
    CHECK(Assign(config, "elasticsearch", "ca_fingerprint", wrong.c_str()) != "");
  }
}

TEST_CASE("a secret URL is read, and never printed") {
  Config config;
  CHECK(Assign(config, "report", "ping_url", "https://hc.test/abc?rid=1") == "");
  CHECK(config.report.ping_url.Reveal() == "https://hc.test/abc?rid=1");
  CHECK(Assign(config, "report", "ping_url", "hc.test/swordfish").find("swordfish") ==
        std::string::npos);
}

TEST_CASE("an index name is refused with the rule that it breaks") {
  Config config;
  CHECK(Assign(config, "elasticsearch", "index", "Files") ==
        "here: elasticsearch.index: expected an index name (it must be lower case), found "
        "\"Files\"");
}

TEST_CASE("paths are absolute unless they are typed as a flag") {
  Config config;
  CHECK(Assign(config, "sync", "state_dir", "/var/lib/x") == "");
  CHECK(Assign(config, "sync", "state_dir", "state", Kind::kText, "flag --state-dir") == "");
  CHECK(config.state_dir == "state");
  CHECK(Assign(config, "sync", "state_dir", "~/state", Kind::kString, "f.toml:3") ==
        "f.toml:3: sync.state_dir: expected the absolute path of a folder, found the string "
        "\"~/state\"");
  CHECK(Assign(config, "elasticsearch", "ca_certs", "ca.pem", Kind::kText, "environment X") != "");
  CHECK(Assign(config, "sync", "state_dir", "", Kind::kText, "flag --state-dir") != "");
}

TEST_CASE("a wrong type in the file says what is expected and what was found") {
  Config config;
  CHECK(Assign(config, "dropbox", "retry_count", "three", Kind::kString) ==
        "here: dropbox.retry_count: expected an integer from 0 to 100, found the string \"three\"");
  CHECK(Assign(config, "dropbox", "retry_count", "3", Kind::kString) ==
        "here: dropbox.retry_count: expected an integer from 0 to 100, found the string \"3\"");
  CHECK(Assign(config, "dropbox", "retry_count", "3.5", Kind::kFloat) ==
        "here: dropbox.retry_count: expected an integer from 0 to 100, found a decimal number 3.5");
  CHECK(Assign(config, "elasticsearch", "index", "12", Kind::kInteger) ==
        "here: elasticsearch.index: expected an index name, found an integer 12");
  CHECK(Assign(config, "elasticsearch", "verify_certs", "a table", Kind::kOther) ==
        "here: elasticsearch.verify_certs: expected true or false, found a table");
}

TEST_CASE("what may be a secret in a wrong place is not in a message") {
  struct Case {
    const char* section;
    const char* key;
    const char* text;
  };
  for (const Case& one : {Case{"elasticsearch", "host", "https://elastic:hunter2@es:9200"},
                          Case{"extraction_service", "host", "http://u:hunter2@tika"},
                          Case{"dropbox", "api_url", "https://api.test/?token=hunter2"},
                          Case{"dropbox", "refresh_token_file", "sl.hunter2"},
                          Case{"elasticsearch", "api_key_file", "hunter2=="},
                          Case{"report", "ping_url_file", "https://hc.test/hunter2"}}) {
    for (const RawValue::Kind kind : {RawValue::kText, RawValue::kString}) {
      CAPTURE(one.key);
      Config config;
      const auto done =
          AssignOption(*FindOption(one.section, one.key), {kind, one.text, "here"}, config);
      REQUIRE_FALSE(done);
      CHECK(done.error().message.find("hunter2") == std::string::npos);
      CHECK(done.error().message.find("that is not shown, because it may") != std::string::npos);
    }
  }
}

TEST_CASE("the value of a secret is never in a message") {
  Config config;
  CHECK(Assign(config, "dropbox", "refresh_token", "12345", Kind::kInteger) ==
        "here: dropbox.refresh_token: expected a string on one line, found an integer");
  CHECK(Assign(config, "elasticsearch", "api_key", "s3cret\nX-Evil: 1") ==
        "here: elasticsearch.api_key: expected a string on one line, found something else");
  CHECK(Assign(config, "elasticsearch", "api_key", "s3cret") == "");
  CHECK(config.elasticsearch.api_key.Reveal() == "s3cret");
  CHECK(fmt::format("{}", config.elasticsearch.api_key) == "<redacted>");
}

}  // namespace dbxes::config
