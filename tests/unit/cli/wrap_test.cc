// SPDX-License-Identifier: Apache-2.0
#include "cli/wrap.h"

#include <doctest/doctest.h>

namespace dbxes::cli {

TEST_CASE("text is wrapped before column 80 and indented") {
  const std::string word(30, 'x');
  CHECK(Wrap(word + " " + word + " " + word, 0, 0) == word + " " + word + "\n" + word + "\n");
  CHECK(Wrap(word + " " + word, 32, 32) == word + "\n" + std::string(32, ' ') + word + "\n");
  // A word that fits nowhere stands alone.
  CHECK(Wrap(std::string(100, 'y') + " z", 0, 0) == std::string(100, 'y') + "\nz\n");
  CHECK(Wrap("", 0, 0) == "\n");
}

}  // namespace dbxes::cli
