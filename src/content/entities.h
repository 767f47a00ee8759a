// SPDX-License-Identifier: Apache-2.0
// Character references of HTML and XML: "&amp;", "&#233;", "&#xe9;".
#pragma once

#include <string>
#include <string_view>

namespace dbxes::content {

// Appends the text with its references resolved, as browsers do in text (WHATWG HTML, 13.2.5.72):
// all names of the standard, those of HTML 2 also without a semicolon. What is none stays as it is.
void AppendResolved(std::string_view text, std::string& out);

}  // namespace dbxes::content
