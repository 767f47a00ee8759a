// SPDX-License-Identifier: Apache-2.0
// The result of check: one line for each thing that was tested, with advice on problems. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/exit_code.h"

namespace dbxes::check {

struct CheckLine {
  enum class Status { kOk, kWarning, kProblem };
  Status status = Status::kOk;
  std::string name;     // what was tested: "token", "privilege index"
  std::string message;  // the finding
  std::string advice;   // how to fix it; "" if nothing is wrong
  ExitCode code = ExitCode::kOk;
};
std::string_view ToString(CheckLine::Status status);  // "ok", "warning", "problem"

class CheckReport {
 public:
  void Ok(std::string_view name, std::string message);
  void Warn(std::string_view name, std::string message, std::string advice);
  void Problem(std::string_view name, ExitCode code, std::string message, std::string advice);
  // The test itself failed. Without `advice` the kind of error decides on it.
  void Problem(std::string_view name, const Error& error, std::string advice = "");

  const std::vector<CheckLine>& lines() const { return lines_; }
  // Of the worst line: what the user has to fix on this machine comes first, then credentials, then
  // services that may be back soon.
  ExitCode code() const;

 private:
  std::vector<CheckLine> lines_;
};

}  // namespace dbxes::check
