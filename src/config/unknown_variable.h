// SPDX-License-Identifier: Apache-2.0
// Environment variables that look like settings and are none.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dbxes::config {

// The warning about the variable `name`, which is none of the `known`; "" if it is somebody else's.
// Container platforms and our own tests have other variables that begin with DBX_ES_: one of a
// section is meant as a setting, unless it describes a service of that name; of the others, only a
// near miss is.
std::string UnknownVariable(std::string_view name, std::string_view value,
                            std::span<const std::string> known);

}  // namespace dbxes::config
