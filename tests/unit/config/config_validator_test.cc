// SPDX-License-Identifier: Apache-2.0
#include "config/config_validator.h"

#include <doctest/doctest.h>

#include "world.h"

namespace dbxes::config {
namespace {

// A complete file but for what `elasticsearch` says.
World WorldWith(const std::string& elasticsearch) {
  World world;
  world.files["/f.toml"] =
      "[dropbox]\napp_key = \"k\"\nrefresh_token = \"t\"\n[elasticsearch]\n" + elasticsearch;
  return world;
}

LoadRequest FromFile() {
  LoadRequest request;
  request.config_file = "/f.toml";
  return request;
}

std::string Problems(const std::string& elasticsearch) {
  return WorldWith(elasticsearch).Problems(FromFile());
}

constexpr const char* kRemote = "host = \"https://es.example.com\"\n";

}  // namespace

TEST_CASE("there is exactly one way to log in") {
  const std::string remote = kRemote;
  CHECK(Problems(remote + "api_key = \"a\"\n") == "no problem");
  CHECK(Problems(remote + "username = \"u\"\npassword = \"p\"\n") == "no problem");
  CHECK(Problems(remote) ==
        "no credential for https://es.example.com: set elasticsearch.api_key, or "
        "elasticsearch.username and elasticsearch.password");
  CHECK(Problems(remote + "username = \"u\"\n") ==
        "elasticsearch.username (/f.toml:6) is given without elasticsearch.password");
  CHECK(Problems(remote + "password = \"p\"\n") ==
        "elasticsearch.password (/f.toml:6) is given without elasticsearch.username");
}

TEST_CASE("a file has to fit into the memory several times over") {
  const std::string begin = std::string(kRemote) + "api_key = \"a\"\n[extraction]\n";
  CHECK(Problems(begin + "max_memory = \"40MiB\"\n") == "no problem");
  CHECK(Problems(begin + "max_memory = \"39MiB\"\n") ==
        "extraction.max_file_download_size (10485760 bytes) is more than a quarter of "
        "extraction.max_memory (40894464 bytes); raise the memory or lower the size");
}

TEST_CASE("languages of words in pictures are names of languages and nothing else") {
  const std::string begin = std::string(kRemote) + "api_key = \"a\"\n[extraction]\n";
  for (const std::string good : {"deu", "deu+eng", "chi_sim+script/Latin"}) {
    CHECK(Problems(begin + "ocr_languages = \"" + good + "\"\n") == "no problem");
  }
  for (const std::string bad : {"", "deu,eng", "+deu", "deu+", "deu++eng", "--help", "deu eng"}) {
    CAPTURE(bad);
    CHECK(
        Problems(begin + "ocr_languages = \"" + bad + "\"\n")
            .find("/f.toml:8: extraction.ocr_languages must be names of languages of tesseract") ==
        0);
  }
}

TEST_CASE("two ways to log in are refused with both origins") {
  World world = WorldWith(std::string(kRemote) + "api_key = \"a\"\n");
  world.environment["DBX_ES_ELASTICSEARCH_USERNAME"] = "u";
  world.environment["DBX_ES_ELASTICSEARCH_PASSWORD"] = "p";
  CHECK(world.Problems(FromFile()) ==
        "elasticsearch.api_key (/f.toml:6) and elasticsearch.username (environment "
        "DBX_ES_ELASTICSEARCH_USERNAME) exclude each other; remove one");
  CHECK(Problems(std::string(kRemote) + "api_key = \"a\"\npassword = \"p\"\n") ==
        "elasticsearch.api_key (/f.toml:6) and elasticsearch.password (/f.toml:7) exclude each "
        "other; remove one");
}

TEST_CASE("only a cluster on this machine may do without a credential") {
  for (const char* host : {"http://localhost:9200", "http://127.0.0.1:9200", "http://[::1]:9200"}) {
    CAPTURE(host);
    CHECK(Problems(std::string("host = \"") + host + "\"\n") == "no problem");
  }
  CHECK(Problems("host = \"http://10.0.0.1:9200\"\n").starts_with("no credential for "));
}

TEST_CASE("an app secret is not required: PKCE tokens have none") {
  CHECK(Problems("host = \"http://localhost:9200\"\n") == "no problem");
}

TEST_CASE("empty credentials are reported where they stand") {
  World world;
  world.files["/f.toml"] =
      "[dropbox]\napp_key = \"\"\nrefresh_token = \"\"\n[elasticsearch]\nhost = "
      "\"http://localhost:9200\"\napi_key = \"\"\n";
  CHECK(world.Problems(FromFile()) ==
        "/f.toml:2: dropbox.app_key is empty\n/f.toml:3: dropbox.refresh_token is empty\n"
        "/f.toml:6: elasticsearch.api_key is empty");
}

TEST_CASE("a value that is refused is not reported as empty, too") {
  World world;
  world.files["/f.toml"] =
      "[dropbox]\napp_key = \"a\"\nrefresh_token = [\"r\"]\n[elasticsearch]\nhost = "
      "\"http://localhost:9200\"\n";
  CHECK(world.Problems(FromFile()) ==
        "/f.toml:3: dropbox.refresh_token: expected a string on one line, found a list");
}

TEST_CASE("the file of certificate authorities is there and holds certificates") {
  const std::string settings = std::string(kRemote) + "api_key = \"a\"\nca_certs = \"/ca.pem\"\n";
  World world = WorldWith(settings);
  CHECK(world.Problems(FromFile()) == "/f.toml:7: elasticsearch.ca_certs: cannot open /ca.pem");
  world.files["/ca.pem"] = "not a certificate";
  CHECK(world.Problems(FromFile()) ==
        "/f.toml:7: elasticsearch.ca_certs: /ca.pem contains no PEM certificate");
  world.files["/ca.pem"] = "-----BEGIN CERTIFICATE-----\n";
  CHECK(world.Problems(FromFile()) == "no problem");
}

TEST_CASE("a service needs a host, and a Tika takes no file pointers") {
  const std::string loopback = "host = \"http://localhost\"\n";
  CHECK(Problems(loopback + "[extraction]\nmode = \"service\"\n") ==
        "extraction.mode = \"service\" (/f.toml:7) needs extraction_service.host");
  const std::string service = loopback + "[extraction]\nmode = \"service\"\n[extraction_service]\n";
  CHECK(Problems(service + "host = \"http://localhost:9998\"\n") == "no problem");
  CHECK(Problems(service + "host = \"http://localhost:9998\"\nuse_file_pointers = true\nprotocol = "
                           "\"tika\"\n") ==
        "extraction_service.use_file_pointers (/f.toml:10) is for Elastic's service, not for "
        "extraction_service.protocol = \"tika\" (/f.toml:11)");
}

TEST_CASE("the id of a connector is that of a document") {
  const std::string begin = "host = \"http://localhost\"\n[connector]\nid = ";
  CHECK(Problems(begin + "\"dbx-es-docs\"\n") == "no problem");
  CHECK(Problems(begin + "\"\"\n") == "/f.toml:7: connector.id is empty");
  CHECK(Problems(begin + "\"a/b\"\n") == "/f.toml:7: connector.id must not contain /");
  CHECK(Problems(begin + '"' + std::string(513, 'x') + "\"\n") ==
        "/f.toml:7: connector.id is longer than 512 bytes");
}

TEST_CASE("the largest file fits into memory several times, whatever the mode") {
  const std::string loopback = "host = \"http://localhost\"\n";
  CHECK(Problems(loopback + "[extraction]\nmax_memory = \"32MiB\"\n") ==
        "extraction.max_file_download_size (10485760 bytes) is more than a quarter of "
        "extraction.max_memory (33554432 bytes); raise the memory or lower the size");
  const std::string service =
      "[extraction_service]\nhost = \"http://localhost:9998\"\n[extraction]\nmode = \"service\"\n";
  CHECK(Problems(loopback + service) == "no problem");
  CHECK(Problems(loopback + service + "max_memory = \"128MiB\"\n")
            .starts_with("extraction_service.max_file_download_size (67108864 bytes) is more"));
}

TEST_CASE("a run that writes a file needs no cluster") {
  World world = WorldWith("");
  LoadRequest request = FromFile();
  CHECK(world.Problems(request).find("elasticsearch.host") != std::string::npos);
  request.needs_elasticsearch = false;
  CHECK(world.Problems(request) == "no problem");
}

}  // namespace dbxes::config
