// SPDX-License-Identifier: Apache-2.0
// Character references of HTML and XML: "&amp;", "&#233;", "&#xe9;".
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

// Appends the text with its references resolved. What is no reference, or names a character that is
// not in the table of common ones, stays as it is.
void AppendResolved(std::string_view text, std::string& out);

}  // namespace dbxes::content
