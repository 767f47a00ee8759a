// SPDX-License-Identifier: Apache-2.0
#include "config/connector_import.h"

#include <doctest/doctest.h>

#include "world.h"

namespace dbxes::config {
namespace {

std::string Imported(std::string_view text, bool with_secrets = true) {
  const auto imported = ImportConnector(text, "config.yml");
  return imported ? ImportedToml(*imported, with_secrets) : imported.error().message;
}

bool Contains(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

constexpr const char* kConfigYml =
    "elasticsearch.host: https://es.example.com:9200/\n"
    "elasticsearch:\n"
    "  api_key: topsecret-1\n"
    "  username: elastic\n"
    "  password: topsecret-2\n"
    "  ca_certs: /etc/ca.pem\n"
    "  ssl: true\n"
    "  bulk:\n"
    "    chunk_size: 1000\n"
    "    chunk_max_mem_size: 5\n"
    "    max_concurrency: 3\n"
    "    display_every: 100\n"
    "service.idling: 30\n"
    "service.max_file_download_size: 20971520\n"
    "extraction_service:\n"
    "  host: http://localhost:8090\n"
    "  stream_chunk_size: 65536\n"
    "connectors:\n"
    "  - connector_id: other\n"
    "    service_type: sharepoint\n"
    "    api_key: topsecret-3\n"
    "  - connector_id: mine\n"
    "    service_type: dropbox\n"
    "    api_key: topsecret-4\n"
    "something: else\n";

constexpr const char* kConnector = R"({
  "id": "mine", "index_name": "search-mine", "name": "My Dropbox", "service_type": "dropbox",
  "status": "connected", "is_native": false, "sync_cursor": null, "error": null,
  "configuration": {
    "path": {"label": "Path", "value": "Team", "order": 1, "type": "str"},
    "app_key": {"value": "key", "sensitive": true},
    "app_secret": {"value": "topsecret-5"},
    "refresh_token": {"value": "topsecret-6"},
    "retry_count": {"value": 5, "default_value": 3},
    "concurrent_downloads": {"value": "50"},
    "use_text_extraction_service": {"value": false},
    "use_document_level_security": {"value": true},
    "include_inherited_users_and_groups": {"value": true},
    "new_one": {"value": 1}
  },
  "pipeline": {"name": "my-pipeline", "extract_binary_content": true, "reduce_whitespace": true,
               "run_ml_inference": false},
  "scheduling": {"full": {"enabled": true, "interval": "0 0 3 * * ?"},
                 "incremental": {"enabled": false, "interval": "0 0 * * * ?"},
                 "access_control": {"enabled": true, "interval": "0 30 * * * ?"}},
  "filtering": [{"active": {"rules": [{"id": "DEFAULT"}], "advanced_snippet": {"value": {}}}}]
})";

}  // namespace

TEST_CASE("a config.yml becomes a configuration") {
  CHECK(
      Imported(kConfigYml) ==
      "# From config.yml, by dbx-es config import.\n"
      "\n[elasticsearch]\n"
      "host = \"https://es.example.com:9200\"\n"
      "api_key = \"topsecret-4\"\n"
      "ca_certs = \"/etc/ca.pem\"\n"
      "bulk_max_bytes = \"5MiB\"\n"
      "bulk_max_actions = 500\n"
      "bulk_max_concurrency = 3\n"
      "\n[extraction]\n"
      "max_file_download_size = \"20MiB\"\n"
      "\n[extraction_service]\n"
      "host = \"http://localhost:8090\"\n"
      "\n# Not imported:\n"
      "# - connectors: Elasticsearch stores the Dropbox settings of \"mine\"; save the response to "
      "GET _connector/mine, and import that file, too\n"
      "# - elasticsearch.ssl (config.yml:7): the scheme of elasticsearch.host replaces it\n"
      "# - elasticsearch.bulk.display_every (config.yml:12): dbx-es has no queue to tune; "
      "its memory is bounded\n"
      "# - service.idling (config.yml:13): dbx-es is no service; cron or a systemd timer starts "
      "it\n"
      "# - extraction_service.stream_chunk_size (config.yml:17): files are sent whole\n"
      "# - something (config.yml:25): unknown to dbx-es\n");
}

