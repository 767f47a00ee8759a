// SPDX-License-Identifier: Apache-2.0
// Thousands of damaged rules files: reading one never crashes, and either there is an error or the
// rules can be used.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "json_document.h"
#include "rules/rule_file.h"
#include "rules/rule_matcher.h"

namespace dbxes::rules {
namespace {

const std::vector<std::string>& Seeds() {
  static const std::vector<std::string> seeds{
      R"([{"id":"1","policy":"exclude","field":"name","rule":"regex","value":"a(b|c)+\\d$","order":1},
          {"id":"DEFAULT","policy":"include","field":"_","rule":"regex","value":".*","order":0}])",
      R"([{"query":"x","options":{"path":"/a","max_results":"10","order_by":{".tag":"relevance"},
          "file_status":{".tag":"active"},"filename_only":true,"file_extensions":["pdf"],
          "file_categories":[{".tag":"paper"}],"account_id":"dbid:1"},
          "match_field_options":{"include_highlights":false}}])",
      R"({"filtering":[{"domain":"DEFAULT","active":{"rules":[{"id":"a","policy":"include",
          "field":"size","rule":">","value":"1e3","order":-1.5}],"advanced_snippet":
          {"value":[{"query":"\ud83d\ude00"}]}},"draft":{}}]})",
  };
  return seeds;
}

std::string Mutate(std::string text, std::mt19937_64& random) {
  static const std::vector<std::string> pieces{"[",
                                               "]",
                                               "{",
                                               "}",
                                               "\"",
                                               ",",
                                               ":",
                                               "null",
                                               "true",
                                               "1e999",
                                               "NaN",
                                               "\\ud800",
                                               "\\u0000",
                                               "\xEF\xBB\xBF",
                                               "\xff",
                                               "(((",
                                               "(?",
                                               "{99}",
                                               std::string(1, '\0'),
                                               "\"rules\":",
                                               "\"id\":\"1\""};
  for (std::size_t edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random() % text.size();
    switch (random() % 5) {
      case 0:
        text.erase(at, 1 + random() % 9);
        break;
      case 1:
        text.insert(at, pieces[random() % pieces.size()]);
        break;
      case 2:
        text[at] = static_cast<char>(random());
        break;
      case 3:
        text.insert(at, text.substr(random() % text.size(), random() % 40));
        break;
      default:
        text.resize(at);
        break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("damaged rules files do no harm") {
  const JsonDocument document(R"({"name":"ab1","size":5,"_timestamp":"2026-01-01T00:00:00Z"})");
  std::mt19937_64 random(20260131);
  std::size_t usable = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = Mutate(Seeds()[random() % Seeds().size()], random);
    CAPTURE(text);
    RuleFile file = ReadRules(text);
    for (const Finding& finding : file.findings.Sorted()) {
      CHECK_FALSE(FormatFinding(finding, "f").empty());
      CHECK(finding.place.line > 0);
    }
    if (file.findings.errors() > 0) {
      ++refused;
      continue;
    }
    ++usable;
    RuleMatcher(file.rules).Decide(document.Fields());
    CHECK_FALSE(FingerprintOf(file.rules).empty());
  }
  // Both happen, or the test would say nothing.
  CHECK(usable > 50);
  CHECK(refused > 1000);
}

}  // namespace dbxes::rules
