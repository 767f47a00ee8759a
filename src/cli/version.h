// SPDX-License-Identifier: Apache-2.0
// The version of this build, and its date. The date belongs to the version, not to the build, so
// that generated pages repeat; change it when the version changes.
#pragma once

#include <string>
#include <string_view>

namespace dbxes::cli {

inline constexpr std::string_view kVersion = DBXES_VERSION;

// For HTTP requests.
inline std::string UserAgent() { return "dbx-es/" + std::string(kVersion); }

// For manual pages.
inline constexpr std::string_view kVersionDate = "November 23, 2026";

}  // namespace dbxes::cli
