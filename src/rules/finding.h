// SPDX-License-Identifier: Apache-2.0
// What is wrong with a rules file, and where. One pass finds everything.
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
  std::vector<std::string> allowed;  // the allowed values, where there is a choice
};

// Keeps the first findings and counts all of them, so that a file full of mistakes does not fill
// the memory.
class Findings {
 public:
  static constexpr std::size_t kMostKept = 1000;

  void Add(Finding finding);
  // Ordered by place.
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
