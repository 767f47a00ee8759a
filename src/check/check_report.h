// SPDX-License-Identifier: Apache-2.0
// What check found: one line for each thing, and a way out where one is needed. No I/O.
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
  std::string name;     // of the thing: "token", "privilege index"
  std::string message;  // how it is
  std::string advice;   // the way out; "" when it is right
  ExitCode code = ExitCode::kOk;
};
std::string_view ToString(CheckLine::Status status);  // "ok", "warning", "problem"

class CheckReport {
 public:
  void Ok(std::string_view name, std::string message);
  void Warn(std::string_view name, std::string message, std::string advice);
  void Problem(std::string_view name, ExitCode code, std::string message, std::string advice);
  // What went wrong when it was looked at. Without `advice` one that fits the kind of error.
  void Problem(std::string_view name, const Error& error, std::string advice = "");

  const std::vector<CheckLine>& lines() const { return lines_; }
  // Of the worst line: what a person has to mend here counts before what a person has to mend
  // elsewhere, and that before what may pass by itself.
  ExitCode code() const;

 private:
  std::vector<CheckLine> lines_;
};

}  // namespace dbxes::check
