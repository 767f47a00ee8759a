// SPDX-License-Identifier: Apache-2.0
// A cluster in memory whose searches of the content index are answered by the test.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json.h"
#include "permissions/identity.h"
#include "unit/elastic/world.h"

namespace dbxes::find {

struct FindWorld : elastic::World {
  FindWorld() {
    network.Route(std::string(elastic::kHost) + "/docs/_search",
                  [this](const FakeRequest& request) {
                    searches.push_back(request.body);
                    targets.push_back(request.target);
                    if (answers.empty())
                      return FakeAnswer::Json(200, R"({"hits":{"total":{"value":0}}})");
                    FakeAnswer answer = std::move(answers.front());
                    answers.pop_front();
                    return answer;
                  });
  }

  void Answer(std::string body, int status = 200) {
    answers.push_back(FakeAnswer::Json(status, std::move(body)));
  }
  void AnswerHits(const std::string& hits) {
    Answer(R"({"timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":12,)"
           R"("relation":"eq"},"hits":[)" +
           hits + "]}}");
  }
  void AnswerRefused(const std::string& reason) {
    Answer(R"({"error":{"type":"x_content_parse_exception","reason":")" + reason +
               R"("},"status":400})",
           400);
  }
  void AddPerson(const permissions::Identity& person) {
    elastic.Put(".search-acl-filter-docs", person.email,
                permissions::IdentityDocument(person, "2026-08-05T10:00:00Z", true));
  }
  // The request of a search that was sent, parsed.
  rapidjson::Document Search(std::size_t number) const {
    return ParseJson(searches.at(number), "a search").value();
  }

  std::deque<FakeAnswer> answers;
  std::vector<std::string> searches;
  std::vector<std::string> targets;
};

inline permissions::Identity Ann() {
  permissions::Identity ann;
  ann.email = "Ann@example.com";
  ann.account_id = "dbid:ann";
  ann.display_name = "Ann";
  ann.other_emails = {"ann@other.example"};
  ann.groups = {"g1"};
  return ann;
}

}  // namespace dbxes::find
