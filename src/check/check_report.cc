// SPDX-License-Identifier: Apache-2.0
#include "check/check_report.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dbxes::check {
namespace {

std::string AdviceFor(const Error& error) {
  switch (ExitCodeFor(error)) {
    case ExitCode::kUnavailable:
      return "check the address, the network, proxies and firewalls, and try again";
    case ExitCode::kAuthorization:
      return "compare the credential with the one that the service shows, or get a new one";
    default:
      return "";
  }
}

}  // namespace

std::string_view ToString(CheckLine::Status status) {
  switch (status) {
    case CheckLine::Status::kOk:
      return "ok";
    case CheckLine::Status::kWarning:
      return "warning";
    case CheckLine::Status::kProblem:
      return "problem";
  }
  return "";
}

void CheckReport::Ok(std::string_view name, std::string message) {
  lines_.push_back({CheckLine::Status::kOk, std::string(name), std::move(message), "", {}});
}

void CheckReport::Warn(std::string_view name, std::string message, std::string advice) {
  lines_.push_back(
      {CheckLine::Status::kWarning, std::string(name), std::move(message), std::move(advice), {}});
}

void CheckReport::Problem(std::string_view name, ExitCode code, std::string message,
                          std::string advice) {
  lines_.push_back({CheckLine::Status::kProblem, std::string(name), std::move(message),
                    std::move(advice), code});
}

void CheckReport::Problem(std::string_view name, const Error& error, std::string advice) {
  Problem(name, ExitCodeFor(error), error.ToLine(),
          advice.empty() ? AdviceFor(error) : std::move(advice));
}

ExitCode CheckReport::code() const {
  constexpr std::array kWorstFirst{ExitCode::kInterrupted,   ExitCode::kTerminated,
                                   ExitCode::kConfiguration, ExitCode::kAuthorization,
                                   ExitCode::kUnavailable,   ExitCode::kLocked,
                                   ExitCode::kFailed,        ExitCode::kDocumentsFailed};
  for (const ExitCode code : kWorstFirst) {
    const bool found = std::any_of(lines_.begin(), lines_.end(), [code](const CheckLine& line) {
      return line.status == CheckLine::Status::kProblem && line.code == code;
    });
    if (found) return code;
  }
  return ExitCode::kOk;
}

}  // namespace dbxes::check
