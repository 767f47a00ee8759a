// SPDX-License-Identifier: Apache-2.0
// Any odd answer, anywhere. DBX_ES_ANY_ANSWERS sets how many seeds are played (1,000);
// DBX_ES_ANY_ANSWER_SEED plays one.
#include "faults/any_answer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "faults/odd_answers.h"
#include "support/seeds.h"

namespace dbxes {
namespace {

constexpr std::uint64_t kSeeds = 1000;

}  // namespace

TEST_CASE("any odd answer, anywhere, some times or for ever") {
  REQUIRE(OddAnswers() >= 60);
  const std::uint64_t only = NumberFromEnvironment("DBX_ES_ANY_ANSWER_SEED", 0);
  if (only != 0) {
    CHECK(AnyAnswer(only).Play() == "");
    return;
  }
  const std::uint64_t seeds = NumberFromEnvironment("DBX_ES_ANY_ANSWERS", kSeeds);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("replay with DBX_ES_ANY_ANSWER_SEED=" << seed);
    CHECK(AnyAnswer(seed).Play() == "");
  }
}

}  // namespace dbxes
