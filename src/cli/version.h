// SPDX-License-Identifier: Apache-2.0
// The version of this build.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::cli {

inline constexpr std::string_view kVersion = DBXES_VERSION;

// For HTTP requests.
inline std::string UserAgent() { return "dbx-es/" + std::string(kVersion); }

}  // namespace dbxes::cli
