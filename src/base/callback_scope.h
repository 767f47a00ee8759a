// SPDX-License-Identifier: Apache-2.0
// Callbacks that may outlive the object they belong to, such as the answer to a request that is
// still under way at shutdown.
#pragma once

#include <memory>
#include <utility>

namespace dbxes {

// A member of the object that its callbacks use. Once it is destroyed, they do nothing. Not for use
// by several threads.
class CallbackScope {
 public:
  CallbackScope() = default;
  ~CallbackScope() { *open_ = false; }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;

  // `action`, which returns nothing, with any arguments, for as long as the scope is there.
  template <class Action>
  auto Bind(Action action) const {
    return [open = open_, action = std::move(action)](auto&&... arguments) {
      if (*open) action(std::forward<decltype(arguments)>(arguments)...);
    };
  }

 private:
  std::shared_ptr<bool> open_ = std::make_shared<bool>(true);
};

}  // namespace dbxes
