// SPDX-License-Identifier: Apache-2.0
#include "config/transport.h"

#include <doctest/doctest.h>

#include "world.h"

namespace dbxes::config {
namespace {

constexpr const char* kPem = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";

// With files of certificates in /pem, and one that holds none.
World WorldWith(const std::string& elasticsearch, const std::string& dropbox = "") {
  World world;
  world.files["/f.toml"] = "[dropbox]\napp_key = \"k\"\nrefresh_token = \"t\"\n" + dropbox +
                           "[elasticsearch]\n" + elasticsearch;
  world.files["/pem"] = kPem;
  world.files["/key"] = "-----BEGIN EC PRIVATE KEY-----\n";
  world.files["/text"] = "none";
  return world;
}

LoadRequest FromFile() {
  LoadRequest request;
  request.config_file = "/f.toml";
  return request;
}

std::string Problems(const std::string& elasticsearch, const std::string& dropbox = "") {
  return WorldWith(elasticsearch, dropbox).Problems(FromFile());
}

const std::string kRemote = "host = \"https://es.example.com\"\napi_key = \"a\"\n";
const std::string kFingerprint = "ca_fingerprint = \"" + std::string(64, 'a') + "\"\n";

}  // namespace

TEST_CASE("each side has a way of its own") {
  World world =
      WorldWith(kRemote +
                    "ca_certs = \"/pem\"\nclient_cert = \"/pem\"\nclient_key = \"/key\"\n"
                    "client_key_password = \"p\"\nproxy = \"none\"\n[extraction_service]\n"
                    "proxy = \"socks5h://s:1080\"\n",
                "proxy = \"http://p:3128/\"\nproxy_credentials = \"u:p\"\nca_certs = \"/pem\"\n");
  const auto loaded = world.Load(FromFile());
  REQUIRE_MESSAGE(loaded, loaded.error().message);
  const HttpTransport dropbox = TransportOf(loaded->config.dropbox);
  CHECK(dropbox.proxy == "http://p:3128");
  CHECK(dropbox.proxy_credentials == "u:p");
  CHECK(dropbox.ca_file == "/pem");
  CHECK(dropbox.verify_tls);
  CHECK(dropbox.client_cert.empty());
  const HttpTransport elastic = TransportOf(loaded->config.elasticsearch);
  CHECK(elastic.proxy == "none");
  CHECK(elastic.proxy_credentials.empty());
  CHECK(elastic.ca_file == "/pem");
  CHECK(elastic.client_cert == "/pem");
  CHECK(elastic.client_key == "/key");
  CHECK(elastic.client_key_password == "p");
  CHECK(TransportOf(loaded->config.extraction.service).proxy == "socks5h://s:1080");
}

TEST_CASE("a fingerprint stands alone") {
  const auto loaded = WorldWith(kRemote + kFingerprint).Load(FromFile());
  REQUIRE(loaded);
  CHECK(TransportOf(loaded->config.elasticsearch).ca_fingerprint == std::string(64, 'a'));
  CHECK(Problems(kRemote + kFingerprint + "ca_certs = \"/pem\"\n") ==
        "elasticsearch.ca_fingerprint (/f.toml:7) and elasticsearch.ca_certs (/f.toml:8) exclude "
        "each "
        "other; remove one");
  CHECK(
      Problems(kRemote + kFingerprint + "verify_certs = false\n") ==
      "elasticsearch.ca_fingerprint (/f.toml:7) and elasticsearch.verify_certs = false (/f.toml:8) "
      "exclude each other; remove one");
  CHECK(Problems("host = \"http://localhost\"\n" + kFingerprint) ==
        "elasticsearch.ca_fingerprint (/f.toml:6) needs an https:// host, and "
        "elasticsearch.host (/f.toml:5) is not one");
}

TEST_CASE("files of certificates and keys hold what they are for") {
  CHECK(Problems(kRemote, "ca_certs = \"/text\"\n") ==
        "/f.toml:4: dropbox.ca_certs: /text contains no PEM certificate");
  CHECK(Problems(kRemote + "client_cert = \"/key\"\n") ==
        "/f.toml:7: elasticsearch.client_cert: /key contains no PEM certificate");
  CHECK(Problems(kRemote + "client_cert = \"/pem\"\nclient_key = \"/text\"\n") ==
        "/f.toml:8: elasticsearch.client_key: /text contains no PEM private key");
  CHECK(Problems(kRemote + "client_cert = \"/absent\"\n") ==
        "/f.toml:7: elasticsearch.client_cert: cannot open /absent");
  CHECK(Problems(kRemote + "client_key = \"/key\"\n") ==
        "elasticsearch.client_key (/f.toml:7) is given without elasticsearch.client_cert");
}

TEST_CASE("a private key that others can read is warned about") {
  World world = WorldWith(kRemote + "client_cert = \"/pem\"\nclient_key = \"/key\"\n");
  world.mode = 0644;
  const auto loaded = world.Load(FromFile());
  REQUIRE(loaded);
  REQUIRE(loaded->warnings.size() == 2);
  CHECK(loaded->warnings.back().starts_with("/key contains secrets"));
}

TEST_CASE("a certificate of its own is a way to log in") {
  CHECK(Problems("host = \"https://es.example.com\"\nclient_cert = \"/pem\"\n") == "no problem");
}

TEST_CASE("credentials of a proxy go with its URL") {
  CHECK(
      Problems(kRemote, "proxy_credentials = \"u:p\"\n") ==
      "dropbox.proxy_credentials (/f.toml:4) is given without the URL of a proxy in dropbox.proxy");
  CHECK(Problems(kRemote + "proxy = \"none\"\nproxy_credentials = \"u:p\"\n") ==
        "elasticsearch.proxy_credentials (/f.toml:8) is given without the URL of a proxy in "
        "elasticsearch.proxy");
}

TEST_CASE("secrets do not travel in the open unless that is asked for") {
  const std::string open = "host = \"http://10.0.0.1:9200\"\n";
  const std::string advice =
      " over plain HTTP, where anyone on the network can read it: use https://, or allow it with "
      "--insecure-transport (elasticsearch.insecure_transport = true)";
  CHECK(Problems(open + "api_key = \"a\"\n") ==
        "elasticsearch.host (/f.toml:5) would get elasticsearch.api_key" + advice);
  CHECK(Problems(open + "username = \"u\"\npassword = \"p\"\n") ==
        "elasticsearch.host (/f.toml:5) would get elasticsearch.password" + advice);
  CHECK(Problems(open + "api_key = \"a\"\ninsecure_transport = true\n") == "no problem");
  for (const char* host : {"localhost", "127.0.0.1", "[::1]"}) {
    CHECK(Problems(std::string("host = \"http://") + host + "\"\napi_key = \"a\"\n") ==
          "no problem");
  }
  for (const std::string key : {"api_url", "content_url"}) {
    const std::string url = key + " = \"http://dropbox.example.com\"\n";
    CHECK(
        Problems(kRemote, url) ==
        "dropbox." + key +
            " (/f.toml:4) would send secrets over plain HTTP to http://dropbox.example.com, where "
            "anyone on the network can read them: use https://, or allow it with "
            "dropbox.insecure_transport = true");
    CHECK(Problems(kRemote, url + "insecure_transport = true\n") == "no problem");
  }
}

// Beyond a proxy, the name of this machine may mean another one.
TEST_CASE("plain HTTP to this machine is in the open if it takes a detour") {
  const std::string here = "host = \"http://127.0.0.1:9200\"\napi_key = \"a\"\n";
  for (const char* proxy : {"http://proxy.example.com:3128", "socks5h://10.0.0.1:1080"}) {
    const std::string detour = std::string("proxy = \"") + proxy + "\"\n";
    CHECK(Problems(here + detour) ==
          "elasticsearch.host (/f.toml:5) would get elasticsearch.api_key over plain HTTP through "
          "elasticsearch.proxy, where anyone on the network can read it: use https://, or allow it "
          "with --insecure-transport (elasticsearch.insecure_transport = true)");
    CHECK(Problems(here + detour + "insecure_transport = true\n") == "no problem");
    CHECK(Problems(kRemote, "api_url = \"http://localhost:80\"\n" + detour)
              .find("dropbox.api_url (/f.toml:4) would send secrets over plain HTTP") == 0);
    CHECK(Problems(kRemote + detour) == "no problem");
    CHECK(Problems(kRemote + "[extraction]\nmode = \"service\"\n[extraction_service]\n" + detour +
                   "host = \"http://localhost:9998\"\n")
              .find("would get whole files over plain HTTP") != std::string::npos);
  }
  for (const char* proxy : {"none", "http://127.0.0.1:3128", "socks5://localhost"}) {
    CHECK(Problems(here + "proxy = \"" + proxy + "\"\n") == "no problem");
  }
}

TEST_CASE("whole files do not travel in the open unless that is asked for") {
  const auto service = [](const std::string& host, const std::string& more = "") {
    return Problems(kRemote + more + "[extraction]\nmode = \"service\"\n[extraction_service]\n" +
                    "host = \"" + host + "\"\n");
  };
  CHECK(service("http://10.0.0.2:9998") ==
        "extraction_service.host (/f.toml:10) would get whole files over plain HTTP, where anyone "
        "on the network can read them: use https://, or allow it with --insecure-transport "
        "(elasticsearch.insecure_transport = true)");
  CHECK(service("http://10.0.0.2:9998", "insecure_transport = true\n") == "no problem");
  CHECK(service("http://127.0.0.1:9998") == "no problem");
  CHECK(service("https://tika.example.com") == "no problem");
}

TEST_CASE("a Cloud ID is the host") {
  const std::string key = "api_key = \"a\"\n";
  const std::string id = "cloud_id = \"files:Zm91bmQuaW8kZXMka2liYW5h\"\n";
  const auto loaded = WorldWith(id + key).Load(FromFile());
  REQUIRE_MESSAGE(loaded, loaded.error().message);
  CHECK(loaded->config.elasticsearch.host == "https://es.found.io");
  CHECK(Problems(id + kRemote) ==
        "elasticsearch.cloud_id (/f.toml:5) and elasticsearch.host (/f.toml:6) exclude each other; "
        "remove one");
  CHECK(Problems("cloud_id = \"files\"\n" + key) ==
        "/f.toml:5: elasticsearch.cloud_id: it has no colon; copy the whole Cloud ID from the page "
        "of "
        "the deployment");
}

}  // namespace dbxes::config
