// SPDX-License-Identifier: Apache-2.0
// The text of a form in XFA (XML Forms Architecture 3.3), whose only page often says "Please wait".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "pdf/poppler_object.h"

namespace dbxes::pdf {

// Its XML; "" if the document has no such form.
std::string FormOf(const Object& catalog);

// The texts of its template and the values of its data. `damaged` becomes true if the XML breaks
// off.
std::string FormTextOf(std::string_view xml, std::size_t max_bytes, bool& damaged);

}  // namespace dbxes::pdf
