// SPDX-License-Identifier: Apache-2.0
// The headers and footers of sheets are texts with codes for fonts, numbers of pages and so on
// (ECMA-376, part 1: oddHeader).
#pragma once

#include <string>
#include <string_view>

namespace dbxes::parsers {

// The text alone. Its sections are separated by tabs.
std::string WithoutHeaderCodes(std::string_view header);

}  // namespace dbxes::parsers
