// SPDX-License-Identifier: Apache-2.0
// Why the index lacks what somebody looks for.
#pragma once

#include <string_view>

#include "base/error.h"
#include "config/config.h"

namespace dbxes::cli {

// `error` about a path that the index lacks (kNotFound), with the pattern of the settings that
// leaves it out, if one does. Other errors, and ids, stay as they are.
Error WithPattern(Error error, const config::Config& config, std::string_view path);

}  // namespace dbxes::cli
