// SPDX-License-Identifier: Apache-2.0
#include "connector/connector_form.h"

#include <doctest/doctest.h>

#include <string>

namespace dbxes::connector {
namespace {

// "key (label): kind text", one a line.
std::string Form(const std::string& configuration) {
  StoredDocument connector;
  connector.id = "c1";
  connector.source.Parse((R"({"configuration":)" + configuration + "}").c_str());
  REQUIRE(!connector.source.HasParseError());
  std::string text;
  for (const auto& field : FormOf(connector).fields) {
    text += field.key + " (" + field.label + "): " + field.value.text + "\n";
  }
  return text;
}

TEST_CASE("numbers and switches are read however a program wrote them") {
  CHECK(Form(R"({"a":{"label":"A","value":"3"}})") == "a (A): 3\n");
  CHECK(Form(R"({"a":{"label":"A","value":3}})") == "a (A): 3\n");
  CHECK(Form(R"({"a":{"label":"A","value":3.0}})") == "a (A): 3\n");
  CHECK(Form(R"({"a":{"label":"A","value":2.5}})") == "a (A): 2.5\n");
  CHECK(Form(R"({"a":{"label":"A","value":-7}})") == "a (A): -7\n");
  CHECK(Form(R"({"a":{"label":"A","value":1e300}})").starts_with("a (A): 1e+300"));
  CHECK(Form(R"({"a":{"label":"A","value":true}})") == "a (A): true\n");
  CHECK(Form(R"({"a":{"label":"A","value":"false"}})") == "a (A): false\n");
  CHECK(Form(R"({"a":{"label":"A","value":{}}})") == "a (A): an object\n");
  CHECK(Form(R"({"a":{"label":"A","value":[1]}})") == "a (A): a list\n");
}

TEST_CASE("a field that is empty has no value") {
  for (const char* field : {R"({"value":""})", R"({"value":null})", "{}", "7", "null"}) {
    CHECK(Form(std::string(R"({"a":)") + field + "}").empty());
  }
  CHECK(Form("{}").empty());
  CHECK(Form("null").empty());
  CHECK(Form(R"({"a":{"value":"x"}})") == "a (a): x\n");
}

}  // namespace
}  // namespace dbxes::connector
