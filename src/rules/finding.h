// SPDX-License-Identifier: Apache-2.0
// What is wrong with a rules file, and where: all of it in one pass, for people and for programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dbxes::rules {

struct TextPlace {
  std::size_t line = 0;    // from 1; 0 for the file as a whole
  std::size_t column = 0;  // in characters, from 1
};

struct Finding {
  enum class Severity : std::uint8_t { kError, kWarning };
  Severity severity = Severity::kError;
  TextPlace place;
  std::string pointer;               // JSON pointer of the value; "" for the whole file
  std::string message;               // what is wrong and what to do
  std::vector<std::string> allowed;  // the values to choose from, if it is such a choice
};

// Keeps the first few and counts them all: a file of nothing but mistakes must not fill the memory.
class Findings {
 public:
  static constexpr std::size_t kMostKept = 1000;

  void Add(Finding finding);
  // In the order of their places.
  const std::vector<Finding>& Sorted();
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  std::size_t dropped() const { return errors_ + warnings_ - kept_.size(); }

 private:
  std::vector<Finding> kept_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

}  // namespace dbxes::rules
