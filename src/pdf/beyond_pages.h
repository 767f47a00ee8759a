// SPDX-License-Identifier: Apache-2.0
// The words of a PDF that are on none of its pages. Targets of links and names of form fields are
// no words that people search for.
#pragma once

#include <string>
#include <vector>

#include "pdf/poppler_object.h"

class PDFDoc;

namespace dbxes::pdf {

// Notes, highlights and other marks with a text (ISO 32000-2, 12.5.6), by page. What poppler draws
// on the page itself, such as free text, is left out.
std::vector<std::string> CommentsOf(PDFDoc& file);

// The titles of the bookmarks, in their order (12.3.3).
std::vector<std::string> BookmarksOf(const Object& catalog);

}  // namespace dbxes::pdf
