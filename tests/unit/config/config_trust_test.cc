// SPDX-License-Identifier: Apache-2.0
#include "config/config_trust.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "world.h"

namespace dbxes::config {
namespace {

constexpr const char* kPem =
    "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
    "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n";

// With each kind of file that is read, and some that are written.
World WithFiles() {
  World world;
  world.files[World::kUserFile] =
      "[dropbox]\napp_key = \"k\"\nrefresh_token = \"t\"\nca_certs = \"/dropbox.pem\"\n"
      "[elasticsearch]\nhost = \"https://es.example.com\"\napi_key_file = \"/key\"\n"
      "ca_certs = \"/ca.pem\"\n"
      "[sync]\nrules = \"/rules.json\"\n"
      "[report]\nlog_file = \"/log\"\nmetrics_file = \"/x.prom\"\n";
  for (const char* path : {"/dropbox.pem", "/ca.pem"}) world.files[path] = kPem;
  world.files["/key"] = "swordfish";
  return world;
}

World WithCertificate(const std::string& more) {
  World world;
  world.files[World::kUserFile] =
      "[dropbox]\napp_key = \"k\"\nrefresh_token = \"t\"\n"
      "[elasticsearch]\nhost = \"https://es.example.com\"\nclient_cert = \"/cert\"\n" +
      more;
  world.files["/cert"] = world.files["/own"] = kPem;
  return world;
}

}  // namespace

TEST_CASE("every file that is read is warned about if others can change it") {
  World world = WithFiles();
  REQUIRE(world.Load());
  CHECK(world.Load()->warnings.empty());
  for (const char* path : {"/rules.json", "/ca.pem", "/dropbox.pem", "/log", "/x.prom"}) {
    world.open[path] = std::string(path) + " belongs to nobody; run: chown root " + path;
  }
  world.to_group["/key"] = "/ is writable by its group (mode 0775); run: chmod go-w /";
  const auto loaded = world.Load();
  REQUIRE_MESSAGE(loaded, loaded.error().message);
  CHECK(loaded->warnings ==
        std::vector<std::string>{
            "other users can change dropbox.ca_certs /dropbox.pem: /dropbox.pem belongs to nobody; "
            "run: chown root /dropbox.pem",
            "other users can change elasticsearch.api_key_file /key: / is writable by its group "
            "(mode 0775); run: chmod go-w /",
            "other users can change elasticsearch.ca_certs /ca.pem: /ca.pem belongs to nobody; "
            "run: chown root /ca.pem",
            "other users can change sync.rules /rules.json: /rules.json belongs to nobody; run: "
            "chown root /rules.json"});
}

TEST_CASE("a secret that is refused is not warned about as well") {
  World world = WithFiles();
  world.open["/key"] = "/key belongs to nobody; run: chown root /key";
  const LoadedConfig seen = InspectConfig({}, world.Sources());
  CHECK(seen.problems.size() == 1);
  CHECK(seen.warnings.empty());
}

TEST_CASE("a private key that anybody can change is not used") {
  World world = WithCertificate("client_key = \"/own\"\n");
  CHECK(world.Problems() == "no problem");
  world.to_group["/own"] = "its group";
  CHECK(
      world.Load()->warnings ==
      std::vector<std::string>{"other users can change elasticsearch.client_key /own: its group"});
  world.open["/own"] = "because";
  CHECK(world.Problems() ==
        std::string(World::kUserFile) +
            ":7: elasticsearch.client_key: /own is not used, because other users can change it: "
            "because, if what it contains is yours");
  // The file of the certificate, if it has the key.
  World together = WithCertificate("");
  together.open["/cert"] = "because";
  CHECK(together.Problems() ==
        std::string(World::kUserFile) +
            ":6: elasticsearch.client_cert: /cert is not used, because other users can change it: "
            "because, if what it contains is yours");
  together.open.clear();
  together.mode = 0644;
  CHECK(together.Load()->warnings.back().starts_with("/cert contains secrets, but other users"));
}

}  // namespace dbxes::config
