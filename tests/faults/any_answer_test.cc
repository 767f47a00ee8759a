// SPDX-License-Identifier: Apache-2.0
// Any odd answer, anywhere. DBX_ES_ANY_ANSWERS sets how many seeds are played (1,000);
// DBX_ES_ANY_ANSWER_SEED plays one.
#include "faults/any_answer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "faults/odd_answers.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kSeeds = 1000;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("any odd answer, anywhere, some times or for ever") {
  REQUIRE(OddAnswers() >= 60);
  const std::uint64_t only = FromEnvironment("DBX_ES_ANY_ANSWER_SEED", 0);
  if (only != 0) {
    CHECK(AnyAnswer(only).Play() == "");
    return;
  }
  const std::uint64_t seeds = FromEnvironment("DBX_ES_ANY_ANSWERS", kSeeds);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("replay with DBX_ES_ANY_ANSWER_SEED=" << seed);
    CHECK(AnyAnswer(seed).Play() == "");
  }
}

}  // namespace dbxes
