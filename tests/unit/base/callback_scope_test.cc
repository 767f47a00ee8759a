// SPDX-License-Identifier: Apache-2.0
#include "base/callback_scope.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace dbxes {

TEST_CASE("a callback runs while its scope is there, and no longer") {
  auto scope = std::make_unique<CallbackScope>();
  std::string seen;
  const std::function<void(std::string)> callback =
      scope->Bind([&seen](std::string text) { seen += std::move(text); });
  callback("a");
  const auto copy = callback;
  copy("b");
  scope.reset();
  callback("c");
  copy("d");
  CHECK(seen == "ab");
}

TEST_CASE("a callback may end its own scope") {
  auto scope = std::make_unique<CallbackScope>();
  int calls = 0;
  const std::function<void()> callback = scope->Bind([&] {
    ++calls;
    scope.reset();
  });
  callback();
  callback();
  CHECK(calls == 1);
}

}  // namespace dbxes
