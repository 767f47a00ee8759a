// SPDX-License-Identifier: Apache-2.0
// A number within a given number of brackets.
#pragma once

#include <string>
#include <string_view>

namespace dbxes {

inline std::string Nested(int depth, std::string_view open, std::string_view close) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  text += "1";
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

}  // namespace dbxes
