// SPDX-License-Identifier: Apache-2.0
// How dbx-es names itself in HTTP requests.
#pragma once

#include <string>

#include "base/version.h"

namespace dbxes::cli {

inline std::string UserAgent() { return "dbx-es/" + std::string(kVersion); }

}  // namespace dbxes::cli
