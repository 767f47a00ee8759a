// SPDX-License-Identifier: Apache-2.0
// Fonts that a page uses and does not have: poppler draws nothing of a text without a font, though
// its letters mostly are what they seem.
#pragma once

#include <Object.h>
#include <Page.h>
#include <XRef.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace dbxes::pdf {

class MissingFonts {
 public:
  // What poppler reports while it reads a page.
  void OnError(std::string_view message);

  // Gives the page a font with Latin letters for each that it lacked since the last call. Returns
  // its resources as they were, to be put back: other pages may have the same. Nothing if it lacked
  // none: the page need not be read again.
  std::optional<Object> GiveTo(Page& page, XRef* file);

 private:
  std::set<std::string> names_;
};

// Whether what a page has more with these fonts is mostly letters: the fonts of some programs
// number the letters as they like.
bool GainsWords(std::string_view without, std::string_view with);

}  // namespace dbxes::pdf
