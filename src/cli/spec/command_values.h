// SPDX-License-Identifier: Apache-2.0
// The values of a command's own flags and arguments, as the user typed them. The command reads them
// by the names in its CommandSpec.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dbxes::cli {

class CommandValues {
 public:
  void Set(std::string flag, std::string text) { flags_[std::move(flag)] = std::move(text); }
  void AddArgument(std::string argument) { arguments_.push_back(std::move(argument)); }

  // Whether the flag was given.
  bool Has(std::string_view flag) const { return flags_.find(flag) != flags_.end(); }
  // The value of a flag, `otherwise` if it was not given.
  std::string Text(std::string_view flag, std::string_view otherwise = "") const {
    const auto found = flags_.find(flag);
    return found == flags_.end() ? std::string(otherwise) : found->second;
  }
  // The positional argument at `index`, "" if it was not given.
  std::string Argument(std::size_t index) const {
    return index < arguments_.size() ? arguments_[index] : "";
  }
  const std::vector<std::string>& arguments() const { return arguments_; }

 private:
  std::map<std::string, std::string, std::less<>> flags_;
  std::vector<std::string> arguments_;
};

}  // namespace dbxes::cli