TEST_CASE("a connector as Elasticsearch keeps it becomes a configuration") {
  const std::string toml = Imported(kConnector);
  for (const char* line :
       {"path = \"/Team\"\n", "app_key = \"key\"\n", "app_secret = \"topsecret-5\"\n",
        "refresh_token = \"topsecret-6\"\n", "retry_count = 5\n", "concurrent_downloads = 50\n",
        "use_document_level_security = true\n", "include_inherited_users_and_groups = true\n",
        "index = \"search-mine\"\n", "pipeline = \"my-pipeline\"\n", "mode = \"pipeline\"\n",
        "reduce_whitespace = true\n",
        "# - configuration.new_one (config.yml:14): unknown to dbx-es\n",
        "# - scheduling.full: \"0 0 3 * * ?\" becomes a line of a crontab or a timer that runs "
        "dbx-es full-sync\n",
        "# - scheduling.access_control: \"0 30 * * * ?\" becomes a line of a crontab or a timer "
        "that "
        "runs dbx-es acl-sync\n",
        "# - filtering: save the rules with jq '.filtering[0].active' config.yml > rules.json, "}) {
    CAPTURE(line);
    CAPTURE(toml);
    CHECK(Contains(toml, line));
  }
  for (const char* word : {"sync_cursor", "scheduling.incremental", "My Dropbox", "sensitive"}) {
    CAPTURE(word);
    CHECK_FALSE(Contains(toml, word));
  }
}

TEST_CASE("what is imported is a configuration that loads") {
  World world;
  world.files[World::kUserFile] =
      Imported(kConnector) + "[elasticsearch.more]\n";  // the section is there already
  world.files[World::kUserFile] = Imported(kConnector);
  world.environment["DBX_ES_ELASTICSEARCH_HOST"] = "http://localhost:9200";
  const auto loaded = world.Load();
  INFO((loaded ? "" : loaded.error().message));
  REQUIRE(loaded);
  CHECK(loaded->config.dropbox.refresh_token.Reveal() == "topsecret-6");
  CHECK(loaded->config.extraction.mode == ExtractionMode::kPipeline);
}

TEST_CASE("secrets stand only where they are asked for") {
  for (const char* text : {kConfigYml, kConnector}) {
    const std::string toml = Imported(text, /*with_secrets=*/false);
    CHECK_FALSE(Contains(toml, "topsecret"));
    CHECK(Contains(toml, " is a secret, see config.yml:"));
  }
}

TEST_CASE("a connector is found within the answer of a search") {
  const std::string hit = R"({"hits": {"hits": [{"_id": "x", "_source": {"service_type": "jira",
    "configuration": {"path": {"value": "/jira"}}}}, {"_source": )" +
                          std::string(kConnector) + "}]}}";
  CHECK(Contains(Imported(hit), "path = \"/Team\""));
  CHECK(Contains(Imported("{\"_source\": " + std::string(kConnector) + "}"), "path = \"/Team\""));
  const std::string two = "{\"a\": " + std::string(kConnector) + ", \"b\": " + kConnector + "}";
  CHECK(Imported(two).starts_with("config.yml: it contains 2 Dropbox connectors"));
  CHECK(Imported(R"({"service_type": "jira", "configuration": {"path": {"value": "/"}}})") ==
        "config.yml:1: service_type is \"jira\", not \"dropbox\"");
}

TEST_CASE("a value that is no good here is named instead of being written") {
  const std::string toml = Imported(
      "elasticsearch.host: localhost:9200\nelasticsearch.request_timeout: 60\n"
      "elasticsearch.password: ${ES_PASSWORD}\n");
  CHECK(Contains(toml, "request_timeout = 60\n"));
  CHECK_FALSE(Contains(toml, "\nhost = "));
  CHECK(Contains(toml, "# - config.yml:1: elasticsearch.host: expected an http"));
  CHECK(Contains(toml,
                 "# - elasticsearch.password (config.yml:3) comes from the environment: set "
                 "DBX_ES_ELASTICSEARCH_PASSWORD there instead\n"));
}

TEST_CASE("a service for extraction and its switch go together") {
  const std::string toml = Imported(
      R"({"configuration": {"use_text_extraction_service": {"value": true}, "path": {"value": null}},
          "pipeline": {"name": "p", "extract_binary_content": false, "reduce_whitespace": false}})");
  CHECK(Contains(toml, "use_text_extraction_service = true\n"));
  CHECK(Contains(toml, "pipeline = \"p\"\n"));
  CHECK_FALSE(Contains(toml, "mode ="));
  CHECK_FALSE(Contains(toml, "reduce_whitespace"));
  CHECK(Contains(Imported(R"({"configuration": {"app_key": {"value": "k"}},
                              "pipeline": {"name": "p", "extract_binary_content": false}})"),
                 "mode = \"off\"\n"));
}

TEST_CASE("a file of something else is refused") {
  CHECK(Contains(Imported("a: 1\n"), "it contains no setting of the connector"));
  CHECK(Contains(Imported(""), "it contains no setting of the connector"));
  CHECK(Imported("a: [").starts_with("config.yml:"));
}

}  // namespace dbxes::config
