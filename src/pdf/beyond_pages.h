// SPDX-License-Identifier: Apache-2.0
// The words of a PDF that are on none of its pages.
#pragma once

#include <string>
#include <vector>

#include "pdf/poppler_object.h"

namespace dbxes::pdf {

// The titles of the bookmarks, in their order (12.3.3).
std::vector<std::string> BookmarksOf(const Object& catalog);

}  // namespace dbxes::pdf
