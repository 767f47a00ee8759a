// SPDX-License-Identifier: Apache-2.0
#include "sync/outlet/text_sample.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>

namespace dbxes::sync {
namespace {

std::set<std::string> Choose(std::size_t most, std::uint64_t seed, int files) {
  TextSample sample(most, seed);
  for (int i = 0; i < files; ++i) {
    if (SampledFile* const file = sample.Offer()) file->id = fmt::format("{}", i);
  }
  std::set<std::string> ids;
  for (const SampledFile& file : sample.Take()) ids.insert(file.id);
  return ids;
}

}  // namespace

TEST_CASE("a sample has as many files as wanted, or all that there are") {
  CHECK(Choose(5, 1, 0).empty());
  CHECK(Choose(5, 1, 3).size() == 3);
  CHECK(Choose(5, 1, 5).size() == 5);
  CHECK(Choose(5, 1, 1000).size() == 5);
}

TEST_CASE("another seed chooses other files, and the same one the same") {
  CHECK(Choose(20, 1, 1000) == Choose(20, 1, 1000));
  CHECK(Choose(20, 1, 1000) != Choose(20, 2, 1000));
}

TEST_CASE("each file has the same chance, the first and the last one") {
  int first = 0;
  int last = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto ids = Choose(10, seed, 40);
    first += ids.contains("0") ? 1 : 0;
    last += ids.contains("39") ? 1 : 0;
  }
  // A quarter of 2000, within five standard deviations.
  for (const int times : {first, last}) CHECK((times > 400 && times < 600));
}

}  // namespace dbxes::sync
