// SPDX-License-Identifier: Apache-2.0
// The fingerprint follows the meaning of the rules and nothing else.
#include "rules/rule_set.h"

#include <doctest/doctest.h>

#include "rules/rule_file.h"

namespace dbxes::rules {
namespace {

std::string Fingerprint(std::string_view text) {
  const RuleFile file = ReadRules(text);
  REQUIRE(file.findings.errors() == 0);
  return FingerprintOf(file.rules);
}

constexpr char kOne[] =
    R"([{"id":"1","policy":"exclude","field":"name","rule":"equals","value":"a","order":1}])";
constexpr char kSearch[] = R"([{"query":"x","options":{"file_extensions":["pdf","txt"]}}])";

}  // namespace

TEST_CASE("rules that mean the same have one fingerprint") {
  CHECK(Fingerprint(kOne) ==
        Fingerprint(
            R"([ {"order": 7, "id":"other", "created_at":"2026-01-01", "policy":"Exclude",
                  "field":"name", "rule":"equals", "value":"a"},
                 {"id":"DEFAULT","policy":"include","field":"_","rule":"regex","value":".*","order":0} ])"));
  CHECK(
      Fingerprint(kSearch) ==
      Fingerprint(
          R"([{"options":{"file_extensions":["txt","pdf"],"max_results":5,"path":"/"},"query":"x"}])"));
  for (
      const char* none :
      {"[]", R"({"rules":[]})", R"({"advanced_snippet":{"value":{}}})",
       R"([{"id":"DEFAULT","policy":"include","field":"_","rule":"regex","value":".*","order":0}])"}) {
    CHECK(Fingerprint(none) == "none");
  }
}

TEST_CASE("rules that mean something else have another") {
  for (
      const char* other :
      {R"([{"id":"1","policy":"include","field":"name","rule":"equals","value":"a","order":1}])",
       R"([{"id":"1","policy":"exclude","field":"type","rule":"equals","value":"a","order":1}])",
       R"([{"id":"1","policy":"exclude","field":"name","rule":"contains","value":"a","order":1}])",
       R"([{"id":"1","policy":"exclude","field":"name","rule":"equals","value":"b","order":1}])",
       R"([{"id":"DEFAULT","policy":"exclude","field":"_","rule":"regex","value":".*","order":0}])",
       kSearch}) {
    CHECK(Fingerprint(other) != Fingerprint(kOne));
  }
  for (const char* other :
       {R"([{"query":"y","options":{"file_extensions":["pdf","txt"]}}])",
        R"([{"query":"x","options":{"file_extensions":["pdf"]}}])",
        R"([{"query":"x","options":{"file_extensions":["pdf","txt"],"path":"/a"}}])",
        R"([{"query":"x"}])"}) {
    CHECK(Fingerprint(other) != Fingerprint(kSearch));
  }
}

TEST_CASE("the order of basic rules is part of their meaning") {
  const char* ab =
      R"([{"id":"1","policy":"exclude","field":"name","rule":"contains","value":"a","order":1},
          {"id":"2","policy":"include","field":"name","rule":"contains","value":"b","order":2}])";
  const char* ba =
      R"([{"id":"1","policy":"exclude","field":"name","rule":"contains","value":"a","order":3},
          {"id":"2","policy":"include","field":"name","rule":"contains","value":"b","order":2}])";
  CHECK(Fingerprint(ab) != Fingerprint(ba));
}

TEST_CASE("the fingerprint says how many rules there are") {
  CHECK(Fingerprint(kOne).substr(0, 21) == "1 basic, 0 advanced (");
}

}  // namespace dbxes::rules
