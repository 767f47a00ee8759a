// SPDX-License-Identifier: Apache-2.0
// Advanced rules: the arguments of a search.
#include <doctest/doctest.h>

#include <string>

#include "rules/rule_readers.h"
#include "rules/rules_text.h"

namespace dbxes::rules {

TEST_CASE("the options of a search are held to what Dropbox accepts") {
  const auto first = [](const std::string& options) {
    const Lines lines = FindingsOf(R"([{"query":"x","options":{)" + options + "}}]");
    return lines.empty() ? std::string()
                         : lines[0].substr(lines[0].find("error") == std::string::npos
                                               ? lines[0].find("warning")
                                               : lines[0].find("error"));
  };
  CHECK(first(R"("file_categories":[{".tag":"png"}])") ==
        "error: /0/options/file_categories/0/.tag: Dropbox does not accept \"png\" here (allowed: "
        "image, "
        "document, pdf, spreadsheet, presentation, audio, video, folder, paper, others)");
  CHECK(first(R"("file_categories":["pdf"])") ==
        "error: /0/options/file_categories/0: must be an object, not a string");
  CHECK(first(R"("file_categories":[{}])") ==
        "error: /0/options/file_categories/0: the member \".tag\" is missing");
  CHECK(first(R"("file_categories":[])").find("at least one element") != std::string::npos);
  CHECK(first(R"("file_extensions":[])").find("at least one element") != std::string::npos);
  CHECK(first(R"("file_extensions":"pdf")").find("must be an array") != std::string::npos);
  CHECK(first(R"("file_extensions":[".pdf"])").find("warning") == 0);
  CHECK(first(R"("file_extensions":["pdf"],"file_categories":[{".tag":"pdf"}])")
            .find("warning: /0/options/file_extensions: has no effect") == 0);
  CHECK(first(R"("path":"a")").find("begins with a slash") != std::string::npos);
  CHECK(first(R"("path":"")") == "error: /0/options/path: must not be empty");
  CHECK(first(R"("path":"/","max_results":1000)") == "");
  CHECK(first(R"("max_results":"100")") == "");
  CHECK(first(R"("max_results":0)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":1001)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":1.5)").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("max_results":"many")").find("from 1 to 1000") != std::string::npos);
  CHECK(first(R"("order_by":{".tag":"last_modified_time"})") == "");
  CHECK(first(R"("order_by":{".tag":"size"})").find("not accept \"size\"") != std::string::npos);
  CHECK(first(R"("file_status":{".tag":"active"})") == "");
  CHECK(first(R"("file_status":{".tag":"deleted"})").find("cannot be indexed") !=
        std::string::npos);
  CHECK(first(R"("filename_only":"yes")").find("must be true or false") != std::string::npos);
  CHECK(first(R"("account_id":"dbid:x","filename_only":true)") == "");
  CHECK(first(R"("extension":"pdf")").find("unknown member") != std::string::npos);
}

TEST_CASE("searches are checked as a whole") {
  CHECK(FindingsOf(R"([{"query":""}])") == Lines{":1:11: error: /0/query: must not be empty"});
  CHECK(FindingsOf(R"([{"options":{}}])") ==
        Lines{":1:2: error: /0: the member \"query\" is missing"});
  CHECK(FindingsOf(R"([{"query":")" + std::string(1001, 'x') + R"("}])").size() == 1);
  CHECK(FindingsOf(R"([{"query":")" + std::string(1000, 'x') + R"("}])").empty());
  CHECK(FindingsOf("[{\"query\":\"x\"},\n{\"query\":\"x\",\"options\":{}}]") ==
        Lines{":2:1: error: /1: the same search is already in line 1 (/0)"});
  CHECK(FindingsOf(R"([{"query":"x","match_field_options":{"include_highlights":true}}])").size() ==
        1);
}

TEST_CASE("the examples of the connector's documentation") {
  CHECK(FindingsOf(R"([{"query": "confidential"}, {"query": "dropbox"}])").empty());
  CHECK(FindingsOf(R"([{"query": "dropbox", "options": {"file_extensions": ["txt", "pdf"]}}])")
            .empty());
  // This one names a category that Dropbox does not have.
  CHECK(FindingsOf(R"([{"query": "test", "options": {"file_categories":
                      [{".tag": "paper"}, {".tag": "png"}]}}])")
            .size() == 1);
}

}  // namespace dbxes::rules
