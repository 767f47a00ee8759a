// SPDX-License-Identifier: Apache-2.0
#include "config/connector_file.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace dbxes::config {
namespace {

// "path=text@line" for each value.
std::vector<std::string> Read(std::string_view text) {
  const auto values = ParseConnectorFile(text, "f");
  if (!values) return {values.error().message};
  std::vector<std::string> shown;
  for (const ConnectorValue& value : *values) {
    shown.push_back(
        fmt::format("{}={}@{}", value.path, value.is_null ? "(null)" : value.text, value.line));
  }
  return shown;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("nested and dotted names are alike") {
  const char* dotted = "# a comment\nelasticsearch.host: http://a:9200\nservice.idling: 30\n";
  const char* nested = "\nelasticsearch:\n  host: 'http://a:9200'\n";
  CHECK(Read(dotted) == Lines{"elasticsearch.host=http://a:9200@2", "service.idling=30@3"});
  CHECK(Read(nested) == Lines{"elasticsearch.host=http://a:9200@3"});
}

TEST_CASE("lists have numbers, and nothing is null") {
  CHECK(Read("connectors:\n  - connector_id: a\n    service_type: dropbox\n  - connector_id: b\n"
             "empty:\nalso: ~\nquoted: 'null'\nnone: []\nobject: {}\n") ==
        Lines{"connectors.0.connector_id=a@2", "connectors.0.service_type=dropbox@3",
              "connectors.1.connector_id=b@4", "empty=(null)@5", "also=(null)@6", "quoted=null@7"});
}

TEST_CASE("JSON is read, too, also with tabs") {
  CHECK(Read("{\n\t\"a\": {\"b\": [1, true, null, \"x\\u00e9\"]}}") ==
        Lines{"a.b.0=1@2", "a.b.1=true@2", "a.b.2=(null)@2", "a.b.3=x\xC3\xA9@2"});
}

TEST_CASE("what is no such file is said with its place") {
  CHECK(Read("a: [1\nb: 2\n").front().starts_with("f:"));
  CHECK(Read("a: &x 1\nb: *x\n") == Lines{"f:2: aliases are not supported; write the value out"});
  CHECK(Read("a: 1\n---\nb: 2\n") == Lines{"f:2: a second document"});
  CHECK(Read("just text") == Lines{"f:1: expected settings, found a single value"});
  CHECK(Read("? [a]\n: b\n") == Lines{"f:1: a name must be text"});
  CHECK(Read(std::string(1000, '[')).front() == "f:1: nested too deeply");
  CHECK(Read("").empty());
  CHECK(Read("a: \"\xff\"\n").front().starts_with("f:"));
}

}  // namespace dbxes::config
