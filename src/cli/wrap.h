// SPDX-License-Identifier: Apache-2.0
// Breaks text into lines of less than 80 columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dbxes::cli {

// The words of `text`, with a line break at the end. The first line continues at column
// `column`; the others are indented by `indent`.
std::string Wrap(std::string_view text, std::size_t column, std::size_t indent);

}  // namespace dbxes::cli
