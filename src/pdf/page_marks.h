// SPDX-License-Identifier: Apache-2.0
// The words in the marks on a page (annotations, ISO 32000-2, 12.5): comments, and what people have
// typed into the page. Targets of links and names of form fields are no words that people search
// for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/poppler_object.h"

namespace dbxes::pdf {

// Of one document, page by page.
class PageMarks {
 public:
  // The texts of a page's marks, in their order. Before a comment is who wrote it, unless the
  // comment before it is by the same person. What is typed into a form field or as free text is
  // drawn on the page, so it is left out if `page_text` has it: not all of it may fit its
  // rectangle or be in its font. Passwords and what is hidden are left out.
  std::vector<std::string> Of(const Object& annotations, std::string_view page_text);

 private:
  // The white space of both is reduced to single blanks.
  void AddUnlessDrawn(const std::string& text, std::string& drawn);
  void Add(std::string text);
  void AddAuthor(const Object& mark);

  std::vector<std::string> texts_;  // of the page
  std::string author_;              // of the comment before
  std::size_t count_ = 0;
  std::size_t marks_ = 0;  // that might be drawn
};

}  // namespace dbxes::pdf
