// SPDX-License-Identifier: Apache-2.0
// What an exploited parser would try, from within its confinement.
#pragma once

#include <string>

namespace dbxes::parsers {

inline constexpr char kMisdeedCommand[] = "misdeed";

// Confines this process as `where` says ("worker", "reader" or "pdf") and tries `deed`. The exit
// status is kDone where it succeeded, kRefused where it merely failed.
int RunMisdeed(const std::string& where, const std::string& deed);

inline constexpr int kDone = 10;
inline constexpr int kRefused = 11;

}  // namespace dbxes::parsers
