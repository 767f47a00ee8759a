// SPDX-License-Identifier: Apache-2.0
// The version of this build.
#pragma once

#include <string_view>

namespace dbxes {

inline constexpr std::string_view kVersion = DBXES_VERSION;

}  // namespace dbxes
