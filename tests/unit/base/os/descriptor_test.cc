// SPDX-License-Identifier: Apache-2.0
#include "base/os/descriptor.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <utility>

namespace dbxes {
namespace {

bool IsOpen(int number) { return ::fcntl(number, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed once, by its last owner") {
  int number = -1;
  {
    Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    REQUIRE(first.is_open());
    number = first.get();
    Descriptor second(std::move(first));
    CHECK_FALSE(first.is_open());
    CHECK(second.get() == number);
    Descriptor third;
    third = std::move(second);
    CHECK(third.get() == number);
    CHECK(IsOpen(number));
  }
  CHECK_FALSE(IsOpen(number));
  CHECK_FALSE(Descriptor(-1).is_open());
}

}  // namespace dbxes
